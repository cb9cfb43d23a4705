/**
 * What a load has under way when its simulation begins: so many tasks as it holds on the average, each with what is left of its
 * hold.
 *
 * From an empty pool on it would take as long as the longest of those holds until there are so many: with 5,000 elements or a
 * heavy tail longer than any run, and until then fewer than in truth would seem to be enough. Nor does a run show how their
 * number varies that are held from its beginning to its end: there is one such number in it. So many are added as with a chance of
 * {@linkcode SURE} are not exceeded, which is none but where a run is short against the holds.
 *
 * @module
 */
import type { HoldKind } from "../workloads/holds/hold.ts";
import * as holdRegistry from "../workloads/holds/mod.ts";
import { streamOf } from "../workloads/kinds/streams.ts";
import { normalQuantile } from "./student.ts";
import { type DrawnLoad, isEven, meanHeld, type Tasks } from "./tasks.ts";

const HOLDS: Readonly<Record<string, HoldKind>> = holdRegistry;

/** The chance that no more are held throughout than were added. */
const SURE = 0.99;

/** Draws by which the share is told that is held throughout. */
const DRAWS = 2 ** 14;

/** More than that are never put in: no pool that large is recommended. */
const MOST = 2 ** 22;

/** The tasks under way at the beginning of a run of so many, all of them at time 0. */
export function tasksUnderWay(load: DrawnLoad, seed: number, tasks: number): Tasks {
  const held = Math.min(MOST, meanHeld(load));
  return isEven(load) ? evenlyUnderWay(load, held) : drawnUnderWay(load, { seed, tasks, held });
}

/** For a run of so many allocations by tasks that take several each, how much longer each element is held that is out when it begins. */
export function elementsUnderWay(
  load: DrawnLoad & { readonly elements: number },
  seed: number,
  allocations: number,
): Float64Array {
  const { elements } = load;
  const { count, holdNs } = tasksUnderWay(load, seed, allocations / elements);
  return Float64Array.from(
    { length: elements * count },
    (_, index) => holdNs[Math.floor(index / elements)]!,
  );
}

/** One ends as the next arrives: of those that came at random times the first would wait, and so, without slack, all after it. */
function evenlyUnderWay({ arrival }: DrawnLoad, held: number): Tasks {
  const gapNs = 1e9 / Number(arrival.rate);
  return atOnce(Float64Array.from({ length: Math.round(held) }, (_, task) => task * gapNs));
}

function drawnUnderWay(
  load: DrawnLoad,
  { seed, tasks, held }: { readonly seed: number; readonly tasks: number; readonly held: number },
): Tasks {
  const left = leftOf(load, seed);
  const runNs = 1e9 * tasks / Number(load.arrival.rate);
  const added = Math.floor(
    Math.min(MOST, normalQuantile(SURE) * Math.sqrt(held * shareLeft(left, runNs))),
  );
  // Those held throughout come first: they wait for nobody.
  const holdNs = new Float64Array(added + Math.round(held)).fill(Infinity);
  for (let task = added; task < holdNs.length; task++) holdNs[task] = left();
  return atOnce(holdNs);
}

function atOnce(holdNs: Float64Array): Tasks {
  const count = holdNs.length;
  return { count, startNs: new Float64Array(count), holdNs: holdNs.map(Math.floor) };
}

function leftOf({ hold }: DrawnLoad, seed: number): () => number {
  // No load that is drawn here picks places, so this stream is free.
  const random = streamOf({ seed, worker: 0 }, "place");
  return HOLDS[hold.kind]!.left!(hold, random);
}

/** Of the holds under way at some time, the share that still is so much later. */
function shareLeft(left: () => number, laterNs: number): number {
  let still = 0;
  for (let draw = 0; draw < DRAWS; draw++) if (left() > laterNs) still++;
  return still / DRAWS;
}
