/**
 * The child of `collections.ts`: warms up, rests, runs the pairs, rests, and says on stderr when it ran them. It
 * prints nothing on stdout, where V8 writes its log.
 *
 * @module
 */
import { WORKING_SET } from "./cases.ts";
import { runnerFor } from "./runner.ts";

const [subject = "", caseName = "", pairs = "", restMs = ""] = Deno.args;
const WARMUP_PAIRS = 2000 * WORKING_SET;

function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Number(restMs)));
}

const run = await runnerFor(subject, caseName);
for (let step = 0; step < 4; step++) await run(Math.min(WARMUP_PAIRS, Number(pairs)));
await rest();
const startMs = performance.now();
await run(Number(pairs));
const endMs = performance.now();
await rest();
console.error(JSON.stringify({ startMs, endMs }));
