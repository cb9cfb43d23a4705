/**
 * What is chosen, as lines: the pool, its reserve and the memory that takes, on a track from the floor to where nobody waits,
 * its policy, and the target with the verdict.
 *
 * @module
 */
import { clip, padEnd, widthOf, wrapItems } from "../../results/formats/columns.ts";
import { bytes, exactCount, percentage } from "../../results/formats/numbers.ts";
import type { Paint } from "../../results/formats/paint.ts";
import type { Target } from "../../results/recommendation.ts";
import { targetText } from "../../results/recommendation_formats/facts.ts";
import { type Predicted, type Verdict, verdictOf } from "./curve.ts";
import { chosen, curveOf, predictionOf, type Session } from "./session.ts";

/** Columns before what is said under a label. */
export const LABEL = 11;

/** Where lines go. */
export interface Room {
  readonly columns: number;
  readonly paint: Paint;
}

/** A label, and what stands behind it from its second line on under the first. */
export function labelled(label: string, items: readonly string[], { columns, paint }: Room) {
  const lead = paint.quiet(padEnd(`  ${label}`, LABEL));
  return wrapItems(items, { columns, indent: LABEL, lead, separator: " " });
}

/** The lines. */
export function choiceLines(session: Session, room: Room): string[] {
  return [
    ...labelled("pool", poolItems(session, room), room),
    ...labelled("reserve", reserveItems(session, room), room),
    ...labelled("policy", policyItems(session, room), room),
    ...labelled("target", targetItems(session, room), room),
  ];
}

function poolItems({ tuned, selected }: Session, { paint }: Room): string[] {
  const [only] = tuned.pools;
  if (tuned.pools.length === 1) return [paint.title(named(only!.name))];
  return tuned.pools.map(({ name }, index) =>
    index === selected ? paint.title(`[${named(name)}]`) : ` ${named(name)} `
  );
}

/** Names come from files: they steer no terminal, and are no longer than is good. */
function named(name: string): string {
  return clip(name, 32);
}

const TRACK_MAX = 48;

function reserveItems(session: Session, { columns, paint }: Room): string[] {
  const { pool, minReserve } = chosen(session);
  const curve = curveOf(session);
  const number = `◀ ${paint.title(exactCount(minReserve))} ▶ ${memoryText(session)}`;
  if (curve === undefined) return [number];
  if (curve.neverWaits === null) return [number, paint.quiet("no reserve keeps all from waiting")];
  const last = Math.max(pool.floor + 1, curve.neverWaits);
  const ends = [exactCount(pool.floor), `${exactCount(last)} nobody waits`] as const;
  const taken = LABEL + widthOf(number) + widthOf(ends.join("")) + 6;
  const cells = Math.min(TRACK_MAX, columns - taken);
  if (cells < 8) return [number];
  const share = (minReserve - pool.floor) / (last - pool.floor);
  const at = Math.round(Math.min(1, Math.max(0, share)) * (cells - 1));
  const track = paint.quiet(`├${"─".repeat(at)}`) + paint.good("◆") +
    paint.quiet(`${"─".repeat(cells - 1 - at)}┤`);
  return [number, `${paint.quiet(ends[0])} ${track} ${paint.quiet(ends[1])}`];
}

function policyItems(session: Session, { columns, paint }: Room): string[] {
  const { policy } = chosen(session);
  const name = `▲ ${paint.title(named(policy.name))} ▼`;
  const room = columns - LABEL - widthOf(name) - 2;
  return [name, ...(room < 16 ? [] : [paint.quiet(` ${clip(policy.summary, room)}`)])];
}

function memoryText(session: Session): string {
  const { tuned, settings } = session;
  const { pool, minReserve } = chosen(session);
  const all = tuned.pools.reduce(
    (sum, { bytesPerElement }, index) => sum + bytesPerElement * settings[index]!.minReserve,
    0,
  );
  const own = bytes(minReserve * pool.bytesPerElement);
  return tuned.pools.length === 1 ? own : `${own} of ${bytes(all)}`;
}

const SIGNS: Readonly<Record<Verdict, string>> = { met: "✔", missed: "✘", unsure: "~" };

/** A verdict as a word with its sign. */
export function verdictText(verdict: Verdict, paint: Paint): string {
  const style = { met: paint.good, missed: paint.bad, unsure: paint.caution }[verdict];
  return style(`${SIGNS[verdict]} ${verdict}`);
}

function targetItems(session: Session, { paint }: Room): string[] {
  const { target } = session;
  const text = `${paint.title(targetText(target))} `;
  const point = predictionOf(session);
  if (chosen(session).pool.unpredicted !== null) return [text];
  if (point === null) return [text, "…"];
  return [text, `${verdictText(verdictOf(point, target), paint)}:`, ...reasons(point, target)];
}

function reasons(point: Predicted, target: Target): string[] {
  const { missRate, missLow, missHigh, tasks } = point;
  const what = target.kind === "wait-rate" ? "wait" : "wait longer";
  const limits = missLow === null || missHigh === null
    ? `(too few of ${exactCount(tasks)} to say more)`
    : `(99%: ${percentage(missLow)} to ${percentage(missHigh)})`;
  return [`${percentage(missRate)} ${what}`, limits];
}
