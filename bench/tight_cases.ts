/**
 * The loops with nothing in them but the calls: what a compiler can make of a pool that it can see through entirely. No service's
 * loop is one, see `cases.ts`.
 *
 * @module
 */
import { type Case, CASES, ORDER, ORDER_MASK, WORKING_SET } from "./cases.ts";

const lifo: Case = {
  ...CASES.lifo!,
  name: "tight LIFO pair",
  sync(pool, _held, pairs) {
    for (let pair = 0; pair < pairs; pair++) pool.free(pool.allocate());
  },
};

const keep: Case = {
  ...CASES.keep!,
  name: "tight keep 512",
  sync(pool, held, pairs) {
    const elements = WORKING_SET;
    for (let pair = 0; pair < pairs; pair += elements) {
      for (let index = 0; index < elements; index++) pool.free(held[index]!);
      for (let index = 0; index < elements; index++) held[index] = pool.allocate();
    }
  },
};

const random: Case = {
  ...CASES.random!,
  name: "tight random 512",
  sync(pool, held, pairs) {
    const [order, mask] = [ORDER, ORDER_MASK];
    for (let pair = 0; pair < pairs; pair++) {
      const index = order[pair & mask]!;
      pool.free(held[index]!);
      held[index] = pool.allocate();
    }
  },
};

/** Every one by name; those that are awaited are as in {@linkcode CASES}. */
export const TIGHT_CASES: Readonly<Record<string, Case>> = {
  "tight-lifo": lifo,
  "tight-keep": keep,
  "tight-random": random,
};
