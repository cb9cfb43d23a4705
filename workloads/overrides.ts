/**
 * What the command line changes in a scenario. It is applied to the scenario as written, before
 * anything is checked, so that one set of sentences serves both; the changed keys remember the
 * option they came from.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Document, Place } from "./document.ts";
import type { Path } from "./locate.ts";
import { parseNotation, type Registry } from "./notation.ts";
import { absoluteSpec } from "./paths.ts";
import { isObject } from "./schema/object_schema.ts";
import type { Registries } from "./registries.ts";
import { InputError } from "./input_error.ts";
import { parseAssignment, parseValue, setKey } from "./set_key.ts";
import { UnitError } from "./units.ts";
import { COMPARE } from "./variants.ts";

/**
 * Options of the running commands that change the scenario; texts as on the command line, or
 * values.
 */
export interface Overrides {
  /** `workload.workers`. */
  readonly workers?: string | number | undefined;
  /** `workload.duration`. */
  readonly duration?: string | number | undefined;
  /** `workload.warmup`. */
  readonly warmup?: string | number | undefined;
  /** `workload.speed`; `2x` is 2. */
  readonly speed?: string | number | undefined;
  /** `repeat`. */
  readonly repeat?: string | number | undefined;
  /** `seed`. */
  readonly seed?: string | number | undefined;
  /** `minReserve` of the measured pool: the first that the workload takes from. */
  readonly minReserve?: string | number | undefined;
  /** `policy` of the measured pool. */
  readonly policy?: string | undefined;
  /** A recorded trace: the workload becomes its replay. A path starts from the current folder. */
  readonly trace?: string | undefined;
  /** `workload.unfinished` of a replay. */
  readonly unfinished?: string | undefined;
  /** `workload.spread` of a replay. */
  readonly spread?: boolean | undefined;
  /** `workload.view` of a replay. */
  readonly view?: string | undefined;
  /** `workload.join` of a replay. A path starts from the current folder. */
  readonly join?: string | undefined;
  /** `workload.arrival`, in the notation of the command line. Paths start from the current folder. */
  readonly arrival?: string | undefined;
  /** `workload.hold`, likewise. */
  readonly hold?: string | undefined;
  /** `KEY=VALUE` each, for any other key. */
  readonly set?: readonly string[] | undefined;
}

interface Flag {
  readonly option: Exclude<keyof Overrides, "set" | "trace" | "arrival" | "hold">;
  readonly flag: string;
  /** The object that has the key; null where the scenario has none. */
  readonly around: (raw: Record<string, unknown>) => Path | null;
}

const inScenario = (): Path => [];
const inWorkload = (): Path => ["workload"];

const FLAGS: readonly Flag[] = [
  { option: "workers", flag: "--workers", around: inWorkload },
  { option: "duration", flag: "--duration", around: inWorkload },
  { option: "warmup", flag: "--warmup", around: inWorkload },
  { option: "speed", flag: "--speed", around: inWorkload },
  { option: "unfinished", flag: "--unfinished", around: inWorkload },
  { option: "spread", flag: "--spread", around: inWorkload },
  { option: "view", flag: "--view", around: inWorkload },
  { option: "join", flag: "--join", around: inWorkload },
  { option: "repeat", flag: "--repeat", around: inScenario },
  { option: "seed", flag: "--seed", around: inScenario },
  { option: "minReserve", flag: "--min-reserve", around: measuredPool },
  { option: "policy", flag: "--policy", around: measuredPool },
];

const ONLY_IN_FILES =
  "variants are made before the command line is looked at: give them in the file";

/** Where changed keys come from, by path: what begins a refusal of them. */
type Origins = Map<string, string>;

/**
 * The scenario with the command line's changes: the trace first, then `--set` in order, then the
 * options with a name of their own.
 *
 * @throws {InputError} where a `--set` names no key that could be set.
 */
export function applyOverrides(
  document: Document,
  overrides: Overrides,
  registries: Registries,
): Document {
  if (!isObject(document.raw)) return document;
  const raw = structuredClone(document.raw);
  const origins: Origins = new Map();
  if (overrides.trace !== undefined) replayTrace(raw, overrides.trace, registries, origins);
  for (const text of overrides.set ?? []) {
    const assignment = parseAssignment(text);
    if (assignment.path[0] === COMPARE) throw new InputError(`--set ${COMPARE}: ${ONLY_IN_FILES}`);
    origins.set(JSON.stringify(setKey(raw, assignment)), "--set ");
  }
  for (const { option, flag, around } of FLAGS) {
    const given = overrides[option];
    const path = around(raw);
    const object = path === null ? null : objectAt(raw, path);
    if (given === undefined || path === null || object === null) continue;
    object[option] = typeof given === "string"
      ? parseValue(asWritten(option, given), `${flag}: `)
      : given;
    origins.set(JSON.stringify([...path, option]), `${flag}: `);
  }
  setSpec(raw, "arrival", { given: overrides.arrival, registry: registries.arrivals, origins });
  setSpec(raw, "hold", { given: overrides.hold, registry: registries.holds, origins });
  return { ...document, raw, placeOf: (path) => originOf(path, origins) ?? document.placeOf(path) };
}

/** A kind in the notation of the command line; what is wrong with it is left for the schema to say. */
function setSpec(
  raw: Record<string, unknown>,
  key: "arrival" | "hold",
  { given, registry, origins }: {
    readonly given: string | undefined;
    readonly registry: Registry;
    readonly origins: Origins;
  },
): void {
  const workload = objectAt(raw, ["workload"]);
  if (given === undefined || workload === null) return;
  origins.set(JSON.stringify(["workload", key]), `--${key}: `);
  try {
    workload[key] = absoluteSpec(parseNotation(given, registry, key), registry, "");
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    workload[key] = given;
  }
}

/** Turns the workload into the replay of a trace: what only its own kind knew goes. */
function replayTrace(
  raw: Record<string, unknown>,
  trace: string,
  { workloads }: Registries,
  origins: Origins,
): void {
  const workload = objectAt(raw, ["workload"]);
  if (workload === null) return;
  const { kind } = workload;
  const own = typeof kind === "string" && Object.hasOwn(workloads, kind) ? workloads[kind] : null;
  if (own && kind !== "replay") {
    for (const key of [...own.needs, ...own.allows, ...Object.keys(own.options)]) {
      delete workload[key];
    }
  }
  workload.kind = "replay";
  workload.trace = pathOf(trace);
  for (const key of ["kind", "trace"]) origins.set(JSON.stringify(["workload", key]), "--trace: ");
}

/** A value of the command line as a scenario has it. */
function asWritten(option: string, given: string): string {
  if (option === "speed") return given.replace(/^([\d.]+)x$/, "$1");
  return option === "join" ? pathOf(given) : given;
}

/** An absolute path, or a `file:` URL as it is. */
function pathOf(given: string): string {
  return /^file:/.test(given) ? given : resolve(given);
}

/** Path of the pool that `--min-reserve` and `--policy` mean. */
function measuredPool(raw: Record<string, unknown>): Path | null {
  const take = objectAt(raw, ["workload"])?.take;
  const first: unknown = Array.isArray(take) && isObject(take[0]) ? take[0].pool : take;
  return typeof first === "string" ? ["pools", first] : null;
}

function objectAt(raw: Record<string, unknown>, path: Path): Record<string, unknown> | null {
  let node: unknown = raw;
  for (const key of path) {
    node = isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined;
  }
  return isObject(node) ? node : null;
}

function originOf(path: Path, origins: Origins): Place | null {
  const keys = [...origins.keys()];
  for (let length = path.length; length > 0; length--) {
    const key = JSON.stringify(path.slice(0, length));
    const prefix = origins.get(key);
    // Before anything in the file: the command line is what the user just wrote.
    if (prefix !== undefined) return { prefix, order: keys.indexOf(key) - keys.length };
  }
  return null;
}
