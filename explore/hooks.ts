/**
 * What stands in for the shared memory while threads are explored: the global `Atomics`, the words themselves (a Proxy, so that plain
 * reads and writes come by too, with not a line of the project's changed), the clock and the timers. What is
 * not of a program under exploration goes to the real ones.
 *
 * @module
 */
import { Op, type OpCode } from "./operations_on_words.ts";
import { type Memory, UNWIND } from "./program.ts";

/** Where the operations of the code under exploration lead to. */
export interface Watcher {
  readonly memory: Memory;
  /** Whether code under exploration is running, so that its clock and timers lead here too. */
  readonly isRunning: boolean;
  /** One operation on one word. */
  step(op: OpCode, word: number, a: number, b: number): number;
  /** Several words at once, from `word` on. */
  stepMany<T>(what: string, word: number, act: () => T): T;
  /** Something that no other thread sees. */
  effect<T>(act: () => T): T;
  /** Milliseconds. */
  now(): number;
  /** `Atomics.wait`. */
  wait(word: number, value: number, timeoutMs: number): string;
  /** `Atomics.waitAsync`. */
  waitAsync(word: number, value: number, timeoutMs: number): { async: boolean; value: unknown };
}

/** The real one. */
export const real: typeof Atomics = Atomics;

const realNow = performance.now.bind(performance);
const { timeOrigin } = performance;
const realSetTimeout = globalThis.setTimeout;
const realClearTimeout = globalThis.clearTimeout;

let machine: Watcher | null = null;
let shared: unknown = null;

const STEPS = [
  "load",
  "store",
  "add",
  "sub",
  "and",
  "or",
  "xor",
  "exchange",
  "compareExchange",
] as const;

type Any = (...args: never[]) => unknown;

function hooked(name: typeof STEPS[number]): Any {
  const op: OpCode = Op[name];
  const really = real[name] as unknown as (...args: unknown[]) => unknown;
  return (typed: unknown, word: number, a = 0, b = 0) =>
    typed === shared ? machine!.step(op, word, a, b) : really(typed, word, a, b);
}

const replaced = {
  ...Object.fromEntries(STEPS.map((name) => [name, hooked(name)])),
  isLockFree: real.isLockFree,
  notify: (typed: Int32Array, word: number, count = Infinity) =>
    typed === shared ? machine!.step(Op.notify, word, count, 0) : real.notify(typed, word, count),
  wait: (typed: Int32Array, word: number, value: number, timeoutMs = Infinity) =>
    typed === shared
      ? machine!.wait(word, value, timeoutMs)
      : real.wait(typed, word, value, timeoutMs),
  waitAsync: (typed: Int32Array, word: number, value: number, timeoutMs = Infinity) =>
    typed === shared
      ? machine!.waitAsync(word, value, timeoutMs)
      : real.waitAsync(typed, word, value, timeoutMs),
};

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

/** Replaces what is global, for good. Before the modules under exploration load. */
export function installHooks(): void {
  define(globalThis, "Atomics", replaced);
  Object.defineProperty(performance, "timeOrigin", {
    get: () => machine?.isRunning ? 0 : timeOrigin,
    configurable: true,
  });
  define(performance, "now", () => machine?.isRunning ? machine.now() : realNow());
  define(
    globalThis,
    "setTimeout",
    (...args: Parameters<typeof setTimeout>) => machine?.isRunning ? 0 : realSetTimeout(...args),
  );
  define(globalThis, "clearTimeout", (id: number) => {
    if (!machine?.isRunning) realClearTimeout(id);
  });
  // What gives way on an event loop unwinds promises that nobody awaits, and listeners.
  globalThis.addEventListener("unhandledrejection", (event) => {
    if (event.reason === UNWIND) event.preventDefault();
  });
  globalThis.addEventListener("error", (event) => {
    if (event.error === UNWIND) event.preventDefault();
  });
}

const isDigit = (key: string) => key.charCodeAt(0) <= 57 && key.charCodeAt(0) >= 48;

/** The words as the code under exploration sees them. */
function watchedWords(words: Int32Array<SharedArrayBuffer>): Int32Array<SharedArrayBuffer> {
  const many: Record<string, unknown> = {
    copyWithin: (to: number, from: number, end: number) =>
      void machine!.stepMany("copies to", to, () => void words.copyWithin(to, from, end)),
    fill: (value: number, from: number, end: number) =>
      void machine!.stepMany("fills", from, () => void words.fill(value, from, end)),
    set: (values: ArrayLike<number>, at: number) =>
      void machine!.stepMany("sets", at, () => void words.set(values, at)),
    subarray: (from: number, end: number) =>
      machine!.stepMany("reads from", from, () => words.slice(from, end)),
    slice: (from: number, end: number) =>
      machine!.stepMany("reads from", from, () => words.slice(from, end)),
  };
  return new Proxy(words, {
    get(_, key) {
      if (typeof key === "string") {
        if (isDigit(key)) return machine!.step(Op.read, Number(key), 0, 0);
        const method = many[key];
        if (method !== undefined) return method;
      }
      const value = Reflect.get(words, key, words);
      if (typeof value === "function") {
        throw new Error(`${String(key)} of the words is not explored`);
      }
      return value;
    },
    set(_, key, value) {
      machine!.step(Op.write, Number(key), value | 0, 0);
      return true;
    },
  });
}

/** The doubles: counts, each of one thread alone, so that nobody has to wait before them. */
function watchedDoubles(doubles: Float64Array<SharedArrayBuffer>): Float64Array<SharedArrayBuffer> {
  return new Proxy(doubles, {
    get(_, key) {
      if (typeof key === "string" && isDigit(key)) {
        return machine!.effect(() => doubles[Number(key)]);
      }
      const value = Reflect.get(doubles, key, doubles);
      return typeof value === "function" ? value.bind(doubles) : value;
    },
    set(_, key, value) {
      machine!.effect(() => void (doubles[Number(key)] = value));
      return true;
    },
  });
}

/** Has the hooks lead to a watcher from here on. @returns its memory as the code under exploration is to see it. */
export function watch(watched: Watcher): Memory {
  machine = watched;
  const words = watchedWords(watched.memory.words);
  shared = words;
  return { words, doubles: watchedDoubles(watched.memory.doubles) };
}
