import { assertEquals } from "@std/assert";
import { assertRefusals, parsed, refusal, sampleWith } from "./testdata/sample.ts";

Deno.test("cycleProblems() names the circle of pools that stand on one another", () => {
  const circle = "the pools stand on one another in a circle";
  const advice = "let one of them stand on an allocator";
  assertRefusals([
    [
      '"over": "page"',
      '"over": "outer"',
      `9: pools.inner.over: ${circle}, inner -> outer -> inner: ${advice}`,
    ],
    [
      '"over": "page"',
      '"over": "inner"',
      `9: pools.inner.over: ${circle}, inner -> inner: ${advice}`,
    ],
    [
      '"over": "inner"',
      '"over": "last", "minReserve": 1 },\n"last": { "over": "outer"',
      `10: pools.outer.over: ${circle}, outer -> last -> outer: ${advice}`,
    ],
  ]);
});

Deno.test("scenarioSchema() refuses a pool over nothing", () => {
  assertRefusals([
    [
      '"over": "page"',
      '"over": "pagee"',
      '9: pools.inner.over: "pagee" is neither an allocator nor a pool of this scenario: give page, fresh, inner or outer (did you mean page?)',
    ],
  ]);
});

Deno.test("nameProblems() refuses a pool that is named like an allocator", () => {
  assertRefusals([
    [
      '"inner": {',
      '"fresh": { "over": "page", "minReserve": 1 },\n"inner": {',
      "9: pools.fresh: an allocator of this scenario has this name: give the pool one of its own",
    ],
  ]);
});

Deno.test("reserveProblems() refuses a reserve that is negative, broken or more than memory holds", () => {
  const all = "give an integer from 0 to 4096, all that the memory holds";
  assertRefusals([
    [
      '"minReserve": 32',
      '"minReserve": -1',
      `9: pools.inner.minReserve: -1 is not allowed: ${all}`,
    ],
    [
      '"minReserve": 32',
      '"minReserve": 5000',
      `9: pools.inner.minReserve: 5000 is not allowed: ${all}`,
    ],
    [
      '"minReserve": 32',
      '"minReserve": 0.5',
      "9: pools.inner.minReserve: 0.5 is not a whole number: give a whole number, with k, M or G if need be, such as 64 or 4k",
    ],
  ]);
});

Deno.test("reserveProblems() sums the reserves of all pools over one memory, in pages", () => {
  const beside = "all that the memory holds beside the pools before it";
  assertRefusals([
    [
      '"minReserve": 8',
      '"minReserve": 4065',
      `10: pools.outer.minReserve: 4065 is not allowed: give an integer from 0 to 4064, ${beside}`,
    ],
  ]);
  assertEquals(
    parsed(sampleWith('"minReserve": 8', '"minReserve": 4064')).pools.outer?.minReserve,
    4064,
  );
  const larger = sampleWith('"kind": "page"', '"kind": "page", "order": 3');
  assertEquals(
    refusal(larger.replace('"minReserve": 8', '"minReserve": 481')),
    `my.jsonc:10: pools.outer.minReserve: 481 is not allowed: give an integer from 0 to 480, ${beside}`,
  );
  const full = larger.replace('"minReserve": 32', '"minReserve": 512');
  assertEquals(
    refusal(full),
    `my.jsonc:10: pools.outer.minReserve: 8 is not allowed: give 0, ${beside}`,
  );
});

Deno.test("reserveProblems() counts what memory may grow to, and no memory for what takes none", () => {
  const grown = sampleWith('"growTo": 4096', '"growTo": 8192');
  parsed(grown.replace('"minReserve": 32', '"minReserve": 8000'));
  const fresh = sampleWith(
    '"over": "page", "minReserve": 32',
    '"over": "fresh", "minReserve": 9000',
  );
  parsed(fresh);
  assertEquals(
    refusal(fresh.replace("9000", "5000000")),
    "my.jsonc:9: pools.inner.minReserve: 5000000 is not allowed: give an integer from 0 to 1048576",
  );
});

Deno.test("reserveProblems() counts elements that share pages by their share, to the last one", () => {
  const objects = 4096 * 26; // of 152 bytes, in pages of 4096
  const slabs = sampleWith('"kind": "page"', '"kind": "slab", "objectBytes": 152');
  const reserves = (inner: number, outer: number) =>
    slabs.replace('"minReserve": 32', `"minReserve": ${inner}`)
      .replace('"minReserve": 8', `"minReserve": ${outer}`);
  parsed(reserves(objects, 0));
  parsed(reserves(objects - 77, 77));
  assertEquals(
    refusal(reserves(objects + 1, 0)),
    `my.jsonc:9: pools.inner.minReserve: ${objects + 1} is not allowed: ` +
      `give an integer from 0 to ${objects}, all that the memory holds`,
  );
  assertEquals(
    refusal(reserves(objects - 77, 78)),
    "my.jsonc:10: pools.outer.minReserve: 78 is not allowed: " +
      "give an integer from 0 to 77, all that the memory holds beside the pools before it",
  );
});

Deno.test("reserveProblems() leaves no room for elements that are larger than the memory", () => {
  const slabs = sampleWith('"kind": "page"', '"kind": "slab", "objectBytes": "1MiB"')
    .replace('"pages": 4096', '"pages": 128').replace('"growTo": 4096', '"growTo": 128');
  assertEquals(
    refusal(slabs),
    "my.jsonc:9: pools.inner.minReserve: 32 is not allowed: give 0, all that the memory holds",
  );
});

Deno.test("reserveProblems() counts whole slabs only", () => {
  const slabs = sampleWith('"kind": "page"', '"kind": "slab", "objectBytes": 4096')
    .replace('"growTo": 4096', '"growTo": 4103');
  parsed(slabs.replace('"minReserve": 32', '"minReserve": 4088'));
  assertEquals(
    refusal(slabs.replace('"minReserve": 32', '"minReserve": 4097')),
    "my.jsonc:9: pools.inner.minReserve: 4097 is not allowed: " +
      "give an integer from 0 to 4096, all that the memory holds",
  );
});

const SIZED = sampleWith('"kind": "page"', '"kind": "size-class"')
  .replace('"minReserve": 32', '"objectBytes": "100B", "minReserve": 32');

Deno.test("sizeProblems() wants a size over an allocator of any size, and nowhere else", () => {
  assertEquals(parsed(SIZED).pools.inner?.objectBytes, 100);
  assertEquals(
    refusal(SIZED.replace('"objectBytes": "100B", ', "")),
    "my.jsonc:9: pools.inner.objectBytes: missing: it must be given " +
      '(bytes in an element, as "page" has elements of any size)',
  );
  assertEquals(
    refusal(SIZED.replace("100B", "5MiB")),
    "my.jsonc:9: pools.inner.objectBytes: 5242880 is not allowed: " +
      'give an integer from 1 to 4194304, the largest class of "page"',
  );
  assertRefusals([
    [
      '"minReserve": 32',
      '"minReserve": 32, "objectBytes": 64',
      '9: pools.inner.objectBytes: elements of "page" have one size, ' +
      "which is not the pool's to choose: leave it out",
    ],
    [
      '"minReserve": 8',
      '"minReserve": 8, "objectBytes": 64',
      '10: pools.outer.objectBytes: elements of "inner" have one size, ' +
      "which is not the pool's to choose: leave it out",
    ],
  ]);
});

Deno.test("reserveProblems() counts the reserves of each size class by itself, and their pages together", () => {
  const perPage = 4096 / 128;
  const reserves = (inner: number, outer: number) =>
    SIZED.replace('"minReserve": 32', `"minReserve": ${inner}`)
      .replace('"over": "inner"', '"over": "page", "objectBytes": "4KiB"')
      .replace('"minReserve": 8', `"minReserve": ${outer}`);
  parsed(reserves(4096 * perPage, 0));
  parsed(reserves(4000 * perPage, 96));
  assertEquals(
    refusal(reserves(4000 * perPage, 97)),
    "my.jsonc:10: pools.outer.minReserve: 97 is not allowed: " +
      "give an integer from 0 to 96, all that the memory holds beside the pools before it",
  );
});

Deno.test("reserveProblems() sums the reserves over what takes no memory too", () => {
  const fresh = (inner: number, outer: number) =>
    sampleWith('"over": "page", "minReserve": 32', `"over": "fresh", "minReserve": ${inner}`)
      .replace('"minReserve": 8', `"minReserve": ${outer}`);
  parsed(fresh(2 ** 20 - 5, 5));
  assertEquals(
    refusal(fresh(2 ** 20 - 5, 6)),
    "my.jsonc:10: pools.outer.minReserve: 6 is not allowed: give an integer from 0 to 5",
  );
});

/** The sample with elements put together of a pool's and of pages, and a pool over them. */
function whole(parts: string, over = "page"): string {
  return sampleWith(
    '"fresh": { "kind": "heap" }',
    `"fresh": { "kind": "heap" }, "general": { "kind": "size-class" },
    "buffer": { "kind": "composite", "parts": ${parts} }`,
  ).replace(
    '"inner": { "over": "page"',
    `"buffers": { "over": "buffer", "minReserve": 4 },\n"inner": { "over": "${over}"`,
  );
}

Deno.test("cycleProblems() names the circle through allocators whose elements have parts", () => {
  const circle = "the pools and allocators stand on one another in a circle";
  const advice = "let one of them stand on something else";
  parsed(whole('["page", "inner"]'));
  assertEquals(
    refusal(whole('["page", "inner"]', "buffer")),
    `my.jsonc:7: allocators.buffer.parts: ${circle}, buffer -> inner -> buffer: ${advice}`,
  );
  assertEquals(
    refusal(whole('["page", "outer"]', "buffer")),
    `my.jsonc:7: allocators.buffer.parts: ${circle}, buffer -> outer -> inner -> buffer: ${advice}`,
  );
  assertEquals(
    refusal(whole('["buffer"]')),
    `my.jsonc:7: allocators.buffer.parts: ${circle}, buffer -> buffer: ${advice}`,
  );
});

Deno.test("partProblems() refuses parts of any size, and parts that each worker has for itself", () => {
  assertEquals(
    refusal(whole('["page", "general"]')),
    'my.jsonc:7: allocators.buffer.parts.1: "general" has elements of any size: ' +
      "give a pool over it, which names one",
  );
  const own = 'each worker has its own "fresh": give what workers share';
  assertEquals(refusal(whole('["fresh"]')), `my.jsonc:7: allocators.buffer.parts.0: ${own}`);
  assertEquals(
    refusal(whole('["page", "outer"]', "fresh")),
    `my.jsonc:7: allocators.buffer.parts.1: ${own}`,
  );
});

Deno.test("reserveProblems() counts an element that is put together by all of its parts", () => {
  const reserves = (buffers: number) =>
    whole('["inner", { "of": "page", "count": 16 }]')
      .replace('"buffer", "minReserve": 4', `"buffer", "minReserve": ${buffers}`)
      .replace('"minReserve": 32', '"minReserve": 0')
      .replace('"minReserve": 8', '"minReserve": 0');
  parsed(reserves(240)); // 240 * 17 pages of 4096
  assertEquals(
    refusal(reserves(241)),
    "my.jsonc:10: pools.buffers.minReserve: 241 is not allowed: " +
      "give an integer from 0 to 240, all that the memory holds",
  );
});

Deno.test("reserveInProblems() refuses a reserve inside an allocator that has no free elements of its own", () => {
  const why = "keeps the reserve among the free elements of the allocator, and";
  const advice = "of its own: give a policy that keeps it with the pool";
  const named = (over: string) => `"allocator-reservation" ${why} "${over}" has none ${advice}`;
  const put = (over: string, policy: string) =>
    `{ "over": "${over}", "minReserve": 8, "policy": ${policy}`;
  const before = put("inner", '"linux"');
  const policy = '"allocator-reservation"';
  const own = '{ "steps": ["backend-atomic", "reserve", "wait"], "reserveIn": "allocator" }';
  const pair = '"pair": { "kind": "composite", "parts": ["page", "page"] }';
  const withPair = sampleWith(
    '"fresh": { "kind": "heap" }',
    `"fresh": { "kind": "heap" }, ${pair}`,
  );
  assertRefusals([
    [before, put("inner", policy), `10: pools.outer.policy: ${named("inner")}`],
    [before, put("fresh", policy), `10: pools.outer.policy: ${named("fresh")}`],
    [
      before,
      put("inner", own),
      `10: pools.outer.policy.reserveIn: "allocator" ${why} "inner" has none ${advice}`,
    ],
  ]);
  assertEquals(
    refusal(withPair.replace(before, put("pair", policy))),
    `my.jsonc:10: pools.outer.policy: ${named("pair")}`,
  );
  for (const pool of [put("page", policy), put("page", own)]) {
    assertEquals(parsed(sampleWith(before, pool)).pools.outer?.over, "page");
  }
});

Deno.test("reserveInProblems() lets a reserve inside a slab and a size class be", () => {
  const kinds = ['"kind": "slab"', '"kind": "size-class"'];
  const sizes = ["", '"objectBytes": 200, '];
  kinds.forEach((kind, index) => {
    const text = sampleWith('"kind": "page"', kind)
      .replace(
        '"over": "page", ',
        `"over": "page", ${sizes[index]}"policy": "allocator-reservation", `,
      );
    assertEquals(parsed(text).pools.inner?.policy, "allocator-reservation");
  });
});

Deno.test("boundProblems() refuses a bound that is below what the reserve begins with, or beyond what there is", () => {
  assertRefusals([
    [
      '"minReserve": 8',
      '"minReserve": 8, "maxReserve": 7',
      "10: pools.outer.maxReserve: 7 is not allowed: give an integer from 8 to 4096, the minReserve and all that there can be",
    ],
    [
      '"minReserve": 8',
      '"minReserve": 8, "maxReserve": 1000000000000',
      "10: pools.outer.maxReserve: 1000000000000 is not allowed: give an integer from 8 to 4096, the minReserve and all that there can be",
    ],
    [
      '"minReserve": 8',
      '"minReserve": 8, "maxReserve": -1',
      "10: pools.outer.maxReserve: -1 is out of range: give 0 or more",
    ],
  ]);
  const bounded = parsed(sampleWith('"minReserve": 8', '"minReserve": 8, "maxReserve": 8'));
  assertEquals([bounded.pools.outer?.maxReserve, bounded.pools.inner?.maxReserve], [8, undefined]);
});
