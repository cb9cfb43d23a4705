/**
 * A worker whose magazine changes its size, and a pool that poisons and lifts its limit, in turns that a schedule gives them.
 *
 * @module
 */
import { blockOf, LIMIT, ROUNDS } from "../../allocators/front.ts";
import { attachMagazineSize, WINDOW } from "../../allocators/magazine_size.ts";
import type { Region } from "../../sync/mod.ts";
import { attachTurnstile, type Turnstile } from "../../sync/testing/turnstile.ts";
import { attachReserve } from "../reserve.ts";
import type { ReservePlan } from "../reserve_plan.ts";

/** Where the race is. Places are words. */
export interface LimitRace {
  readonly region: Region;
  /** A reserve with M = 1 over the magazine of a single participant. */
  readonly reserve: ReservePlan;
  readonly turnstileAt: number;
  /** Rounds begun, rounds ended. */
  readonly trackAt: number;
}

/** What the worker does in a race. */
export type Change = "grow" | "shrink";

/** The worker. */
export interface Changer {
  readonly turnstile: Turnstile;
  /** Changes the size, in turns. */
  race(change: Change): void;
  /** The size and the limit. */
  found(): { readonly rounds: number; readonly limit: number };
  /** Sets the limit right. */
  heal(): void;
}

/** Attaches the worker. */
export function attachChanger({ region, reserve, turnstileAt }: LimitRace): Changer {
  const { words } = region;
  const turnstile = attachTurnstile(words, turnstileAt, 0);
  const size = attachMagazineSize(region, reserve.front, 0);
  const at = blockOf(reserve.front, 0);
  return {
    turnstile,
    race(change) {
      for (let batch = 1; batch < WINDOW; batch++) size.note(0);
      turnstile.run(() => change === "grow" ? size.note(0) : size.shrink());
    },
    found: () => ({ rounds: words[at + ROUNDS]!, limit: words[at + LIMIT]! }),
    heal: size.heal,
  };
}

/** The pool: takes its only element where it has it, which poisons, and gives it back, which lifts; the other way round where not. */
export function attachPoisoner({ region, reserve: plan, turnstileAt }: LimitRace): () => void {
  const turnstile = attachTurnstile(region.words, turnstileAt, 1);
  const reserve = attachReserve(region, plan, 0);
  const turn = () => reserve.current() === 1 ? reserve.pop() : reserve.give(1);
  return () =>
    turnstile.run(() => {
      turn();
      turn();
    });
}
