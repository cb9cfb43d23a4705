import { assertEquals } from "@std/assert";
import { parse } from "@std/jsonc";
import fc from "fast-check";
import { locate, type Path } from "./locate.ts";

const TEXT = `// "a": { comments have no keys }
{
  "a": 1, /* "b": 2,
  over two lines */
  "b": { "c": [10, { "d": "}" }, // ]
    "x\\"y"] },

  "e\\u0066": null, "g": {
  },
}
`;

Deno.test("locate() gives the line of each key and of each entry of a list", () => {
  const lines: [path: Path, line: number][] = [
    [[], 2],
    [["a"], 3],
    [["b"], 5],
    [["b", "c"], 5],
    [["b", "c", "0"], 5],
    [["b", "c", "1", "d"], 5],
    [["b", "c", "2"], 6],
    [["ef"], 8],
    [["g"], 8],
  ];
  const locations = locate(TEXT);
  for (const [path, line] of lines) assertEquals(locations.of(path).line, line, path.join("."));
});

Deno.test("locate() puts what is missing at the end of the object that lacks it", () => {
  const locations = locate(TEXT);
  const missing = locations.of(["b", "z"]);
  assertEquals(missing.line, 5);
  const orders = [["b"], ["b", "c", "2"], ["b", "z"], ["g"], ["z"]].map((path) =>
    locations.of(path).order
  );
  assertEquals(orders, orders.toSorted((a, b) => a - b));
});

Deno.test("locate() names the keys that are given twice, with the second line", () => {
  const { duplicates } = locate(`{
    "a": 1, "b": { "a": 1,
    "c": 2, "c": [{ "a": 3 }, { "a": 4 }] },
    "a": { "b": 1 }
  }`);
  assertEquals(duplicates, [{ path: ["b", "c"], line: 3 }, { path: ["a"], line: 4 }]);
});

Deno.test("locate() agrees with the parser on every key of random texts", () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.array(fc.constantFrom("\n", " ", '/* , { " */', "// ] }\n"), { minLength: 1 }),
      (json, gaps) => {
        let turn = 0;
        const text = json.replaceAll(
          /"(?:[^"\\]|\\.)*"|[{}[\],:]/g,
          (token) => `${gaps[turn++ % gaps.length]}${token}${gaps[turn++ % gaps.length]}`,
        );
        const value = parse(text);
        const locations = locate(text);
        const lines = text.split("\n");
        for (const path of pathsIn(value)) {
          const line = lines[locations.of(path).line - 1] ?? "";
          const key = path.at(-1);
          const inList = Array.isArray(path.slice(0, -1).reduce<unknown>(inner, value));
          if (key !== undefined && !inList) {
            assertEquals(line.includes(JSON.stringify(key)), true, `${key} in ${line}`);
          }
        }
      },
    ),
    { numRuns: 100 },
  );
});

function inner(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [
    path,
    ...Object.keys(value).flatMap((key) => pathsIn(inner(value, key), [...path, key])),
  ];
}
