/**
 * A diagnosis as people read it: what was measured, then what follows.
 *
 * @module
 */
import { padEnd, wrapWords } from "../results/formats/columns.ts";
import { duration, percentage } from "../results/formats/numbers.ts";
import { paintFor } from "../results/formats/paint.ts";
import type { Diagnosis } from "./diagnosis.ts";

const COLUMNS_MAX = 100;
const INDENT = 10;

/** The lines of a diagnosis, the last one ended. */
export function diagnosisText(
  diagnosis: Diagnosis,
  { color, columns }: { readonly color: boolean; readonly columns: number },
): string {
  const paint = paintFor(color);
  const room = columns === 0 ? COLUMNS_MAX : Math.min(columns, COLUMNS_MAX);
  const wrapped = (lead: string, text: string, indent: number) =>
    wrapWords(text, { lead, indent, columns: room }).join("\n");
  const facts = factsOf(diagnosis).map(([label, text]) =>
    wrapped(paint.title(padEnd(label, INDENT)), text, INDENT)
  );
  return [...facts, "", ...diagnosis.advice.map((line) => wrapped("- ", line, 2)), ""].join("\n");
}

function factsOf({ environment, workerClock, noise }: Diagnosis): [string, string][] {
  const { deno, v8, os, arch, cpu, cores, clock, harness } = environment;
  return [
    ["machine", `${cores} cores, ${cpu}, ${os} ${arch}`],
    ["runtime", `Deno ${deno}, V8 ${v8}`],
    [
      "clock",
      `a read costs ${duration(clock.costNs)}, the smallest step is ${duration(clock.grainNs)}`,
    ],
    ["harness", `${duration(harness.floorNs)} for a pair that does nothing (null allocator)`],
    [
      "workers",
      `a worker's clock differs by ${signed(workerClock.offsetNs)}, ` +
      `known to within ${duration(workerClock.withinNs)}`,
    ],
    [
      "noise",
      `identical work in ${noise.pairs} interleaved pairs of ${duration(noise.sliceMs * 1e6)}: ` +
      `95 of 100 pairs within ${percentage(noise.pairSpread)}, ` +
      `medians of ${noise.windows} windows of ${noise.pairsPerWindow} pairs within ` +
      `${percentage(noise.detectable)}, slowest to fastest ${noise.speeds.toFixed(2)}`,
    ],
  ];
}

function signed(nanoseconds: number): string {
  return `${nanoseconds < 0 ? "-" : "+"}${duration(Math.abs(nanoseconds))}`;
}
