/**
 * Keys that a sweep varies: `min-reserve=0,1,2,4..256`, `policy=five-level,linux`, or any key by its dotted path.
 * `4..256` doubles, `4..256:8` goes in steps of 8.
 *
 * @module
 */
import type { Varied } from "../results/sweep.ts";
import { found } from "../workloads/clauses.ts";
import { InputError } from "../workloads/input_error.ts";
import type { Overrides } from "../workloads/overrides.ts";

/** More combinations than this are a slip of the pen. */
const COMBINATIONS_MAX = 10_000;

const RANGE = /^(\d+)\.\.(\d+)(?::(\d+))?$/;

/** Keys that are options of their own. */
const OPTIONS: Readonly<Record<string, Exclude<keyof Overrides, "set">>> = {
  "min-reserve": "minReserve",
  policy: "policy",
  workers: "workers",
  duration: "duration",
  warmup: "warmup",
  speed: "speed",
  seed: "seed",
};

/**
 * Parses `KEY=LIST`.
 *
 * @throws {InputError} where it has no key, no values, or a range that leads nowhere.
 */
export function parseVaried(text: string): Varied {
  const equals = text.indexOf("=");
  const key = text.slice(0, equals).trim();
  const items = text.slice(equals + 1).split(",").map((item) => item.trim());
  if (equals < 0 || key === "" || items.includes("")) {
    throw new InputError(
      `--vary ${found(text)}: give KEY=LIST, such as min-reserve=4..256 or policy=five-level,linux`,
    );
  }
  return { key, values: [...new Set(items.flatMap((item) => valuesOf(item, key)))] };
}

function valuesOf(item: string, key: string): string[] {
  const range = RANGE.exec(item);
  if (range === null) return [item];
  const [first, last, step] = [Number(range[1]), Number(range[2]), Number(range[3] ?? 0)];
  const doubles = range[3] === undefined;
  if (first > last || (doubles ? first === 0 : step === 0)) {
    const allowed = doubles ? "from 1 up, doubling" : "with a step from 1 up";
    throw new InputError(`--vary ${key}: ${found(item)} leads nowhere: give FROM..TO ${allowed}`);
  }
  if (!doubles && (last - first) / step > COMBINATIONS_MAX) tooMany(`--vary ${key}`);
  const values: number[] = [];
  for (let value = first; value <= last; value = doubles ? 2 * value : value + step) {
    values.push(value);
  }
  return values.map(String);
}

/** One combination: the values by key, and as changes of the scenario. */
export interface Combination {
  readonly settings: Readonly<Record<string, string>>;
  readonly overrides: Overrides;
}

/**
 * Every combination, the last key fastest.
 *
 * @throws {InputError} where there are too many, or a key is given twice.
 */
export function combinationsOf(varied: readonly Varied[]): Combination[] {
  const many = varied.reduce((product, { values }) => product * values.length, 1);
  if (many > COMBINATIONS_MAX) tooMany("--vary");
  const twice = varied.find(({ key }, index) => varied.findIndex((v) => v.key === key) < index);
  if (twice !== undefined) {
    throw new InputError(`--vary ${twice.key}: it is given twice: give one list`);
  }
  let all: Combination[] = [{ settings: {}, overrides: {} }];
  for (const { key, values } of varied) {
    all = all.flatMap((each) => values.map((value) => withValue(each, key, value)));
  }
  return all;
}

function tooMany(where: string): never {
  throw new InputError(
    `${where}: there are more than ${COMBINATIONS_MAX} combinations: give fewer values`,
  );
}

function withValue({ settings, overrides }: Combination, key: string, value: string): Combination {
  const changed = Object.hasOwn(OPTIONS, key)
    ? { ...overrides, [OPTIONS[key]!]: value }
    : { ...overrides, set: [...overrides.set ?? [], `${key}=${value}`] };
  return { settings: { ...settings, [key]: value }, overrides: changed };
}
