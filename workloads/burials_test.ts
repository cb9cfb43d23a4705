import { assertEquals } from "@std/assert";
import type { Composition } from "../pools/composition.ts";
import { Burials } from "./burials.ts";

/**
 * Burials of a composition that notes what is asked of it; `isFree` says whether nobody but some who are dead has anything, `onRecover` is called
 * when it is to put something right.
 */
function noted(isFree: (dead: readonly number[]) => boolean, onRecover = () => {}) {
  const asked: string[] = [];
  const composition = {
    undisturbed(act: () => void, dead: readonly number[]) {
      if (!isFree(dead)) return false;
      act();
      return true;
    },
    pageCache: { drain: () => asked.push("drain") },
    recoverAll(dead: readonly number[], { keep }: { keep: (pool: string, h: number) => boolean }) {
      onRecover();
      asked.push(`recover ${dead} keep ${[1, 2, 3].filter((handle) => keep("pool", handle))}`);
      return dead.map((participant) => ({ participant, unrecovered: [] }));
    },
  } as unknown as Composition;
  const estate = {
    close: (dead: number) => (_: string, handle: number) => handle === dead,
    tend: (isOver: boolean) => void asked.push(isOver ? "tend last" : "tend"),
  };
  return { burials: new Burials({ composition, estate, openedMs: 100 }), asked };
}

Deno.test("Burials puts right at once what a dead worker left, and has what is left over freed in the end", () => {
  const { burials, asked } = noted(() => true);
  assertEquals([burials.goOn(true), asked], [true, []], "nobody is dead");
  burials.add({ worker: 2, atMs: 130 });
  assertEquals([burials.all[0]!.worker, burials.all[0]!.atNs], [2, 3e7]);
  assertEquals(burials.goOn(true), true);
  assertEquals(asked, ["recover 2 keep 2", "tend", "tend last", "drain"]);
});

Deno.test("Burials waits for the news of everybody's death who has something, and buries them together", () => {
  const { burials, asked } = noted((dead) => dead.includes(3));
  burials.add({ worker: 1, atMs: 110 });
  assertEquals([burials.goOn(), asked, burials.areUnderWay], [false, [], true]);
  burials.add({ worker: 3, atMs: 120 });
  assertEquals([asked[0], burials.areUnderWay], ["recover 1,3 keep 1,3", false]);
});

Deno.test("Burials.giveUp() says of who could not be buried why, and of nobody else", () => {
  let isFree = true;
  const { burials } = noted(() => isFree);
  burials.add({ worker: 0, atMs: 110 });
  isFree = false;
  burials.add({ worker: 1, atMs: 120 });
  burials.giveUp("somebody keeps a lock");
  const told = burials.all.map(({ recovery }) => [recovery.participant, recovery.unrecovered]);
  assertEquals(told, [[0, []], [1, ["somebody keeps a lock"]]]);
  assertEquals([burials.areUnderWay, burials.all[1]!.atNs], [false, 2e7]);
});

Deno.test("Burials says of each of the dead by its number that nothing could be put right, and why", () => {
  const { burials } = noted((dead) => dead.length === 2, () => {
    throw new Error("a step of more than 64 stores");
  });
  burials.add({ worker: 1, atMs: 110 });
  burials.add({ worker: 3, atMs: 120 });
  const told = burials.all.map(({ recovery }) => [recovery.participant, recovery.unrecovered]);
  const why = "it could not be put right: a step of more than 64 stores";
  assertEquals(told, [[1, [why]], [3, [why]]]);
});

Deno.test("Burials.blame() tells what is found missing in the end, of the last who died", () => {
  const { burials } = noted(() => true);
  burials.blame("nobody to blame");
  assertEquals(burials.all, []);
  burials.add({ worker: 1, atMs: 110 });
  burials.add({ worker: 2, atMs: 120 });
  burials.blame("an element is lost");
  const told = burials.all.map(({ recovery }) => recovery.unrecovered);
  assertEquals(told, [[], ["an element is lost"]]);
});
