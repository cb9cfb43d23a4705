/**
 * The scenario file that `init` writes: small, sound, and with every key explained by whoever declares it, so that no comment
 * can fall behind the code.
 *
 * @module
 */
import type { Kind, Option, Options } from "../allocators/option.ts";
import { wrapWords } from "../results/formats/columns.ts";
import { registered } from "../workloads/registered.ts";
import {
  MEMORY,
  POOL,
  SCENARIO,
  WATERMARKS,
  WORKLOAD,
} from "../workloads/schema/scenario_options.ts";
import { optionText } from "./entry_lines.ts";

const COLUMNS = 100;

const HEAD = [
  "What to build, what to do to it, and for how long. Durations, sizes, rates and shares may carry",
  "units: 500us, 2s, 64KiB, 20000/s, 0.1%; a bare number is in nanoseconds, bytes or events/s.",
  "",
  "`mempool-bench validate FILE` checks this file, `mempool-bench bench FILE` runs it, and",
  "`mempool-bench list` says what else there is; an editor takes its schema from",
  "`mempool-bench list scenarios --schema`.",
].map((line) => `// ${line}`.trimEnd());

/** A key of the file. */
interface Key {
  readonly name: string;
  /** What stands above it. */
  readonly comment: string;
  readonly value: string | number | boolean | readonly Key[];
}

/** The text of the scenario file. */
export function exampleScenario(): string {
  return [...HEAD, "{", ...keyLines(scenarioKeys(), 2), "}", ""].join("\n");
}

function scenarioKeys(): Key[] {
  return [
    ...chosen(SCENARIO, { name: "my-scenario" }, "optional"),
    object("memory", "the page memory under every shared allocator", [
      ...chosen(MEMORY, { pages: 64, growTo: 64 }, "follows from pages"),
      object("watermarks", "what is left alone while memory is short", [
        ...chosen(WATERMARKS, { min: 4, low: 6, high: 8 }, "follows from pages"),
      ]),
    ]),
    object("allocators", "the allocators, each by a name", [
      object("page", "", kind("allocators", registered.allocators, "page", { order: 0 })),
    ]),
    object("pools", "the pools, each by a name: over an allocator, or over another pool", [
      object("buffers", "", [
        ...chosen(POOL, { over: "page", minReserve: 8 }),
        named("policy", "policies", registered.policies, "five-level"),
      ]),
    ]),
    object("workload", "the load", workloadKeys()),
    object(
      "pressure",
      "what is done to the back ends and their memory",
      kind("pressures", registered.pressures, "outages", { up: "50ms", down: "5ms" }),
    ),
    ...chosen(SCENARIO, { debug: false, seed: 1, repeat: 1 }),
  ];
}

function workloadKeys(): Key[] {
  return [
    ...kind("workloads", registered.workloads, "open", {}),
    {
      name: "take",
      comment:
        'the pool that a task takes from, or a list such as [{ "pool": "buffers", "count": 2 }]',
      value: "buffers",
    },
    ...chosen(WORKLOAD, { workers: 2, duration: "2s", warmup: "500ms" }),
    object(
      "arrival",
      "when tasks arrive",
      kind("arrivals", registered.arrivals, "poisson", { rate: "5000/s" }),
    ),
    object(
      "hold",
      "how long a task keeps its elements",
      kind("holds", registered.holds, "lognormal", { median: "5ms", sigma: 0.5 }),
    ),
    ...chosen(WORKLOAD, { atomicShare: "10%", asyncShare: 0 }),
  ];
}

type Written = Readonly<Record<string, string | number | boolean>>;

/** Keys with these values, explained by the table that declares them; `without` is said where there is no default. */
function chosen(options: Options, values: Written, without?: string): Key[] {
  return Object.entries(values).map(([name, value]) => {
    const option: Option | undefined = options[name];
    if (option === undefined) throw new TypeError(`there is no option ${name}`);
    return { name, comment: optionText(option, without), value };
  });
}

function object(name: string, comment: string, value: readonly Key[]): Key {
  return { name, comment, value };
}

/** A registered kind and its options. */
function kind(
  section: string,
  registry: Readonly<Record<string, Kind>>,
  value: string,
  options: Written,
): Key[] {
  return [named("kind", section, registry, value), ...chosen(registry[value]!.options, options)];
}

/** A choice from a registry, beside what else could be chosen. */
function named(
  name: string,
  section: string,
  registry: Readonly<Record<string, { readonly summary: string }>>,
  value: string,
): Key {
  const others = Object.keys(registry).filter((other) => other !== value);
  const comment = `${registry[value]!.summary}. Others: ${others.join(", ")} (list ${section})`;
  return { name, comment, value };
}

function keyLines(keys: readonly Key[], indent: number): string[] {
  return keys.flatMap(({ name, comment, value }, index) => {
    const pad = " ".repeat(indent);
    const comma = index < keys.length - 1 ? "," : "";
    const label = `${pad}${JSON.stringify(name)}: `;
    const lines = typeof value === "object"
      ? [`${label}{`, ...keyLines(value, indent + 2), `${pad}}${comma}`]
      : [`${label}${JSON.stringify(value)}${comma}`];
    return [...commentLines(comment, pad), ...lines];
  });
}

function commentLines(comment: string, pad: string): string[] {
  if (comment === "") return [];
  const lines = wrapWords(comment, { columns: COLUMNS - pad.length - 3, indent: 0, lead: "" });
  return lines.map((line) => `${pad}// ${line}`);
}
