/**
 * Types of the parts of Deno's standard library that are used here. The source imports them by their
 * canonical names, as it would from JSR; `deno.json` maps those names to the npm package `deno-std`,
 * which has the code without its types.
 *
 * A function that is missing here exists all the same: declare it before its first use.
 *
 * @module
 */

declare module "@std/assert" {
  /** What `instanceof` takes on its right. */
  type AnyClass<T> = abstract new (...args: never[]) => T;
  /** Thrown by every assertion that fails. */
  export class AssertionError extends Error {}
  export function assert(condition: unknown, message?: string): asserts condition;
  export function assertFalse(condition: unknown, message?: string): asserts condition is false;
  /** Compares by value, through arrays, maps, sets, dates and typed arrays. */
  export function assertEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertNotEquals<T>(actual: T, expected: T, message?: string): void;
  /** Compares with `Object.is`. */
  export function assertStrictEquals<T>(
    actual: unknown,
    expected: T,
    message?: string,
  ): asserts actual is T;
  export function assertAlmostEquals(
    actual: number,
    expected: number,
    tolerance?: number,
    message?: string,
  ): void;
  export function assertGreater<T>(actual: T, expected: T, message?: string): void;
  export function assertGreaterOrEqual<T>(actual: T, expected: T, message?: string): void;
  export function assertLess<T>(actual: T, expected: T, message?: string): void;
  export function assertLessOrEqual<T>(actual: T, expected: T, message?: string): void;
  export function assertStringIncludes(actual: string, expected: string, message?: string): void;
  export function assertArrayIncludes<T>(
    actual: ArrayLike<T>,
    expected: ArrayLike<T>,
    message?: string,
  ): void;
  export function assertMatch(actual: string, expected: RegExp, message?: string): void;
  export function assertNotMatch(actual: string, expected: RegExp, message?: string): void;
  export function assertExists<T>(
    actual: T,
    message?: string,
  ): asserts actual is NonNullable<T>;
  export function assertInstanceOf<T>(
    actual: unknown,
    expectedType: AnyClass<T>,
    message?: string,
  ): asserts actual is T;
  export function assertThrows(fn: () => unknown, message?: string): unknown;
  export function assertThrows<E extends Error = Error>(
    fn: () => unknown,
    errorClass: AnyClass<E>,
    messageIncludes?: string,
    message?: string,
  ): E;
  export function assertRejects(fn: () => PromiseLike<unknown>, message?: string): Promise<unknown>;
  export function assertRejects<E extends Error = Error>(
    fn: () => PromiseLike<unknown>,
    errorClass: AnyClass<E>,
    messageIncludes?: string,
    message?: string,
  ): Promise<E>;
  export function fail(message?: string): never;
  export function unreachable(reason?: string): never;
}

declare module "@std/fmt/colors" {
  type Style = (text: string) => string;
  export function setColorEnabled(value: boolean): void;
  export function getColorEnabled(): boolean;
  export function stripAnsiCode(text: string): string;
  export function rgb8(text: string, color: number): string;
  export function bgRgb8(text: string, color: number): string;
  export const bold: Style;
  export const dim: Style;
  export const italic: Style;
  export const underline: Style;
  export const inverse: Style;
  export const black: Style;
  export const red: Style;
  export const green: Style;
  export const yellow: Style;
  export const blue: Style;
  export const magenta: Style;
  export const cyan: Style;
  export const white: Style;
  export const gray: Style;
  export const brightRed: Style;
  export const brightGreen: Style;
  export const brightYellow: Style;
  export const brightBlue: Style;
  export const brightMagenta: Style;
  export const brightCyan: Style;
  export const brightWhite: Style;
  export const bgRed: Style;
  export const bgGreen: Style;
  export const bgYellow: Style;
  export const bgBlue: Style;
}

declare module "@std/cli/parse-args" {
  export interface ParseOptions<
    B extends string = never,
    S extends string = never,
    C extends string = never,
  > {
    /** Options that take no value. */
    boolean?: readonly B[];
    /** Options whose value stays a string. */
    string?: readonly S[];
    /** Those of them that may be given several times. */
    collect?: readonly C[];
    negatable?: readonly B[];
    alias?: Readonly<Record<string, string | readonly string[]>>;
    default?: Readonly<Record<string, unknown>>;
    stopEarly?: boolean;
    "--"?: boolean;
    /** Called for what is not declared; false leaves it out of the result. */
    unknown?: (argument: string, key?: string, value?: unknown) => unknown;
  }
  /** Booleans are false and collected options empty where they are not given. */
  export type Args<B extends string, S extends string, C extends string> =
    & { _: (string | number)[] }
    & { [key in B]: boolean }
    & { [key in Exclude<S, C>]?: string }
    & { [key in C]: string[] };
  export function parseArgs<
    const B extends string = never,
    const S extends string = never,
    const C extends string = never,
  >(args: readonly string[], options?: ParseOptions<B, S, C>): Args<B, S, C>;
}

declare module "@std/text/closest-string" {
  export interface ClosestStringOptions {
    caseSensitive?: boolean;
    compareFn?: (a: string, b: string) => number;
  }
  /**
   * The word nearest to the given one (Levenshtein).
   *
   * @throws {TypeError} where there are no possible words.
   */
  export function closestString(
    givenWord: string,
    possibleWords: readonly string[],
    options?: ClosestStringOptions,
  ): string;
}

declare module "@std/jsonc" {
  export type JsonValue =
    | { [key: string]: JsonValue | undefined }
    | JsonValue[]
    | string
    | number
    | boolean
    | null;
  /**
   * JSON with comments and trailing commas.
   *
   * @throws {SyntaxError} where the text is neither.
   */
  export function parse(text: string): JsonValue;
}

declare module "jstat" {
  /** Of jStat, what is used here. */
  const jstat: {
    readonly studentt: {
      /** The quantile of Student's t distribution. */
      inv(probability: number, freedom: number): number;
    };
  };
  export default jstat;
}

declare module "@std/yaml" {
  /** Parses one YAML document. @throws {SyntaxError} where it is none. */
  export function parse(content: string): unknown;
}

declare module "@std/csv" {
  /** Parses RFC 4180. @throws {SyntaxError} where it is none. */
  export function parse(
    content: string,
    options: { readonly skipFirstRow: true },
  ): Record<string, string>[];
}
