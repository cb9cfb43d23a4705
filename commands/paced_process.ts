/**
 * A process that runs slices of a scenario at somebody else's pace: `bench --paced` of a checkout, with the permissions that
 * the checkout's own deno.json gives it.
 *
 * @module
 */
import { checkResult } from "../results/result_schema.ts";
import type { Result } from "../results/result.ts";
import type { SlotName } from "../workloads/slot_kind.ts";
import type { SlotSample } from "../results/block.ts";
import { Exit } from "./exit.ts";
import { END_LINE, PACED_SCHEMA, SLOTS_LINE } from "./paced.ts";

/** What a process is started for. */
export interface PacedOrder {
  /** The checkout. */
  readonly folder: string;
  /** What follows `bench`. */
  readonly args: readonly string[];
}

/** What a slot is to be. */
export interface SlotOrder {
  readonly name: SlotName;
  readonly ms: number;
  /** Where it is one worker's alone: whose. */
  readonly worker: number;
}

/** Something that runs slices: a process, or what a test puts in its place. */
export interface PacedSource extends AsyncDisposable {
  /** Loaded, and asleep. @returns whether it can run in slots. @throws {PacedError} where it did not come that far. */
  ready(): Promise<boolean>;
  /** Runs a slice and sleeps again. @throws {PacedError} where it failed. */
  slice(): Promise<Result>;
  /** Begins a run in slots, and warms up. @throws {SlotsError} or {PacedError} where it failed. */
  begin(): Promise<void>;
  /** Runs a slot of the run that has begun, and sleeps again. @throws {SlotsError} or {PacedError} where it failed. */
  slot(slot: SlotOrder): Promise<SlotSample>;
  /** Ends the run that has begun. @throws {PacedError} where it failed. */
  end(): Promise<Result>;
}

/** A scenario whose workers need each other all the time, so that it cannot run in slots after all. */
export class SlotsError extends Error {
  /** The class by name. */
  override readonly name = "SlotsError";
}

/** Starts one. */
export type StartPaced = (order: PacedOrder) => PacedSource;

/** A process that ended before its time. */
export class PacedError extends Error {
  /** The class by name. */
  override readonly name = "PacedError";
  /** Its exit status. */
  readonly status: number;

  /** @param message what it said last on stderr. */
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The machine code of a loop is made where the loop runs, after as many rounds in each process. By default V8 makes it on another
 * thread, which on a machine whose cores are all at work comes when it comes: slices would differ by what code they ran.
 */
const V8_FLAGS = "--v8-flags=--no-concurrent-recompilation,--no-concurrent-osr";

/**
 * Starts a process. To be called with the right to run deno, and nothing else is ever run.
 *
 * @throws {Exit} 3 where there is no deno to be found.
 */
export function startPaced({ folder, args }: PacedOrder): PacedSource {
  const command = new Deno.Command(denoPath(), {
    args: ["run", "-q", "-P", V8_FLAGS, "cli.ts", "bench", ...args, "--paced"],
    cwd: folder,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  try {
    return new PacedProcess(command.spawn());
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Exit(3, "both sides are run by the deno on PATH, and there is none: put it there");
  }
}

/** This very deno, where the right to run `deno` stands for it; else the one that is found by name. */
function denoPath(): string {
  const command = Deno.execPath();
  const { state } = Deno.permissions.querySync({ name: "run", command });
  return state === "granted" ? command : "deno";
}

/** What the other side says is checked by whoever asked. */
// deno-lint-ignore no-explicit-any
type Line = any;

class PacedProcess implements PacedSource {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #turns: WritableStreamDefaultWriter<Uint8Array>;
  readonly #said: Promise<string>;
  #rest = "";

  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#turns = child.stdin.getWriter();
    this.#said = new Response(child.stderr).text();
  }

  async ready(): Promise<boolean> {
    const line = await this.#line();
    if (line === null) throw await this.#failure();
    if (line.schema === PACED_SCHEMA) return line.slots === true;
    throw new PacedError(
      2,
      `its bench --paced begins with ${JSON.stringify(line.schema)}, not with ${
        JSON.stringify(PACED_SCHEMA)
      }: give a checkout that speaks as this one does`,
    );
  }

  async slice(): Promise<Result> {
    return checkResult(await this.#answer(""));
  }

  async begin(): Promise<void> {
    await this.#answer(SLOTS_LINE);
  }

  async slot({ name, ms, worker }: SlotOrder): Promise<SlotSample> {
    const { allocsPerSecond, cpuNs } = await this.#answer(`${name} ${ms} ${worker}`);
    if (Number.isFinite(allocsPerSecond) && Number.isFinite(cpuNs)) {
      return { name, allocsPerSecond, cpuNs };
    }
    throw new PacedError(3, `it said nothing of what it did in a slot of ${ms} ms`);
  }

  async end(): Promise<Result> {
    return checkResult(await this.#answer(END_LINE));
  }

  async #answer(said: string): Promise<Line> {
    // Where it is gone, the line that does not come says so.
    await this.#turns.write(new TextEncoder().encode(`${said}\n`)).catch(() => {});
    const line = await this.#line();
    if (line === null) throw await this.#failure();
    if (line.stuck !== undefined) throw new SlotsError(line.stuck);
    return line;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turns.close().catch(() => {});
    await this.#lines.cancel();
    try {
      // It may hang in whatever it does.
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.#child.status;
    await this.#said;
  }

  async #line(): Promise<Line | null> {
    for (;;) {
      const end = this.#rest.indexOf("\n");
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return parsed(line);
      }
      const { value, done } = await this.#lines.read();
      if (done) return null;
      this.#rest += value;
    }
  }

  async #failure(): Promise<PacedError> {
    const said = (await this.#said).trim().split("\n").at(-1) ?? "";
    const { code } = await this.#child.status;
    return new PacedError(code, said.replace(/^error: /, ""));
  }
}

function parsed(line: string): Line {
  try {
    return JSON.parse(line);
  } catch {
    throw new PacedError(3, `it said ${JSON.stringify(line.slice(0, 60))} where JSON was due`);
  }
}
