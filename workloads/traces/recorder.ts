/**
 * Records what a program allocates and frees as a trace in the native format, for `trace info`, `bench --trace` and
 * `recommend --trace`. It goes round a mempool, or round any acquire and release of one's own, in Deno and in Node.
 *
 * An event is written as digits into a buffer of 64 KiB, some 100 ns and no garbage, and the buffer goes to the file when it is
 * full, when the recorder is closed, and on whatever way the program ends but by being killed: at its natural end, by
 * `Deno.exit()` or `process.exit()`, by an error that nobody catches, by SIGINT and SIGTERM. Writing is synchronous, about
 * once in 2,500 events, since nothing else could be relied on at an exit. It needs no permission but to write that file.
 *
 * Several workers record into one file, each with a recorder of its own: chunks are appended, and readers put events
 * in order. The worker that made a recorder writes its name into every line.
 *
 * This file stands by itself, imports nothing but `node:` modules, and has no TypeScript in it that cannot simply be left
 * out: Node 22.18 and later runs it as it is, earlier versions run what `deno bundle` makes of it.
 *
 * @example
 * ```ts
 * import { openRecorder, recordCalls } from "mempool-bench/recorder";
 *
 * using recorder = openRecorder("app.csv");
 * const { acquire, release } = recordCalls(recorder, {
 *   acquire: () => pool.pop() ?? new Uint8Array(4096),
 *   release: (buffer: Uint8Array) => void pool.push(buffer),
 *   sizeBytes: (buffer: Uint8Array) => buffer.byteLength,
 * });
 * ```
 *
 * @module
 */
import { closeSync, fstatSync, openSync, writeSync } from "node:fs";
import process from "node:process";

/** How to record. */
export interface RecorderOptions {
  /** The name of this worker in the trace; "0" if not given. */
  readonly worker?: string;
  /**
   * Milliseconds since 1970 from which times count, for all workers alike, such as the main thread's
   * `performance.timeOrigin`; its own start if not given.
   */
  readonly originMs?: number;
  /** Whether to add to a file that is there already, as other workers do; else it begins anew. */
  readonly append?: boolean;
  /**
   * Signals at which the buffer is written and the program ends, as it would have without a recorder; SIGINT and SIGTERM in
   * the main thread, if not given. A program that handles them itself gives an empty list, and closes the recorder.
   */
  readonly signals?: readonly ("SIGINT" | "SIGTERM" | "SIGHUP")[];
}

/** A recording. Only the thread that opened it may use it. Nothing here blocks but for a write to the file now and then. */
export interface Recorder extends Disposable {
  /** Notes that an element was allocated: its id, unique among those that are live, and its size. */
  allocated(id: number | string, sizeBytes: number): void;
  /** Notes that an element was freed. */
  freed(id: number | string): void;
  /** Notes that an element has another size from here on. */
  resized(id: number | string, sizeBytes: number): void;
  /** Writes what is in the buffer. */
  flush(): void;
  /** Writes what is in the buffer and closes the file. Notes after that are ignored. */
  close(): void;
  /** Why nothing more is recorded: the file could not be written any further. Null while all is well. */
  readonly failure: Error | null;
}

const BUFFER_BYTES = 65_536;

/** Room that an event with a number for an id never exceeds, but for the worker's name. */
const EVENT_BYTES = 64;

const COMMA = 44;
const ZERO = 48;
const ALLOCATED = 97; // a
const FREED = 102; // f
const RESIZED = 114; // r

/** Signals by number, for the exit status. */
const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/**
 * Opens a recording.
 *
 * @param path the file; begun anew unless `append`.
 * @throws {Error} where it cannot be opened.
 */
export function openRecorder(path: string | URL, options: RecorderOptions = {}): Recorder {
  const { originMs = performance.timeOrigin + performance.now(), append = false } = options;
  if (!append) closeSync(openSync(path, "w"));
  // Always at the end of the file, wherever that is by now: others may write to it as well.
  const recorder = new FileRecorder(openSync(path, "a"), {
    worker: nameOf(options.worker ?? "0"),
    offsetMs: performance.timeOrigin - originMs,
  });
  const stop = atEveryEnd(() => recorder.flush(), options.signals ?? ["SIGINT", "SIGTERM"]);
  recorder.onClose = stop;
  return recorder;
}

/** A name or an id as it may stand in a line. */
function nameOf(text: string): string {
  return text.replace(/[,\s"]/g, "_");
}

/** The smallest step that the clock shows, nanoseconds. */
function clockGrainNs(): number {
  let grainMs = Infinity;
  for (let step = 0; step < 50; step++) {
    const startMs = performance.now();
    let nowMs = startMs;
    for (let look = 0; look < 1000 && nowMs === startMs; look++) nowMs = performance.now();
    if (nowMs > startMs) grainMs = Math.min(grainMs, nowMs - startMs);
  }
  return Math.max(1, Math.round(grainMs * 1e6));
}

class FileRecorder implements Recorder {
  failure: Error | null = null;
  onClose: () => void = () => {};
  readonly #offsetMs: number;
  readonly #bytes = new Uint8Array(BUFFER_BYTES);
  readonly #worker: Uint8Array;
  readonly #encoder = new TextEncoder();
  #file: number;
  #used = 0;

  constructor(file: number, options: { readonly worker: string; readonly offsetMs: number }) {
    this.#file = file;
    this.#offsetMs = options.offsetMs;
    this.#worker = this.#encoder.encode(`,${options.worker}\n`);
    if (fstatSync(file).size > 0) return;
    this.#text(`#resolution_ns=${clockGrainNs()}\n#clock=monotonic\n#source=recorder\n`);
    this.#text("t_ns,op,id,size,worker\n");
    this.flush();
  }

  allocated(id: number | string, sizeBytes: number): void {
    this.#note(ALLOCATED, id, sizeBytes);
  }

  freed(id: number | string): void {
    this.#note(FREED, id, -1);
  }

  resized(id: number | string, sizeBytes: number): void {
    this.#note(RESIZED, id, sizeBytes);
  }

  #note(op: number, id: number | string, sizeBytes: number): void {
    if (this.#file < 0) return;
    const timeNs = Math.max(0, Math.round((performance.now() + this.#offsetMs) * 1e6));
    const isText = typeof id === "string";
    const room = EVENT_BYTES + this.#worker.length + (isText ? 3 * id.length : 0);
    if (this.#used + room > BUFFER_BYTES) this.flush();
    this.#number(timeNs);
    this.#bytes[this.#used++] = COMMA;
    this.#bytes[this.#used++] = op;
    this.#bytes[this.#used++] = COMMA;
    if (isText) this.#text(nameOf(id));
    else this.#number(id);
    this.#bytes[this.#used++] = COMMA;
    if (sizeBytes >= 0) this.#number(sizeBytes);
    this.#bytes.set(this.#worker, this.#used);
    this.#used += this.#worker.length;
  }

  /** A whole number of up to 2^53 - 1, nine digits at a time, which fit 32 bits and divide fast. */
  #number(value: number): void {
    if (value < 1e9) return this.#digits(value, 1);
    const high = Math.floor(value / 1e9);
    this.#number(high);
    this.#digits(value - high * 1e9, 9);
  }

  #digits(value: number, least: number): void {
    let count = least;
    for (let power = 10 ** least; value >= power; power *= 10) count++;
    let rest = value | 0;
    for (let at = this.#used + count - 1; at >= this.#used; at--) {
      const tenth = (rest / 10) | 0;
      this.#bytes[at] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.#used += count;
  }

  #text(text: string): void {
    const { written } = this.#encoder.encodeInto(text, this.#bytes.subarray(this.#used));
    this.#used += written;
  }

  flush(): void {
    const { length } = this.#bytes.subarray(0, this.#used);
    this.#used = 0;
    if (this.#file < 0) return;
    try {
      for (let at = 0; at < length;) at += writeSync(this.#file, this.#bytes, at, length - at);
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      this.#file = -1;
    }
  }

  close(): void {
    if (this.#file < 0) return;
    this.flush();
    this.onClose();
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Calls `flush` on every way in which this thread may end. @returns what undoes that. */
function atEveryEnd(
  flush: () => void,
  signals: readonly (keyof typeof SIGNAL_NUMBERS)[],
): () => void {
  const events = ["unload", "error", "unhandledrejection"];
  const target: Partial<EventTarget> = globalThis;
  for (const event of events) target.addEventListener?.(event, flush);
  process.on("exit", flush);
  const handlers = signals.map((signal) => {
    const end = () => {
      flush();
      if (process.listenerCount(signal) === 1) process.exit(128 + SIGNAL_NUMBERS[signal]);
    };
    return [signal, end] as const;
  });
  for (const [signal, end] of handlers) process.on(signal, end);
  return () => {
    for (const event of events) target.removeEventListener?.(event, flush);
    process.off("exit", flush);
    for (const [signal, end] of handlers) process.off(signal, end);
  };
}

/** A pool by handles, such as a mempool. */
export interface HandlePool {
  /** Takes an element; 0 is none. */
  allocate(context?: 0 | 1): number;
  /** Gives it back. */
  free(handle: number): void;
  /** Bytes in an element. */
  readonly elementBytes: number;
}

/** A mempool whose every allocation and free is recorded; its other calls are not. */
export function recordPool(recorder: Recorder, pool: HandlePool): HandlePool {
  const { elementBytes } = pool;
  return {
    elementBytes,
    allocate(context) {
      const handle = pool.allocate(context);
      if (handle !== 0) recorder.allocated(handle, elementBytes);
      return handle;
    },
    free(handle) {
      // Noted first: the moment it is free, another worker may have it.
      recorder.freed(handle);
      pool.free(handle);
    },
  };
}

/** A program's own acquire and release. */
export interface Calls<Args extends unknown[], T> {
  /** Gets an element. */
  acquire(...args: Args): T;
  /** Gives it back. */
  release(element: T): void;
  /** How large it is, bytes. */
  sizeBytes(element: T): number;
}

/**
 * The same calls, recorded. Elements are objects, which get numbers here, or numbers and texts, which name themselves.
 */
export function recordCalls<Args extends unknown[], T extends WeakKey | number | string>(
  recorder: Recorder,
  { acquire, release, sizeBytes }: Calls<Args, T>,
): Pick<Calls<Args, T>, "acquire" | "release"> {
  const numbers = new WeakMap<WeakKey, number>();
  let last = 0;
  const idOf = (element: T): number | string => {
    if (typeof element === "number" || typeof element === "string") return element;
    let number = numbers.get(element);
    if (number === undefined) numbers.set(element, number = ++last);
    return number;
  };
  return {
    acquire(...args) {
      const element = acquire(...args);
      recorder.allocated(idOf(element), sizeBytes(element));
      return element;
    },
    release(element) {
      recorder.freed(idOf(element));
      release(element);
    },
  };
}
