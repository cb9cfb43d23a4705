/**
 * Holds the folders to their arrows. Whoever moves a file finds out here, not after a year of small shortcuts:
 *
 * ```
 * cli -> commands -> tuning -> workloads -> pools -> allocators -> sync
 *            \___________\_________\__________\______ results (imports none of them)
 * ```
 *
 * Imports of types count, and so do `import()` and modules started as workers. What measures and what
 * searches for faults (benchmarks, the schedule explorer, soak, abuse) may import everything, and nothing that is used imports it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";

/** Sources by path from the root. */
type Sources = Readonly<Record<string, string>>;

/** From the top down: a folder may import those that stand after it. */
const ORDER = [
  "bench",
  "abuse",
  "soak",
  "explore",
  "",
  "commands",
  "tuning",
  "workloads",
  "pools",
  "allocators",
  "sync",
];
const RESULTS = "results";

const VAGUE_NAMES = /(^|[/_.])(utils?|helpers?|common|misc|managers?)([/_.]|$)/;

interface Edge {
  readonly from: string;
  readonly to: string;
  /** Whether it stands at the top of the file, where a cycle would be one of loading. */
  readonly isStatic: boolean;
}

function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}

function withoutComments(source: string): string {
  const stringOrComment = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\/\/.*|\/\*[^]*?\*\//g;
  return source.replace(stringOrComment, (_, text?: string) => text ?? "");
}

/** What a file imports out of the project, as paths from the root. */
function importsOf(path: string, source: string): Edge[] {
  const code = withoutComments(source);
  const matches = (pattern: RegExp, isStatic: boolean) =>
    Array.from(code.matchAll(pattern), ([, specifier]) => ({ specifier: specifier!, isStatic }));
  return [
    ...matches(/^(?:import|export)\b[^;"]*?"(\.[^"]+)"/gm, true),
    ...matches(/\bimport\(\s*"(\.[^"]+)"/g, false),
    ...matches(/\bnew URL\(\s*"(\.[^"]+\.ts)"/g, false),
  ].map(({ specifier, isStatic }) => ({
    from: path,
    to: new URL(specifier, `file:///${path}`).pathname.slice(1),
    isStatic,
  }));
}

function edgesOf(sources: Sources): Edge[] {
  return Object.entries(sources).flatMap(([path, source]) => importsOf(path, source));
}

/** Imports against the arrows. */
function wrongArrows(sources: Sources): string[] {
  return edgesOf(sources)
    .filter(({ from, to }) => !mayImport(folderOf(from), folderOf(to)))
    .map(({ from, to }) => `${from} -> ${to}`);
}

function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  if (from === RESULTS) return false;
  return to === RESULTS || ORDER.indexOf(from) < ORDER.indexOf(to) && ORDER.includes(from);
}

/** Files that reach themselves through imports, each cycle once. */
function cycles(sources: Sources): string[] {
  const edges = edgesOf(sources).filter(({ isStatic }) => isStatic);
  const next = Map.groupBy(edges, ({ from }) => from);
  const found = new Set<string>();
  const finished = new Set<string>();
  const visit = (path: string, above: readonly string[]): void => {
    const start = above.indexOf(path);
    if (start >= 0) found.add([...above.slice(start), path].join(" -> "));
    if (start >= 0 || finished.has(path)) return;
    for (const { to } of next.get(path) ?? []) visit(to, [...above, path]);
    finished.add(path);
  };
  for (const path of Object.keys(sources)) visit(path, []);
  return [...found];
}

function vagueNames(sources: Sources): string[] {
  return Object.keys(sources).filter((path) => VAGUE_NAMES.test(path));
}

/** Barrels with anything in them but exports from other files. */
function fullBarrels(sources: Sources): string[] {
  const exportsOnly =
    /^(\s*export\s+(type\s+)?(\{[^}]*\}|\*(\s+as\s+\w+)?)\s+from\s+"[^"]+";)*\s*$/;
  return Object.entries(sources)
    .filter(([path, source]) =>
      path.endsWith("mod.ts") && !exportsOnly.test(withoutComments(source))
    )
    .map(([path]) => path);
}

const RULES = { wrongArrows, cycles, vagueNames, fullBarrels };

function readSources(folder: URL, path = ""): Sources {
  const sources: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (name.startsWith(".") || name === "node_modules" || name === "coverage") continue;
    if (isDirectory) {
      Object.assign(sources, readSources(new URL(`${name}/`, folder), `${path}${name}/`));
    } else if (name.endsWith(".ts")) {
      sources[path + name] = Deno.readTextFileSync(new URL(name, folder));
    }
  }
  return sources;
}

const project = readSources(new URL("./", import.meta.url));

for (const [name, rule] of Object.entries(RULES)) {
  Deno.test(`${name}() finds nothing in the project`, () => assertEquals(rule(project), []));
}

const PLANTED: readonly {
  readonly rule: keyof typeof RULES;
  readonly what: string;
  readonly sources: Sources;
  readonly found: readonly string[];
}[] = [
  {
    rule: "wrongArrows",
    what: "an upward import",
    sources: { "pools/a.ts": 'import { b } from "../workloads/b.ts";' },
    found: ["pools/a.ts -> workloads/b.ts"],
  },
  {
    rule: "wrongArrows",
    what: "an upward import of types over several lines",
    sources: { "sync/a.ts": 'import type {\n  B,\n} from "../pools/policies/b.ts";' },
    found: ["sync/a.ts -> pools/policies/b.ts"],
  },
  {
    rule: "wrongArrows",
    what: "results that import something",
    sources: { "results/formats/a.ts": 'export * from "../../sync/mod.ts";' },
    found: ["results/formats/a.ts -> sync/mod.ts"],
  },
  {
    rule: "wrongArrows",
    what: "an upward import when called, and an upward worker",
    sources: {
      "pools/a.ts": 'await import("../commands/b.ts");',
      "sync/c.ts": 'new Worker(new URL("../workloads/worker.ts", import.meta.url));',
    },
    found: ["pools/a.ts -> commands/b.ts", "sync/c.ts -> workloads/worker.ts"],
  },
  {
    rule: "wrongArrows",
    what: "an import of a benchmark, or of a folder that has no place",
    sources: {
      "cli.ts": 'import "./bench/a.ts";',
      "extras/a.ts": 'import "../pools/mod.ts";',
    },
    found: ["cli.ts -> bench/a.ts", "extras/a.ts -> pools/mod.ts"],
  },
  {
    rule: "wrongArrows",
    what: "nothing in comments, downward imports and imports of results",
    sources: {
      "cli.ts": 'import { bench } from "./commands/bench.ts";',
      "pools/a.ts": '// import "../workloads/b.ts";\n/*\nimport "../cli.ts";\n*/',
      "sync/a.ts": 'import type { Result } from "../results/result.ts";',
    },
    found: [],
  },
  {
    rule: "cycles",
    what: "a cycle of three files, once",
    sources: {
      "pools/a.ts": 'import "./b.ts";',
      "pools/b.ts": 'export { c } from "./c.ts";',
      "pools/c.ts": 'import type { A } from "./a.ts";',
    },
    found: ["pools/a.ts -> pools/b.ts -> pools/c.ts -> pools/a.ts"],
  },
  {
    rule: "vagueNames",
    what: "names that say nothing",
    sources: {
      "pools/utils.ts": "",
      "sync/lock_helpers.ts": "",
      "common/a.ts": "",
      "pools/pool.ts": "",
    },
    found: ["pools/utils.ts", "sync/lock_helpers.ts", "common/a.ts"],
  },
  {
    rule: "fullBarrels",
    what: "a barrel that does something",
    sources: {
      "pools/mod.ts":
        '/** Pools. */\nexport { a as "a-b" } from "./a.ts";\nexport * from "./b.ts";',
      "sync/mod.ts": 'import { a } from "./a.ts";\nexport { a };',
      "workloads/mod.ts": 'export * from "./a.ts";\nexport const b = 1;',
    },
    found: ["sync/mod.ts", "workloads/mod.ts"],
  },
];

for (const { rule, what, sources, found } of PLANTED) {
  Deno.test(`${rule}() finds ${what}`, () => assertEquals(RULES[rule](sources), found));
}
