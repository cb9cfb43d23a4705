/**
 * Prints a trace of the native format, made up but not tame: a few thousand elements live, held between nothing and
 * most of the trace, by eight workers. As many events as the argument says.
 *
 * @module
 */
import { createRandom } from "../workloads/random.ts";

const LIVE_MAX = 2000;
const PIECE_ROWS = 10_000;

const events = Number(Deno.args[0] ?? 1000);
const random = createRandom(1, 0);
const live: number[] = [];
let timeNs = 0;
let named = 0;

function row(): string {
  timeNs += random.below(2000);
  const grows = live.length < LIVE_MAX && random.below(2) === 0;
  if (grows || live.length === 0) {
    live.push(++named);
    return `${timeNs},a,${named},${64 + random.below(4000)},${named % 8}\n`;
  }
  const at = random.below(live.length);
  const id = live[at]!;
  live[at] = live.at(-1)!;
  live.pop();
  return `${timeNs},f,${id},,${id % 8}\n`;
}

function print(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
}

print("t_ns,op,id,size,worker\n");
for (let printed = 0; printed < events; printed += PIECE_ROWS) {
  print(Array.from({ length: Math.min(PIECE_ROWS, events - printed) }, row).join(""));
}
