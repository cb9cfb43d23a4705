import { assertEquals } from "@std/assert";
import type { Composition } from "../pools/composition.ts";
import { Burials } from "./burials.ts";
import type { Entanglement } from "./entangled.ts";

/** Burials of a composition that notes what is asked of it; `isFree` says whether locks are free but for those of known dead. */
function noted(isFree: (known: ReadonlySet<number>) => boolean) {
  const asked: string[] = [];
  const composition = {
    participant: { visit: (act: () => void) => act() },
    pageCache: { drain: () => asked.push("drain") },
    recoverAll(dead: readonly number[], { keep }: { keep: (pool: string, h: number) => boolean }) {
      asked.push(`recover ${dead} keep ${[1, 2, 3].filter((handle) => keep("pool", handle))}`);
      return dead.map((participant) => ({ participant, unrecovered: [] }));
    },
    check: () => {
      throw new Error("an element is lost");
    },
  } as unknown as Composition;
  const estate = {
    close: (dead: number) => (_: string, handle: number) => handle === dead,
    tend: (isOver: boolean) => void asked.push(isOver ? "tend last" : "tend"),
  };
  const entanglement = { isFree } as unknown as Entanglement;
  return { burials: new Burials({ composition, entanglement, estate, openedMs: 100 }), asked };
}

Deno.test("Burials puts right at once what a dead worker left, and has what is left over freed in the end", () => {
  const { burials, asked } = noted(() => true);
  burials.goOn(true);
  assertEquals(asked, [], "nobody is dead");
  burials.add({ worker: 2, atMs: 130 });
  assertEquals([burials.all[0]!.worker, burials.all[0]!.atNs], [2, 3e7]);
  burials.goOn(true);
  assertEquals(asked, ["recover 2 keep 2", "tend", "tend last", "drain"]);
});

Deno.test("Burials waits for the news of everybody's death who has something, and buries them together", () => {
  const { burials, asked } = noted((known) => known.has(3));
  burials.add({ worker: 1, atMs: 110 });
  burials.goOn();
  assertEquals([asked, burials.areUnderWay], [[], true]);
  burials.add({ worker: 3, atMs: 120 });
  assertEquals([asked[0], burials.areUnderWay], ["recover 1,3 keep 1,3", false]);
});

Deno.test("Burials tells what is found missing in the end, of the last who died", () => {
  const { burials } = noted(() => true);
  burials.check();
  assertEquals(burials.all, []);
  burials.add({ worker: 1, atMs: 110 });
  burials.add({ worker: 2, atMs: 120 });
  burials.check();
  const told = burials.all.map(({ recovery }) => recovery.unrecovered);
  assertEquals(told, [[], ["an element is lost"]]);
});
