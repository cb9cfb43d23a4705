/**
 * How often the collector runs while a subject is measured. No interface of the runtime says so
 * (PerformanceObserver delivers no gc entries), but V8 prints a line for each collection with
 * `--trace-gc`, stamped with the milliseconds since its isolate began. So a child process runs the pairs
 * between two long rests and says on stderr when; lines stamped in between are counted. What it allocates
 * while it warms up is over before the first rest.
 *
 * @module
 */

/** Milliseconds of rest before and after the measured pairs. */
const REST_MS = 300;

/** The stamps' origins differ by less than this. */
const ORIGIN_MS = REST_MS / 2;

const COLLECTION = /^\[\d+:0x[0-9a-f]+\]\s+(\d+) ms: /gm;

/** Collections of all kinds while `pairs` pairs run, after the warm-up. */
export async function countCollections(
  subject: string,
  caseName: string,
  pairs: number,
): Promise<number> {
  const child = new URL("./collections_child.ts", import.meta.url).pathname;
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...[
        "run",
        "-q",
        "--no-check",
        "--allow-read",
        "--allow-env=NODE_ENV",
        "--v8-flags=--trace-gc",
      ],
      ...[child, subject, caseName, String(pairs), String(REST_MS)],
    ],
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`the child that runs ${subject} failed: ${decoder.decode(stderr)}`);
  const { startMs, endMs } = JSON.parse(decoder.decode(stderr)) as {
    startMs: number;
    endMs: number;
  };
  return collectionsBetween(decoder.decode(stdout), startMs - ORIGIN_MS, endMs + ORIGIN_MS);
}

/** Lines of a `--trace-gc` log that are stamped within the bounds. */
export function collectionsBetween(log: string, fromMs: number, toMs: number): number {
  const stamps = Array.from(log.matchAll(COLLECTION), ([, stamp]) => Number(stamp));
  return stamps.filter((stamp) => stamp >= fromMs && stamp <= toMs).length;
}
