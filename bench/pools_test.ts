import {
  assert,
  assertEquals,
  assertGreater,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { collectionsBetween, countCollections } from "./collections.ts";
import { measurePools } from "./pools.ts";
import { ratios, spreadOf } from "./spread.ts";

Deno.test("measurePools() prints every subject in every case and the ratios, at smoke size", async () => {
  const lines: string[] = [];
  const smoke = "--rounds 1 --crews 1 --pairs 512 --workers 1 --gc-pairs 0".split(" ");
  await measurePools(smoke, (line) => lines.push(line));
  const text = lines.join("\n");
  for (const title of ["LIFO pair", "keep 512", "random 512"]) assert(text.includes(title), title);
  assertEquals(text.match(/^ {2}thi\.ng-malloc .*\d/gm)?.length, 3);
  const pairs = [
    "mempool/raw",
    "slab-mempool/slab-raw",
    "zeroing-mempool/zeroing-raw",
    "module-mempool/module-kind",
    "module-mempool/module-looked-at",
    "module-mempool/module-raw",
  ];
  for (const pair of pairs) {
    const ratios = "LIFO pair [\\d.]+ .*, keep 512 [\\d.]+ .*, random 512 [\\d.]+ ";
    assertMatch(text, new RegExp(`^${pair}: ${ratios}`, "m"));
  }
});

Deno.test("measurePools() counts collections of the subjects that are asked for", async () => {
  const lines: string[] = [];
  const smoke = "--only raw --rounds 1 --crews 1 --pairs 512 --workers 1 --gc-pairs 512".split(" ");
  await measurePools(smoke, (line) => lines.push(line));
  const counts = lines.filter((line) => line.startsWith("collections"));
  assertEquals(counts.length, 3);
  assertMatch(counts.at(-1)!, /^collections of raw in 512 pairs of random 512: \d+$/);
});

Deno.test("measurePools() measures the loops that hold nothing but the calls as well", async () => {
  const lines: string[] = [];
  const smoke = "--only nothing --tight --rounds 1 --crews 1 --pairs 512 --workers 1 --gc-pairs 0";
  await measurePools(smoke.split(" "), (line) => lines.push(line));
  const titles = lines.filter((line) => line.startsWith("tight "));
  assertEquals(titles.map((line) => line.split(":")[0]), [
    "tight LIFO pair",
    "tight keep 512",
    "tight random 512",
  ]);
});

Deno.test("stopLoops() ends every loop", async () => {
  // A module instance of its own, so that no other test is stopped.
  const { CASES, stopLoops }: typeof import("./cases.ts") = await import("./cases.ts?stopped");
  const pool = { allocate: () => 1, free() {} };
  const awaited = { allocate: () => Promise.resolve(1), free() {} };
  for (const each of Object.values(CASES)) each.sync(pool, [], 512);
  stopLoops();
  for (const each of Object.values(CASES)) {
    assertThrows(() => each.sync(pool, [], 512), Error, "the run was stopped");
    await assertRejects(() => each.async(awaited, [], 512), Error, "the run was stopped");
  }
});

Deno.test("measurePools() refuses unknown options and subjects in one sentence", async () => {
  await assertRejects(
    () => measurePools(["--fast"], () => {}),
    RangeError,
    "--fast: give --rounds",
  );
  await assertRejects(
    () => measurePools(["--only", "jemalloc"], () => {}),
    RangeError,
    "--only jemalloc: give fresh-array",
  );
});

Deno.test("countCollections() sees those of a subject that is left to the collector", async () => {
  assertGreater(await countCollections("fresh-array", "lifo", 102_400), 0);
});

Deno.test("collectionsBetween() counts stamped lines within the bounds", () => {
  const log = [
    "[7:0x55d0]       14 ms: Scavenge 3.2 (4.2) -> 2.3 (4.5) MB",
    "[7:0x55d0]      200 ms: Mark-Compact 3.2 (5.2) -> 2.3 (5.2) MB",
    "[7:0x55d0]      201 ms: Scavenge 3.2 (5.2) -> 2.3 (5.2) MB",
    "[7:0x55d0]      900 ms: Scavenge 3.2 (5.2) -> 2.3 (5.2) MB",
  ].join("\n");
  assertEquals(collectionsBetween(log, 100, 300), 2);
});

Deno.test("spreadOf() takes the middle of an even number of values", () => {
  assertEquals(spreadOf([4, 1, 3, 2]), { median: 2.5, min: 1, max: 4 });
  assertEquals(ratios([2, 9], [1, 3]), [2, 3]);
});
