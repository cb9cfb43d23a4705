/**
 * The terminal as a whole screen, and stdin line by line: the other half of what `cli.ts` knows of the world. A screen takes
 * keys one by one and draws on the terminal's second page, so that what stood there before comes back; it gives the terminal
 * back as it was however it ends: disposed of, by an error that nobody caught, or by a signal that ends the process.
 *
 * @module
 */
import { PassThrough } from "node:stream";
import { emitKeypressEvents } from "node:readline";
import type { Screen, ScreenListener } from "./commands/io.ts";

/** The second page, no cursor, no wrapping of lines that are too long. */
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J";
const LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l";
/** All that is between these is shown at once. */
const BEGIN_FRAME = "\x1b[?2026h";
const END_FRAME = "\x1b[?2026l";
const HOME = "\x1b[H";
const CLEAR_LINE = "\x1b[K";

/** Signals that end the process, and by which status. */
const FATAL = { SIGTERM: 143, SIGHUP: 129 } as const;

/** The size of a terminal that does not tell its own. */
const SIZE = { columns: 80, rows: 24 };

/** What node says of a key. */
interface Keypress {
  readonly name?: string;
  readonly sequence?: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly shift: boolean;
}

/** Whether a screen can be had: somebody reads and writes there, and it can be steered. */
export function hasScreen(term: string | undefined): boolean {
  return Deno.stdin.isTerminal() && Deno.stdout.isTerminal() && term !== "dumb";
}

/** Takes the terminal over. To be disposed of. */
export function openScreen(): Screen {
  const encoder = new TextEncoder();
  const write = (text: string) => {
    const bytes = encoder.encode(text);
    for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
  };
  using cleanup = new DisposableStack();
  let drawn: readonly string[] = [];
  cleanup.defer(restoring(write));
  Deno.stdin.setRaw(true);
  write(ENTER);
  for (const [signal, status] of Object.entries(FATAL)) {
    // An exit unloads, and that gives the terminal back.
    cleanup.use(heard(signal as keyof typeof FATAL, () => Deno.exit(status)));
  }
  const held = cleanup.move();
  return {
    get columns() {
      return sizeOf().columns;
    },
    get rows() {
      return sizeOf().rows;
    },
    draw(lines) {
      const same = lines.length === drawn.length;
      const frame = lines.map((line, row) =>
        same && line === drawn[row] ? "" : `\x1b[${row + 1};1H${line}${CLEAR_LINE}`
      ).join("");
      if (frame !== "") write(BEGIN_FRAME + HOME + frame + (same ? "" : "\x1b[J") + END_FRAME);
      drawn = lines;
    },
    listen(listener) {
      held.use(heard("SIGWINCH", () => {
        drawn = [];
        write("\x1b[2J");
        listener.resized();
      }));
      held.use(keysTo(listener));
    },
    [Symbol.dispose]: () => held.dispose(),
  };
}

/** Gives the terminal back, once, also where the process ends by an error. */
function restoring(write: (text: string) => void): () => void {
  const ENDINGS = ["error", "unhandledrejection", "unload"] as const;
  const restore = () => {
    for (const ending of ENDINGS) globalThis.removeEventListener(ending, restore);
    try {
      Deno.stdin.setRaw(false);
      write(LEAVE);
    } catch {
      // The terminal is gone: there is nothing to be given back.
    }
  };
  for (const ending of ENDINGS) globalThis.addEventListener(ending, restore);
  return restore;
}

function sizeOf(): { columns: number; rows: number } {
  try {
    const { columns, rows } = Deno.consoleSize();
    return columns > 0 && rows > 0 ? { columns, rows } : SIZE;
  } catch {
    return SIZE;
  }
}

function heard(signal: Deno.Signal, hear: () => void): Disposable {
  Deno.addSignalListener(signal, hear);
  return { [Symbol.dispose]: () => Deno.removeSignalListener(signal, hear) };
}

/** Tells a listener of keys and of the end of stdin, until it is disposed of. */
function keysTo(listener: ScreenListener): Disposable {
  const decoder = new PassThrough();
  emitKeypressEvents(decoder);
  decoder.on("keypress", (_text: string | undefined, key: Keypress) => {
    if (taker !== null) listener.pressed(named(key));
  });
  taker = (bytes) => {
    if (bytes === null) listener.ended();
    else decoder.write(bytes);
  };
  isReading ||= (void readKeys(), true);
  return {
    [Symbol.dispose](): void {
      taker = null;
      decoder.destroy();
    },
  };
}

/** Who gets what is read: one screen at a time. */
let taker: ((bytes: Uint8Array | null) => void) | null = null;
let isReading = false;

/** Reads stdin for all screens, since a read that has begun cannot be taken back. */
async function readKeys(): Promise<void> {
  const buffer = new Uint8Array(1024);
  for (;;) {
    const many = await Deno.stdin.read(buffer).catch(() => null);
    taker?.(many === null ? null : buffer.slice(0, many));
    if (many === null) return;
  }
}

function named({ name = "", sequence = "", ctrl, meta, shift }: Keypress) {
  const isText = !ctrl && !meta && !/\p{Cc}/u.test(sequence);
  return { name, text: isText ? sequence : "", ctrl, shift };
}

/** The lines of stdin as they come, without their ends. */
export async function* stdinLines(): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(4096);
  let rest = "";
  for (let many = await Deno.stdin.read(buffer); many !== null;) {
    const lines = (rest + decoder.decode(buffer.subarray(0, many), { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield line.replace(/\r$/, "");
    many = await Deno.stdin.read(buffer);
  }
  if (rest !== "") yield rest;
}
