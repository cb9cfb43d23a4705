import { assert, assertEquals } from "@std/assert";
import { measureRows } from "../measures.ts";
import { exampleResult } from "../testdata/example.ts";
import { gobench } from "./gobench.ts";

const OPTIONS = { color: false, columns: 80 };

/** One line of the format, after https://go.dev/design/14313-benchmark-format. */
interface Line {
  readonly name: string;
  readonly iterations: number;
  readonly values: Readonly<Record<string, number>>;
}

/** What a reader of the format makes of a text: configuration, units and results; it throws where it can make nothing. */
function read(text: string) {
  const config: Record<string, string> = {};
  const units: Record<string, string> = {};
  const lines: Line[] = [];
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const [word = "", ...rest] = line.split(/\s+/);
    const setting = line.match(/^([a-z][^\s\p{Lu}]*):\s+(.*)$/u);
    if (setting !== null) config[setting[1]!] = setting[2]!;
    else if (word === "Unit") units[rest[0]!] = rest[1]!;
    else if (/^Benchmark\P{Ll}/u.test(word)) {
      assertEquals(rest.length % 2, 1);
      const values = Array.from(
        { length: (rest.length - 1) / 2 },
        (_, pair) => [rest[2 * pair + 2]!, Number(rest[2 * pair + 1])] as const,
      );
      lines.push({ name: word, iterations: Number(rest[0]), values: Object.fromEntries(values) });
    } else throw new Error(`no line of the format: ${line}`);
  }
  return { config, units, lines };
}

Deno.test("gobench has one line for each repeat, pool and part", () => {
  const { lines, config } = read(gobench.print(exampleResult({ repeats: 3 }), OPTIONS));
  assertEquals(config["goarch"], "amd64");
  assertEquals(lines.length, 3 * (1 + 2 + 5));
  const name = "BenchmarkMempool/scenario=canonical/pool=pages/level=reserve-2";
  const reserve = lines.filter((line) => line.name === name);
  assertEquals(reserve.length, 3);
  assertEquals(reserve[0]!.values["p99-ns/op"], 44_800);
});

Deno.test("gobench has every number of every repeat", () => {
  const result = exampleResult({ repeats: 3, pools: ["bio", "bvec"] });
  const { lines } = read(gobench.print(result, OPTIONS));
  for (const { pool, part, measure, values } of measureRows(result)) {
    const path = pool === null ? "" : `/pool=${pool}/level=${part}`;
    const unit = measure.unit === "ns" ? `${measure.name}-ns/op` : measure.name;
    const same = lines.filter(({ name }) =>
      name === `BenchmarkMempool/scenario=canonical${path}-2`
    );
    const read = same.map(({ values }) => values[measure.unit === "1/s" ? "allocs/s" : unit]);
    assertEquals(read, [...values]);
  }
});

Deno.test("gobench says of each unit in which direction it gets better, but for rates, which depend on the level", () => {
  const { lines, units } = read(gobench.print(exampleResult(), OPTIONS));
  const used = new Set(lines.flatMap(({ values }) => Object.keys(values)));
  assert(used.size > 5);
  used.delete("rate");
  for (const unit of used) assert(/^better=(higher|lower)$/.test(units[unit]!), unit);
  assertEquals(units["allocs/s"], "better=higher");
});

Deno.test("gobench keeps names with spaces and slashes in one piece", () => {
  const { lines } = read(gobench.print(exampleResult({ pools: ["a b/c\nd"] }), OPTIONS));
  assert(lines.some(({ name }) => name.includes("/pool=a_b_c_d/level=total-2")));
  assert(lines.every(({ iterations }) => Number.isInteger(iterations) && iterations > 0));
});
