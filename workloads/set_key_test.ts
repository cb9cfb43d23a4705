import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "./input_error.ts";
import { parseAssignment, parseValue, setKey } from "./set_key.ts";

function after(raw: Record<string, unknown>, ...texts: string[]): Record<string, unknown> {
  for (const text of texts) setKey(raw, parseAssignment(text));
  return raw;
}

function refusal(run: () => unknown): string {
  return assertThrows(run, InputError).message;
}

Deno.test("parseValue() takes numbers, words of JSON, objects and lists, and leaves the rest as text", () => {
  const values: [text: string, value: unknown][] = [
    ["4", 4],
    ["-1", -1],
    ["0.5", 0.5],
    ["1e3", 1000],
    ["true", true],
    ["null", null],
    ["500us", "500us"],
    ["20000/s", "20000/s"],
    ["five-level", "five-level"],
    ["", ""],
    ['"4"', "4"],
    ['[{"pool": "a"},]', [{ pool: "a" }]],
    ['{"steps": ["reserve"]}', { steps: ["reserve"] }],
    ["poisson:rate=1/s", "poisson:rate=1/s"],
  ];
  for (const [text, value] of values) assertEquals(parseValue(text, ""), value, text);
  assertEquals(
    refusal(() => parseValue("{", "--policy: ")),
    '--policy: "{" is not JSON: give an object, a list or a text in quotes',
  );
});

Deno.test("parseAssignment() wants a dotted key and a value", () => {
  assertEquals(parseAssignment("a.b=c=d"), { path: ["a", "b"], value: "c=d" });
  assertEquals(parseAssignment("a.kind=null"), { path: ["a", "kind"], value: "null" });
  for (const text of ["a", "=1", "a..b=1", ".=1"]) {
    assertEquals(
      refusal(() => parseAssignment(text)),
      `--set ${JSON.stringify(text)}: give KEY=VALUE with a dotted key, such as workload.workers=4`,
    );
  }
});

Deno.test("setKey() sets keys deep down, in lists too, and adds the objects on the way", () => {
  assertEquals(after({ a: { b: 1 } }, "a.b=2", "a.c=x", "d.e.f=true"), {
    a: { b: 2, c: "x" },
    d: { e: { f: true } },
  });
  assertEquals(after({ take: [{ pool: "a" }, { pool: "b" }] }, "take.1.count=2"), {
    take: [{ pool: "a" }, { pool: "b", count: 2 }],
  });
});

Deno.test("setKey() returns the path of what is new", () => {
  const set = (text: string) => setKey({ a: { b: 1 } }, parseAssignment(text));
  assertEquals(set("a.b=2"), ["a", "b"]);
  assertEquals(set("a.c.d=2"), ["a", "c"]);
  assertEquals(set("x.y.z=2"), ["x"]);
});

Deno.test("setKey() makes __proto__ a key like any other", () => {
  const raw = after({}, "__proto__.polluted=1");
  assertEquals(Object.keys(raw), ["__proto__"]);
  assertEquals(Reflect.get({}, "polluted"), undefined);
});

Deno.test("setKey() refuses a way that leads nowhere", () => {
  const raw = { pools: { buffers: {} }, workload: { take: "buffers" }, list: [1, 2], none: [] };
  const refusals: [text: string, message: string][] = [
    [
      "pools.bufers.minReserve=3",
      '--set pools.bufers.minReserve: "bufers" is not a pool of this scenario: give buffers (did you mean buffers?)',
    ],
    [
      "workload.take.pool=x",
      '--set workload.take.pool: workload.take is "buffers", which has no keys',
    ],
    ["list.2=3", "--set list.2: list is a list: give 0 to 1 after it"],
    ["list.x=3", "--set list.x: list is a list: give 0 to 1 after it"],
    ["none.0=3", "--set none.0: none is an empty list"],
  ];
  for (const [text, message] of refusals) assertEquals(refusal(() => after(raw, text)), message);
});
