/**
 * The command line. This is the only file that prints, reads the arguments, listens to signals, opens a
 * file to write, or ends the process, together with `terminal.ts`, which it opens where a whole screen is wanted;
 * everything else gets an {@linkcode Io}, and so do its tests.
 *
 * The process may read any file (scenarios and traces lie wherever the user keeps them), but has neither
 * network nor children, so nothing that it reads can leave; `ab` alone keeps the right to start `deno`. The right to
 * write is given up before anything runs: at once, or as soon as the store of results and the file of `--output` are
 * open. Only `tune`, which asks for a file's name at any time, keeps it until it ends.
 *
 * @module
 */
import { CommanderError } from "@commander-js/extra-typings";
import { bold, red } from "@std/fmt/colors";
import { Exit } from "./commands/exit.ts";
import type {
  Interruption,
  Io,
  OutputSink,
  Screen,
  ScreenListener,
  TextSink,
} from "./commands/io.ts";
import { declareProgram } from "./commands/program.ts";
import type { Store, StoreOptions } from "./results/store.ts";
import config from "./deno.json" with { type: "json" };

export type { Interruption, Io, OutputSink, Screen, ScreenListener, TextSink };
export type { Key } from "./tuning/session/press.ts";

/** The errors that stand for bad input, by name: their classes are loaded only by commands that need them. */
const INPUT_ERRORS: readonly string[] = [
  "InputError",
  "ResultError",
  "StoreError",
  "TraceError",
  "UnitError",
];

/**
 * Carries out one command line.
 *
 * @returns the exit status: 0 done, 1 a gate failed, 2 bad usage or bad input, 3 the run itself failed,
 * 130 interrupted. It never throws: every failure is one sentence on `io.err`.
 *
 * @example
 * ```ts ignore
 * const status = await main(["bench", "--json"], io);
 * ```
 */
export async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    const program = declareProgram(io, config.version);
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(withoutHelpCommand(args), { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    const { status, sentences } = explain(error, args.includes("--verbose"));
    const label = io.err.color ? bold(red("error:")) : "error:";
    for (const sentence of sentences) io.err.write(`${label} ${sentence}\n`);
    return status;
  }
}

/** `help bench` is `bench --help`. */
function withoutHelpCommand(args: readonly string[]): readonly string[] {
  return args[0] === "help" ? [...args.slice(1), "--help"] : args;
}

function explain(error: unknown, verbose: boolean): { status: number; sentences: string[] } {
  if (error instanceof Exit) {
    return { status: error.status, sentences: error.sentences.filter(Boolean).map(oneLine) };
  }
  if (!(error instanceof Error)) return { status: 3, sentences: [`internal: ${String(error)}`] };
  if (INPUT_ERRORS.includes(error.name)) return { status: 2, sentences: [oneLine(error.message)] };
  const where = verbose ? `\n${error.stack}` : ": --verbose says where that is from";
  return { status: 3, sentences: [`internal: ${error.name}: ${error.message}${where}`] };
}

/** What came from a file or a name steers no terminal and begins no new line: such characters are spelt out. */
function oneLine(sentence: string): string {
  return sentence.replaceAll(
    /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`,
  );
}

/** A stream of the process. Somebody who stops reading (`| head`) ends the process without a word. */
function sinkOf(stream: typeof Deno.stdout | typeof Deno.stderr): OutputSink {
  const isTerminal = stream.isTerminal();
  const writeBytes = (bytes: Uint8Array): void => {
    try {
      writeAll(stream, bytes);
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) Deno.exit(0);
      throw error;
    }
  };
  return {
    isTerminal,
    color: isTerminal && !Deno.noColor,
    columns: isTerminal ? Deno.consoleSize().columns : 0,
    write: (text) => writeBytes(new TextEncoder().encode(text)),
    writeBytes,
    [Symbol.dispose]: () => {},
  };
}

function writeAll(file: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
}

/** The file of `--output`, emptied at the first write: a run that fails leaves what was there before. */
function openOutput(path: string): OutputSink {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { write: true, create: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Exit(2, `--output: ${path}: this file cannot be written: ${reason}`);
  }
  let isFresh = true;
  const writeBytes = (bytes: Uint8Array): void => {
    try {
      if (isFresh && file.statSync().isFile) file.truncateSync(0);
      isFresh = false;
      writeAll(file, bytes);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Exit(3, `--output: ${path}: this file is not whole: ${reason}`);
    }
  };
  return {
    isTerminal: false,
    color: false,
    columns: 0,
    write: (text) => writeBytes(new TextEncoder().encode(text)),
    writeBytes,
    [Symbol.dispose]: () => file.close(),
  };
}

/** The store in the user's data folder, by the habit of the system. */
function defaultStore(): string {
  const home = Deno.env.get("HOME") ?? ".";
  const data = Deno.env.get("XDG_DATA_HOME") || Deno.env.get("LOCALAPPDATA") ||
    `${home}/.local/share`;
  return `${data}/mempool-bench/history.db`;
}

/** Opens a store; of the default one, the folder is made as well. */
async function openStore(path: string | undefined, options: StoreOptions): Promise<Store> {
  const { Store, StoreError } = await import("./results/store.ts");
  const file = path ?? defaultStore();
  if (path === undefined && options.write) {
    try {
      Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StoreError(`${file}: its folder cannot be made (${reason}): give --store FILE`);
    }
  }
  return Store.open(file, options);
}

function listen(): Interruption {
  const controller = new AbortController();
  const onInterrupt = () => {
    if (controller.signal.aborted) Deno.exit(130);
    controller.abort();
  };
  Deno.addSignalListener("SIGINT", onInterrupt);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGINT", onInterrupt),
  };
}

/** Reads stdin line by line, in pieces as they come; what has come of the lines after it is kept. The last line needs no end. */
function lineReader(): () => string | null {
  const piece = new Uint8Array(256);
  const decoder = new TextDecoder();
  let come = "";
  return () => {
    while (!come.includes("\n")) {
      const length = Deno.stdin.readSync(piece);
      if (length !== null) come += decoder.decode(piece.subarray(0, length), { stream: true });
      else if (come === "") return null;
      else come += "\n";
    }
    const end = come.indexOf("\n");
    const line = come.slice(0, end);
    come = come.slice(end + 1);
    return line;
  };
}

/** Writes a file whole, unless that needs `force`. */
function writeFile(path: string, text: string, { force }: { readonly force: boolean }): boolean {
  try {
    Deno.writeTextFileSync(path, text, { createNew: !force });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Exit(2, `${path}: this file cannot be written: ${reason}`);
  }
}

/** A variable of the environment; undefined as well where it may not be read. */
function variable(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) : undefined;
}

/** The terminal as a screen; null where there is none. Its code is loaded only by those who want one. */
async function takenOver(): Promise<Screen | null> {
  const { hasScreen, openScreen } = await import("./terminal.ts");
  return hasScreen(variable("TERM")) ? openScreen() : null;
}

async function* lines(): AsyncGenerator<string> {
  const { stdinLines } = await import("./terminal.ts");
  yield* stdinLines();
}

/** The real world. */
function denoIo(): Io {
  const out = sinkOf(Deno.stdout);
  return {
    out,
    err: sinkOf(Deno.stderr),
    output(path: string | undefined): OutputSink {
      const sink = path === undefined ? out : openOutput(path);
      Deno.permissions.revokeSync({ name: "write" });
      return sink;
    },
    store: openStore,
    interruption: listen,
    nextLine: lineReader(),
    screen: takenOver,
    input: { isTerminal: Deno.stdin.isTerminal(), lines },
    writeFile,
    now: () => performance.now(),
  };
}

/** The one command that starts processes: `ab`, and they are `deno`. */
const STARTS_DENO = "ab";

if (import.meta.main) {
  if (Deno.args[0] !== STARTS_DENO) Deno.permissions.revokeSync({ name: "run" });
  Deno.exit(await main(Deno.args, denoIo()));
}
