import { assertEquals } from "@std/assert";
import { KINDS } from "../testdata/kinds.ts";
import { assertRefusals, parsed, refusal, SAMPLE, sampleWith } from "../testdata/sample.ts";

const TOP_KEYS =
  "name, summary, memory, allocators, pools, workload, pressure, compare, debug, seed or repeat";
const NAME_RULE = "give letters, digits, - and _, beginning with a letter or a digit, 64 at most";

Deno.test("scenarioSchema() refuses unknown keys with what is allowed and what may be meant", () => {
  assertRefusals([
    ['"pools": {', '"pool": {', `8: pool: unknown key: give ${TOP_KEYS} (did you mean pools?)`],
    ['"name"', '"title"', `2: title: unknown key: give ${TOP_KEYS}`],
    [
      '"over": "page"',
      '"ovr": "page"',
      "9: pools.inner.ovr: unknown key: give over, objectBytes, minReserve, maxReserve, policy or magazine (did you mean over?)",
    ],
    [
      '"low": 64',
      '"lo": 64',
      "3: memory.watermarks.lo: unknown key: give min, low or high (did you mean low?)",
    ],
    [
      '{ "kind": "page" }',
      '{ "kind": "page", "ordr": 1 }',
      "5: allocators.page.ordr: unknown key: give kind or order (did you mean order?)",
    ],
  ]);
});

Deno.test("scenarioSchema() refuses what is missing and says what it is", () => {
  assertRefusals([
    [
      '"over": "page", ',
      "",
      "9: pools.inner.over: missing: it must be given (the allocator or pool that it stands on)",
    ],
    [
      ', "rate": "20000/s"',
      "",
      "16: workload.arrival.rate: missing: it must be given (arrivals per second, total over all workers)",
    ],
    [
      '{ "kind": "page" }',
      "{}",
      `5: allocators.page.kind: missing: it must be given (${KINDS.allocators})`,
    ],
    [
      '"kind": "none"',
      '"kind": "outages", "up": "1ms"',
      "19: pressure.down: missing: it must be given (how long they serve nothing after that)",
    ],
  ]);
  assertEquals(
    refusal('{ "allocators": {}, "pools": {} }'),
    "my.jsonc:1: workload: missing: it must be given (the load)",
  );
});

Deno.test("scenarioSchema() refuses unknown kinds of everything that has kinds", () => {
  assertRefusals([
    [
      '"kind": "page"',
      '"kind": "pagee"',
      `5: allocators.page.kind: "pagee" is not a kind of allocator: give ${KINDS.allocators} (did you mean page?)`,
    ],
    [
      '"kind": "open"',
      '"kind": "opne"',
      `13: workload.kind: "opne" is not a kind of workload: give ${KINDS.workloads} (did you mean open?)`,
    ],
    [
      '"poisson"',
      '"poison"',
      `16: workload.arrival.kind: "poison" is not a kind of arrival: give ${KINDS.arrivals} (did you mean poisson?)`,
    ],
    [
      '"constant"',
      '"forever"',
      `17: workload.hold.kind: "forever" is not a kind of hold: give ${KINDS.holds}`,
    ],
    [
      '"none"',
      '"nome"',
      `19: pressure.kind: "nome" is not a kind of pressure: give ${KINDS.pressures} (did you mean none?)`,
    ],
  ]);
});

Deno.test("scenarioSchema() refuses values of another type, unit or range", () => {
  assertRefusals([
    ['"workers": 2', '"workers": 0', "15: workload.workers: 0 is out of range: give 1 to 64"],
    ['"workers": 2', '"workers": 65', "15: workload.workers: 65 is out of range: give 1 to 64"],
    [
      '"kind": "heap"',
      '"kind": "heap", "objectBytes": "5 parsecs"',
      '6: allocators.fresh.objectBytes: "5 parsecs" is not a size: give a whole number of bytes with B, kB, MB, GB, TB, KiB, MiB, GiB or TiB, such as 64KiB',
    ],
    [
      '"time": "1ms"',
      '"time": "5 parsecs"',
      '17: workload.hold.time: "5 parsecs" is not a duration: give a number with ns, us, ms, s, m or h, such as 500us',
    ],
    [
      '"kind": "none"',
      '"kind": "fail", "atomic": 2',
      "19: pressure.atomic: 2 is not a probability: give a number from 0 to 1 or a percentage, such as 0.1%",
    ],
    ['"name": "my"', '"seed": -1', "2: seed: -1 is out of range: give 0 to 4294967295"],
    ['"name": "my"', '"debug": 1', "2: debug: 1 is not a boolean: give true or false"],
    ['"name": "my"', '"name": 3', "2: name: 3 is not a text: give a string"],
    [
      '{ "kind": "page" }',
      "5",
      `5: allocators.page: 5 is not allowed: give an object whose kind is ${KINDS.allocators}`,
    ],
  ]);
});

Deno.test("scenarioSchema() takes no list for an object", () => {
  assertRefusals([
    [
      '{ "over": "page", "minReserve": 32 }',
      "[]",
      "9: pools.inner: a list is not allowed: give an object with over and minReserve",
    ],
    [
      '{ "kind": "none" }',
      "[]",
      "19: pressure: a list is not allowed: " +
      `give an object whose kind is ${KINDS.pressures}`,
    ],
  ]);
  assertEquals(
    refusal("[]"),
    "my.jsonc:1: a list is not allowed: give an object with allocators, pools and workload",
  );
  assertEquals(
    refusal('{ "allocators": [] }'),
    "my.jsonc:1: allocators: a list is not allowed: give an object from names to allocators",
  );
});

Deno.test("scenarioSchema() refuses names that cannot stand in a key path", () => {
  for (const name of ["in ner", "constructor", "prototype", "__proto__", "", "a.b", "-a"]) {
    const key = /^[\w$-]+$/.test(name) ? name : JSON.stringify(name);
    assertEquals(
      refusal(sampleWith('"inner": {', `${JSON.stringify(name)}: {`)),
      `my.jsonc:9: pools.${key}: not a name for a pool: ${NAME_RULE}`,
    );
  }
});

Deno.test("scenarioSchema() takes kinds in the notation of the command line too", () => {
  const { arrival } = parsed(
    sampleWith('{ "kind": "poisson", "rate": "20000/s" }', '"poisson:rate=1/ms"'),
  ).workload;
  assertEquals(arrival, { kind: "poisson", rate: 1000 });
  assertRefusals([
    [
      '{ "kind": "poisson", "rate": "20000/s" }',
      '"poisson:rte=1/s"',
      '16: workload.arrival: poisson has no option "rte": poisson takes rate (did you mean rate?)',
    ],
    [
      '{ "kind": "poisson", "rate": "20000/s" }',
      "5",
      `16: workload.arrival: 5 is not allowed: give an object whose kind is ${KINDS.arrivals}`,
    ],
  ]);
});

Deno.test("scenarioSchema() ignores $schema, which editors read", () => {
  const text = SAMPLE.replace("{", '{ "$schema": "./scenario.schema.json",');
  assertEquals(parsed(text), parsed(SAMPLE));
});
