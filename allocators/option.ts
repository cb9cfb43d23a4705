/**
 * What a registered kind (an allocator, an arrival, a hold, a workload, a layer) says about each of its
 * options. Help, validation, `list`, the JSON Schema and the conformance tests all follow from this
 * one table, so that a new kind is one file and one line.
 *
 * @module
 */

/** What an option's value is, and the unit in which it arrives once parsed. */
export type OptionType =
  | "integer"
  | "number" // any finite number
  | "probability" // 0 to 1; may be written "0.1%"
  | "duration" // nanoseconds; may be written "500us"
  | "bytes" // bytes; may be written "64KiB"
  | "rate" // events per second (Hz); may be written "20000/s"
  | "boolean"
  | "string"
  | "name" // the name of an allocator or a pool of the same scenario
  | "path" // a file; in a scenario, relative to the scenario's folder
  | "parts"; // PartSpec[]; may be written as names

/** A part of an element that is put together: `count` elements of the allocator or pool `of`. */
export interface PartSpec {
  /** The allocator or the pool that it is taken from. */
  readonly of: string;
  /** How many elements. */
  readonly count: number;
}

/** The value of an option of any type but `parts`, in base units. */
export type ScalarValue = number | string | boolean | null;

/** The value of an option, in base units. */
export type OptionValue = ScalarValue | readonly PartSpec[];

/** Types whose values are texts and stay texts. */
export type TextOptionType = "string" | "name" | "path";

/** One option of a registered kind. */
export interface Option {
  /** What the value is. */
  readonly type: OptionType;
  /** One line for `--help`, `list` and the JSON Schema. */
  readonly summary: string;
  /** The value taken where none is given (base units); an option without one must be given. */
  readonly default?: ScalarValue;
  /** Smallest value allowed, in base units. */
  readonly min?: number;
  /** Largest value allowed, in base units. */
  readonly max?: number;
  /** Whether only powers of two are allowed, for numbers. */
  readonly powerOfTwo?: boolean;
  /** The only values allowed, for strings. */
  readonly oneOf?: readonly string[];
}

/** The options of a kind, by key as written in a scenario file. */
export type Options = Readonly<Record<string, Option>>;

/** What every registered kind says about itself. */
export interface Kind {
  /** One line for `list` and `--help`. */
  readonly summary: string;
  /** Every key that the kind takes, besides `kind` itself. */
  readonly options: Options;
}
