/**
 * What `trace info` takes for a long trace: time for each event, and the most memory, which must not grow with the
 * length of the trace. With `--recommend`, what `recommend --trace` takes from the trace to the recommendation.
 *
 * Method. A generator's output goes through a pipe into `cli.ts`, once with a tenth of the events and once with all; whole
 * processes, starting included. Memory is what the system says of the process at its highest (`VmHWM`; Linux only), looked at
 * ten times a second. Aim: 10 million events in under 40 s and 300 MiB; with `--recommend`, which keeps every allocation, in
 * under 60 s and 512 MiB.
 *
 * ```
 * deno task bench:traces [--events 10000000] [--recommend]
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { wholeNumber } from "./whole_number.ts";

const CLI = new URL("../cli.ts", import.meta.url).pathname;
const GENERATOR = new URL("./generated_trace.ts", import.meta.url).pathname;
const LOOK_MS = 100;

/** A command that reads a trace, and whether its document says that so many events were read. */
interface Reading {
  readonly command: readonly string[];
  readonly hasRead: (document: { allocs: number; frees?: number }, events: number) => boolean;
}

/** What is measured. */
export const READINGS: Readonly<Record<"info" | "recommend", Reading>> = {
  info: {
    command: ["trace", "info"],
    hasRead: ({ allocs, frees = 0 }, events) => allocs + frees === events,
  },
  recommend: {
    command: ["recommend", "--trace"],
    // It counts allocations alone, and there are no fewer than frees.
    hasRead: ({ allocs }, events) => 2 * allocs >= events,
  },
};

/** Reads a generated trace of each length, and prints. @throws {Error} where it could not be read, or not all of it. */
export async function measureTraces(
  lengths: readonly number[],
  print: (line: string) => void,
  reading: Reading = READINGS.info,
): Promise<void> {
  for (const events of lengths) {
    const { tookMs, peakKiB } = await readGenerated(events, reading);
    print(
      `${events} events: ${(tookMs / 1e3).toFixed(2)} s, ` +
        `${(tookMs * 1e3 / events).toFixed(2)} us each, at most ${Math.ceil(peakKiB / 1024)} MiB`,
    );
  }
}

async function readGenerated(
  events: number,
  reading: Reading,
): Promise<{ tookMs: number; peakKiB: number }> {
  const folder = (await output("mktemp", "-d")).trim();
  const pipe = `${folder}/pipe`;
  try {
    await output("mkfifo", pipe);
    const generator = new Deno.Command("sh", {
      args: ["-c", '"$0" run -q "$1" "$2" > "$3"', Deno.execPath(), GENERATOR, `${events}`, pipe],
    }).spawn();
    const read = await readPipe(pipe, events, reading);
    await generator.status;
    return read;
  } finally {
    await output("rm", "-r", folder);
  }
}

async function readPipe(pipe: string, events: number, { command, hasRead }: Reading) {
  const start = performance.now();
  const reader = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P", CLI, ...command, pipe, "--json"],
    stdout: "piped",
  }).spawn();
  const whole = reader.output();
  const took = whole.then(() => performance.now() - start);
  const peakKiB = await peakUntil(whole, reader.pid);
  const { success, stdout } = await whole;
  const tookMs = await took;
  if (!success) throw new Error("the trace could not be read");
  if (!hasRead(JSON.parse(new TextDecoder().decode(stdout)), events)) {
    throw new Error(`${events} events were not all read`);
  }
  return { tookMs, peakKiB };
}

async function output(command: string, ...args: string[]): Promise<string> {
  const { success, stdout } = await new Deno.Command(command, { args }).output();
  if (!success) throw new Error(`${command} ${args.join(" ")} failed`);
  return new TextDecoder().decode(stdout);
}

/** KiB at the highest, of a process that is about to end; 0 where the system does not say. */
async function peakUntil(ended: Promise<unknown>, pid: number): Promise<number> {
  let peakKiB = 0;
  let isOver = false;
  ended.then(() => isOver = true);
  while (!isOver) {
    const { stdout } = await new Deno.Command("grep", {
      args: ["VmHWM", `/proc/${pid}/status`],
      stderr: "null",
    }).output();
    peakKiB = Math.max(peakKiB, parseInt(new TextDecoder().decode(stdout).slice(6)) || 0);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return peakKiB;
}

if (import.meta.main) {
  const { events, recommend } = parseArgs(Deno.args, {
    string: ["events"],
    boolean: ["recommend"],
  });
  const most = wholeNumber("--events", events ?? "10000000", 10);
  const reading = recommend ? READINGS.recommend : READINGS.info;
  // deno-lint-ignore no-console
  await measureTraces([Math.floor(most / 10), most], console.log, reading);
}
