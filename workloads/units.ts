/**
 * Values with units become numbers here, once, at the edge: "500us", "64KiB", "20000/s" and "0.1%" turn
 * into nanoseconds, bytes, events per second and a share of 1. A bare number is in base units already.
 *
 * Decimal units shift the decimal exponent of the text instead of multiplying, so "1.1us" is 1100 to the
 * last bit. Units are matched exactly, upper and lower case told apart: "ms" and "Ms" differ by 10^9.
 *
 * @module
 */
import type { Option, OptionType, ScalarValue, TextOptionType } from "../allocators/option.ts";
import { found, notAmong } from "./clauses.ts";
import {
  BYTES,
  COUNT,
  DURATION,
  INTEGER,
  type Notation,
  NUMBER,
  PROBABILITY,
  RATE,
} from "./unit_tables.ts";

/** A value that is not what it should be. The message is a clause: what was found and what is allowed. */
export class UnitError extends Error {
  /** Tells it from other errors in a log. */
  override readonly name = "UnitError";
}

/** Parses a duration such as "500us" or "1.5 ms" into nanoseconds. */
export function parseDuration(value: string | number): number {
  return notNegative(value, DURATION);
}

/** Parses a size such as "64KiB" or "2GB" into bytes. */
export function parseBytes(value: string | number): number {
  return whole(value, notNegative(value, BYTES), BYTES);
}

/** Parses a rate such as "20000/s", "20k/s" or "5/ms" into events per second. */
export function parseRate(value: string | number): number {
  return notNegative(value, RATE);
}

/** Parses a probability such as "0.1%" or "0.001" into a share of 1. */
export function parseProbability(value: string | number): number {
  const share = notNegative(value, PROBABILITY);
  if (share > 1) throw refusal(value, PROBABILITY);
  return share;
}

/** Parses a count such as "4096" or "1k" into a whole number of 0 or more. */
export function parseCount(value: string | number): number {
  return whole(value, notNegative(value, COUNT), COUNT);
}

/**
 * Parses the value of any option of any registered kind, by its declaration.
 *
 * @returns the value in base units, within the option's bounds.
 */
export function parseOption(
  option: Option,
  value: unknown,
): ScalarValue {
  if (value === null && option.default === null) return null;
  if (option.type === "parts") {
    throw new UnitError(`${found(value)} is not a list of parts: give it in a scenario file`);
  }
  if (option.type === "boolean") return parseBoolean(value);
  if (isTextType(option.type)) return parseText(option, value);
  if (typeof value !== "string" && typeof value !== "number") {
    throw refusal(value, notations[option.type]);
  }
  const parsed = parsers[option.type](value);
  const { min = -Infinity, max = Infinity } = option;
  if (parsed < min || parsed > max) {
    throw new UnitError(`${found(value)} is out of range: give ${range(option)}`);
  }
  if (option.powerOfTwo && !Number.isInteger(Math.log2(parsed))) {
    throw new UnitError(`${found(value)} is not a power of two: give one from ${range(option)}`);
  }
  return parsed;
}

type NumericType = Exclude<OptionType, "boolean" | "parts" | TextOptionType>;

const TEXT_TYPES: readonly OptionType[] = ["string", "name", "path"] satisfies TextOptionType[];

/** Whether the values of a type are texts and stay texts. */
export function isTextType(type: OptionType): type is TextOptionType {
  return TEXT_TYPES.includes(type);
}

const notations: Readonly<Record<NumericType, Notation>> = {
  integer: INTEGER,
  number: NUMBER,
  probability: PROBABILITY,
  duration: DURATION,
  bytes: BYTES,
  rate: RATE,
};

const parsers: Readonly<Record<NumericType, (value: string | number) => number>> = {
  integer: (value) => whole(value, scaled(value, INTEGER), INTEGER),
  number: (value) => scaled(value, NUMBER),
  probability: parseProbability,
  duration: parseDuration,
  bytes: parseBytes,
  rate: parseRate,
};

function parseBoolean(value: unknown): boolean {
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw new UnitError(`${found(value)} is not a boolean: give true or false`);
}

function parseText(option: Option, value: unknown): string {
  if (typeof value !== "string") {
    throw new UnitError(`${found(value)} is not a text: give a string`);
  }
  if (option.oneOf !== undefined && !option.oneOf.includes(value)) {
    throw new UnitError(notAmong(value, "is not known", option.oneOf));
  }
  if (option.type === "name" && value === "") {
    throw new UnitError(`"" is not a name: give the name of an allocator or a pool`);
  }
  if (option.type === "path" && value === "") {
    throw new UnitError(`"" is not a path: give the path of a file`);
  }
  return value;
}

/** The value in base units, whatever its sign. */
function scaled(value: string | number, notation: Notation): number {
  const number = typeof value === "number" ? value : scaledText(value, notation);
  if (!Number.isFinite(number)) throw refusal(value, notation);
  return number === 0 ? 0 : number; // never -0
}

const SHAPE = /^\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:[eE]([+-]?\d{1,3}))?\s*([^\d\s.][^\s]*)?\s*$/;

function scaledText(text: string, { units }: Notation): number {
  const match = SHAPE.exec(text);
  const unit = match === null ? undefined : units.get(match[3] ?? "");
  if (match === null || unit === undefined) return NaN;
  const exponent = Number(match[2] ?? 0) + unit.exponent;
  return Number(`${match[1]}e${exponent}`) * unit.factor;
}

function notNegative(value: string | number, notation: Notation): number {
  const number = scaled(value, notation);
  if (number < 0) {
    throw new UnitError(`${found(value)} is negative: give ${notation.allowed}`);
  }
  return number;
}

function whole(value: string | number, number: number, notation: Notation): number {
  if (!Number.isSafeInteger(number)) throw refusal(value, notation);
  return number;
}

function refusal(value: unknown, { noun, allowed }: Notation): UnitError {
  return new UnitError(`${found(value)} is not ${noun}: give ${allowed}`);
}

function range({ type, min, max }: Option): string {
  const low = min === undefined ? undefined : formatted(type, min);
  const high = max === undefined ? undefined : formatted(type, max);
  if (low === undefined) return `${high} or less`;
  if (high === undefined) return `${low} or more`;
  return `${low} to ${high}`;
}

/** A bound as a user would write it. */
function formatted(type: OptionType, value: number): string {
  if (type === "duration") return inLargestUnit(value, ["h", "m", "s", "ms", "us", "ns"], DURATION);
  if (type === "bytes") return inLargestUnit(value, ["GiB", "MiB", "KiB", "B"], BYTES);
  return type === "rate" ? `${value}/s` : String(value);
}

function inLargestUnit(value: number, names: readonly string[], { units }: Notation): string {
  for (const name of names) {
    const unit = units.get(name);
    const size = unit === undefined ? NaN : 10 ** unit.exponent * unit.factor;
    if (value >= size && value % size === 0) return `${value / size}${name}`;
  }
  return `${value}${names.at(-1)}`;
}
