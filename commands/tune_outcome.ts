/**
 * What is left of a session when it has ended: what was chosen and what is known of it, as a few lines or as one document.
 *
 * @module
 */
import { bytes, exactCount, percentage } from "../results/formats/numbers.ts";
import { allowedShare, type Target } from "../results/recommendation.ts";
import { targetText } from "../results/recommendation_formats/facts.ts";
import { pointAt, type Predicted, type Verdict, verdictOf } from "../tuning/session/curve.ts";
import {
  curveKey,
  type Measured,
  type Session,
  type Setting,
  settingsKey,
} from "../tuning/session/session.ts";
import { limitOf } from "../tuning/target.ts";

/** The schema's name as it stands in every such document. */
export const TUNING_SCHEMA = "mempool-bench/tuning@1";

/** A pool as it was left. */
export interface TunedPoolOutcome {
  readonly minReserve: number;
  readonly policy: string;
  /** Which of the two are others than at the beginning. */
  readonly changed: readonly ("minReserve" | "policy")[];
  readonly bytes: number;
  /** Progress needs so many. */
  readonly floor: number;
  /** With so many nobody waited in what was simulated; null where nothing was. */
  readonly neverWaits: number | null;
  /** What a simulation says; null where nothing was simulated. */
  readonly predicted: Predicted | null;
  /** Whether that meets the target; null where nothing was simulated. */
  readonly verdict: Verdict | null;
  /** What real workers showed with all that was chosen in the end; null where they were not run with it. */
  readonly measured: Measured | null;
}

/** A session as it was left. */
export interface TuningOutcome {
  readonly schema: typeof TUNING_SCHEMA;
  readonly scenario: string;
  readonly target: Target;
  readonly pools: Readonly<Record<string, TunedPoolOutcome>>;
}

/** What was chosen and what is known of it. */
export function outcomeOf(session: Session, begun: readonly Setting[]): TuningOutcome {
  const { tuned, settings, target, curves, measured } = session;
  const seen = measured.get(settingsKey(session));
  const pools = settings.map(({ minReserve, policy }, index): [string, TunedPoolOutcome] => {
    const { name, policies, floor, bytesPerElement } = tuned.pools[index]!;
    const { name: policyName, spec } = policies[policy]!;
    const curve = curves.get(curveKey({ pool: name, policy: spec, limitNs: limitOf(target) }));
    const predicted = pointAt(curve, minReserve);
    return [name, {
      ...{ minReserve, policy: policyName, bytes: minReserve * bytesPerElement, floor },
      changed: (["minReserve", "policy"] as const)
        .filter((key) => settings[index]![key] !== begun[index]![key]),
      neverWaits: curve?.neverWaits ?? null,
      predicted,
      verdict: predicted === null ? null : verdictOf(predicted, target),
      measured: seen?.[name] ?? null,
    }];
  });
  return { schema: TUNING_SCHEMA, scenario: tuned.name, target, pools: Object.fromEntries(pools) };
}

/** The same in a line for each pool of which there is something to say, the last one ended. */
export function outcomeText({ target, pools }: TuningOutcome): string {
  const all = Object.entries(pools);
  const told = all.filter(([, { changed, predicted }]) => changed.length > 0 || predicted !== null);
  const lines = (told.length > 0 ? told : all.slice(0, 1)).map(([name, pool]) => {
    const { minReserve, policy, bytes: held } = pool;
    const said = predictedText(pool, target);
    return `${name}: ${exactCount(minReserve)} in reserve (${bytes(held)}), ${policy}: ${said}\n`;
  });
  return lines.join("");
}

function predictedText({ predicted, verdict }: TunedPoolOutcome, target: Target): string {
  if (predicted === null) return "nothing predicted";
  const allowed = percentage(allowedShare(target));
  return `${verdict}: ${percentage(predicted.missRate)} miss, up to ${allowed} are allowed (${
    targetText(target)
  })`;
}

/** What runs a built-in scenario or a file as it was left, the line ended. */
export function benchLine(named: string, { pools }: TuningOutcome): string {
  const options = Object.entries(pools).flatMap(([name, pool], index) =>
    pool.changed.map((key) => {
      const flag = { minReserve: "min-reserve", policy: "policy" }[key];
      return index === 0 ? ` --${flag} ${pool[key]}` : ` --set pools.${name}.${key}=${pool[key]}`;
    })
  );
  return `mempool-bench bench ${named}${options.join("")}\n`;
}
