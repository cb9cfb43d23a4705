/** Pools over elements that are put together, out of pools and of allocators, with all books kept. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Allocator, ATOMIC, BLOCKING, type Handle, NONE } from "../allocators/allocator.ts";
import { MisuseError } from "../allocators/owner_table.ts";
import { Layout } from "../sync/mod.ts";
import { type CompositionSpec, planComposition } from "./composition_plan.ts";
import { composed } from "./testing/page_pool.ts";
import { made, NESTED, reserves, SPEC } from "./testing/resync_pools.ts";

Deno.test("planComposition() plans pools and allocators in the order in which they stand on one another", () => {
  const { plan } = made();
  assertEquals(plan.allocators.map(({ name }) => name), ["general/128", "bio", "page", "buffer"]);
  assertEquals(plan.pools.map(({ name }) => name), ["requests", "resync"]);
  const { capacity, elementBytes, elementPages } = plan.allocators[3]!.planned;
  assertEquals(
    [capacity, elementBytes, elementPages],
    [20, 2 * 128 + 60 + 3 * 512, 2 / 4 + 1 / 8 + 3],
  );
});

Deno.test("planComposition() refuses parts of nothing, of any size, of a worker's own, and circles", () => {
  const refused = (part: string, allocators: CompositionSpec["allocators"] = {}) => () =>
    planComposition(new Layout(), {
      ...SPEC,
      allocators: {
        ...SPEC.allocators,
        ...allocators,
        buffer: { kind: "composite", parts: [{ of: part, count: 1 }] },
      },
    });
  assertThrows(refused("nobody"), RangeError, '"buffer" has a part of "nobody", which is no pool');
  assertThrows(refused("general"), RangeError, "and no allocator with one size");
  assertThrows(
    refused("fresh", { fresh: { kind: "heap", objectBytes: 8 } }),
    RangeError,
    '"buffer" has a part of "fresh", which each worker has for itself',
  );
  assertThrows(refused("resync"), RangeError, "buffer -> resync -> buffer");
});

Deno.test("composite rule 37: each part goes back to where it came from, a nested pool's through that pool", () => {
  const { sides: [composition], down, log } = made();
  const [resync, requests] = [composition!.pool("resync"), composition!.pool("requests")];
  const taken = [1, 2, 3].map(() => requests.allocate(ATOMIC));
  down.add("general/128");
  const held = requests.allocate(BLOCKING);
  assertEquals(reserves(composition!), { requests: 3, resync: 2 });
  down.add("page");
  log.length = 0;
  const handle = resync.allocate(BLOCKING);
  assert(handle !== NONE);
  // Atomically: both requests at once out of the reserve; the bio; no page; all back, the requests to their reserve.
  assertEquals(log, ["atomic general/128", "atomic bio", "atomic page", "free bio"]);
  assertEquals(reserves(composition!), { requests: 3, resync: 1 });
  assertEquals(resync.counts().hits, [0, 1, 0, 0, 0]);
  composition!.check();
  resync.free(handle);
  for (const one of [...taken, held]) requests.free(one);
  assertEquals(reserves(composition!), { requests: 4, resync: 2 });
  composition!.check();
});

Deno.test("composite rule 38: the atomic step asks nobody to reclaim, the blocking step everybody", () => {
  const { sides: [composition], down, log } = made();
  const resync = composition!.pool("resync");
  const drained = [resync.allocate(ATOMIC), resync.allocate(ATOMIC)];
  down.add("page");
  drained.push(resync.backend.allocate(ATOMIC), resync.backend.allocate(ATOMIC));
  log.length = 0;
  assertEquals([resync.currentReserve, resync.backend.allocate(ATOMIC)], [0, NONE]);
  assertEquals(log.filter((call) => call.startsWith("blocking")), []);
  log.length = 0;
  assertEquals(resync.backend.allocate(BLOCKING), NONE);
  const build = (kind: string) =>
    ["general/128", "general/128", "bio", "page"].map((name) => `${kind} ${name}`);
  const back = ["free bio", "free general/128", "free general/128"];
  // A nested pool tries its own atomic step first, whoever asks.
  assertEquals(log, [
    ...[...build("atomic"), ...back],
    ...["atomic general/128", "atomic general/128", "blocking bio", "blocking page", ...back],
  ]);
  for (const handle of drained) resync.free(handle);
  composition!.check();
});

Deno.test("composite elements take from a nested pool without its wait, and go on to the outer reserve", () => {
  const { sides: [composition], down } = made();
  const [resync, requests] = [composition!.pool("resync"), composition!.pool("requests")];
  down.add("general/128");
  const held = [1, 2, 3, 4].map(() => requests.allocate(BLOCKING));
  const handles = [resync.allocate(BLOCKING), resync.allocate(BLOCKING)];
  assertEquals(reserves(composition!), { requests: 0, resync: 0 });
  assertEquals(resync.counts().hits, [0, 2, 0, 0, 0]);
  assertEquals(resync.backend.allocate(BLOCKING), NONE);
  const { none, failed } = requests.counts();
  assertEquals([none, failed], [3, 1], "asked in three atomic steps and one that blocks, at once");
  for (const handle of handles) resync.free(handle);
  for (const handle of held) requests.free(handle);
  composition!.check();
});

/** How an element is lost: while its second part is taken, or given back. */
for (const throwing of ["allocate", "free"] as const) {
  Deno.test(`composite rule 37: nothing is lost where a part throws in ${throwing}()`, () => {
    const burns = new Set<string>();
    const layer = (inner: Allocator, name: string): Allocator => ({
      allocate: (context) => burn("allocate", name) || inner.allocate(context),
      free(handle) {
        inner.free(handle);
        burn("free", name);
      },
    });
    function burn(call: string, name: string): 0 {
      if (burns.has(`${call} ${name}`)) throw new Error(`${name} burns`);
      return 0;
    }
    const { sides: [composition] } = composed(SPEC, layer);
    const resync = composition!.pool("resync");
    const handle = resync.allocate(ATOMIC);
    burns.add(`${throwing} bio`);
    const act = () => throwing === "free" ? resync.free(handle) : resync.allocate(ATOMIC);
    assertThrows(act, Error, "bio burns");
    burns.clear();
    composition!.check();
    if (throwing === "allocate") resync.free(handle);
    assertEquals(composition!.pools.map(({ name }) => composition!.outstanding(name)), [0, 0]);
    assertEquals(reserves(composition!), { requests: 4, resync: 2 });
    composition!.check();
  });
}

Deno.test("Composition.outstanding() does not take the parts of elements in a reserve for leaks", () => {
  const { sides: [composition] } = made();
  const outstanding = () => composition!.pools.map(({ name }) => composition!.outstanding(name));
  assertEquals(outstanding(), [0, 0], "the reserve of resync has four requests");
  const resync = composition!.pool("resync");
  const handle = resync.allocate(ATOMIC);
  assertEquals(outstanding(), [0, 1], "lost as a whole, not in parts");
  composition!.pool("requests").allocate(ATOMIC);
  assertEquals(outstanding(), [1, 1]);
  resync.free(handle);
  assertEquals(outstanding(), [1, 0]);
});

Deno.test("Composition.check() throws where an element of a composite is in no place, or in two", () => {
  const { sides: [composition], plan, region } = made();
  const handle = composition!.pool("resync").allocate(ATOMIC);
  const owner = plan.allocators[3]!.owners + handle;
  const tag = region.words[owner]!;
  region.words[owner] = -tag;
  assertThrows(
    () => composition!.check(),
    Error,
    "buffer: 0 issued + 2 reserved + 0 cached + 0 free elements = 2, not 3",
  );
  region.words[owner] = tag;
  composition!.check();
});

Deno.test("Mempool over composite elements refuses what is not out, state unchanged", () => {
  const { sides: [composition], plan } = made();
  const [resync, { raw }] = [composition!.pool("resync"), composition!.allocator("buffer")];
  const handle = resync.allocate(ATOMIC);
  assertThrows(() => raw.free(handle), MisuseError, `element ${handle} into "buffer"`);
  resync.free(handle);
  const { capacity } = plan.allocators[3]!.planned;
  for (const wrong of [handle, 0, -1, capacity + 1, 1.5]) {
    assertThrows(() => resync.free(wrong), MisuseError);
    assertThrows(() => raw.free(wrong), MisuseError);
  }
  composition!.check();
});

Deno.test("Composition.served() counts what composites take of each allocator, and what they are themselves", () => {
  const { sides: [composition] } = made();
  const resync = composition!.pool("resync");
  const handles = [resync.allocate(ATOMIC), resync.allocate(ATOMIC)];
  resync.free(handles[0]!);
  const served = composition!.allocators.map(({ name }) => composition!.served(name));
  assertEquals(served.map(({ allocs, frees }) => [allocs, frees]), [
    [4, 2], // two requests in each
    [2, 1],
    [6, 3],
    [2, 1],
  ]);
});

interface Command {
  readonly pool: string;
  readonly side: number;
  readonly take: boolean;
  readonly atomic: boolean;
  readonly down: string;
}

const command: fc.Arbitrary<Command> = fc.record({
  pool: fc.constantFrom("resync", "requests", "pairs"),
  side: fc.nat(1),
  take: fc.boolean(),
  atomic: fc.boolean(),
  down: fc.constantFrom("", "general/128", "bio", "page"),
});

Deno.test("Composition.check() counts every part exactly, whichever back end fails, in composites of composites too", () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 5, maxLength: 60 }), (commands) => {
      const { sides, down } = made(NESTED);
      const held = new Map(Object.keys(NESTED.pools).map((pool) => [pool, [] as Handle[]]));
      for (const { pool, side, take, atomic, down: name } of commands) {
        const mine = held.get(pool)!;
        const { backend } = sides[side]!.pool(pool);
        down.clear();
        down.add(name);
        const handle = take ? backend.allocate(atomic ? ATOMIC : BLOCKING) : mine.shift() ?? NONE;
        if (handle !== NONE && take) mine.push(handle);
        else if (handle !== NONE) backend.free(handle);
        sides[side]!.check();
        for (const [each, { length }] of held) assertEquals(sides[0]!.outstanding(each), length);
      }
      for (const [pool, mine] of held) for (const handle of mine) sides[1]!.pool(pool).free(handle);
      sides[0]!.check();
      assertEquals(reserves(sides[0]!), { requests: 4, resync: 2, pairs: 1 });
    }),
    { numRuns: 60 },
  );
});
