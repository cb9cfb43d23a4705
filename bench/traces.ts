/**
 * What `trace info` takes for a long trace: time for each event, and the most memory, which must not grow with the
 * length of the trace.
 *
 * Method. A generator's output goes through a pipe into `cli.ts trace info`, once with a tenth of the events and once with
 * all; whole processes, starting included. Memory is what the system says of the process at its highest (`VmHWM`; Linux only),
 * looked at ten times a second. Aim: 10 million events in under 40 s and 300 MiB.
 *
 * ```
 * deno task bench:traces [--events 10000000]
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";

const CLI = new URL("../cli.ts", import.meta.url).pathname;
const GENERATOR = new URL("./generated_trace.ts", import.meta.url).pathname;
const LOOK_MS = 100;

/** Reads a generated trace of each length, and prints. */
export async function measureTraces(
  lengths: readonly number[],
  print: (line: string) => void,
): Promise<void> {
  for (const events of lengths) {
    const { tookMs, peakKiB } = await readGenerated(events);
    print(
      `${events} events: ${(tookMs / 1e3).toFixed(2)} s, ` +
        `${(tookMs * 1e3 / events).toFixed(2)} us each, at most ${Math.ceil(peakKiB / 1024)} MiB`,
    );
  }
}

async function readGenerated(events: number): Promise<{ tookMs: number; peakKiB: number }> {
  const folder = (await output("mktemp", "-d")).trim();
  const pipe = `${folder}/pipe`;
  try {
    await output("mkfifo", pipe);
    const generator = new Deno.Command("sh", {
      args: ["-c", '"$0" run -q "$1" "$2" > "$3"', Deno.execPath(), GENERATOR, `${events}`, pipe],
    }).spawn();
    const read = await readPipe(pipe, events);
    await generator.status;
    return read;
  } finally {
    await output("rm", "-r", folder);
  }
}

async function readPipe(pipe: string, events: number) {
  const start = performance.now();
  const reader = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P", CLI, "trace", "info", pipe, "--json"],
    stdout: "piped",
  }).spawn();
  const whole = reader.output();
  const took = whole.then(() => performance.now() - start);
  const peakKiB = await peakUntil(whole, reader.pid);
  const { success, stdout } = await whole;
  const tookMs = await took;
  if (!success) throw new Error("the trace could not be read");
  const { allocs, frees } = JSON.parse(new TextDecoder().decode(stdout));
  if (allocs + frees !== events) throw new Error(`${events} events were not all read`);
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
  const { events } = parseArgs(Deno.args, { string: ["events"], default: { events: "10000000" } });
  // deno-lint-ignore no-console
  await measureTraces([Number(events) / 10, Number(events)], console.log);
}
