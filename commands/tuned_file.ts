/**
 * The scenario file that `tune` writes: the file it began with, comments included, in which only those values are others
 * that were chosen, with what was predicted of them at its head.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import { applyEdits, modify } from "jsonc-parser";
import { bytes, exactCount, percentage } from "../results/formats/numbers.ts";
import { allowedShare } from "../results/recommendation.ts";
import { targetText } from "../results/recommendation_formats/facts.ts";
import { pointAt, verdictOf } from "../tuning/session/curve.ts";
import { curveKey, type Session } from "../tuning/session/session.ts";
import { limitOf } from "../tuning/target.ts";
import { documentOf, readDocument } from "../workloads/document.ts";
import { applyOverrides } from "../workloads/overrides.ts";
import type { ScenarioSource } from "../workloads/parse_scenario.ts";
import { registered } from "../workloads/registered.ts";
import { readBuiltin } from "../workloads/scenarios/mod.ts";
import { isObject } from "../workloads/schema/object_schema.ts";
import { COMPARE } from "../workloads/variants.ts";
import type { TunedScenario } from "./tuned_scenario.ts";

const FORMATTING = { tabSize: 2, insertSpaces: true, eol: "\n", keepLines: true };

/** A key by its path, and its new value; undefined: it goes. */
type Change = readonly [path: (string | number)[], value: unknown];

/** The text of the file, and what to say of it besides; "" for nothing. */
export function tunedText(
  { source, options, settings }: TunedScenario,
  session: Session,
): { readonly text: string; readonly note: string } {
  const { text: original, raw } = writtenOf(source);
  const document = documentOf("scenario", raw);
  const changed = applyOverrides(document, { ...options, trace: undefined }, registered).raw;
  const hasVariants = isObject(raw) && Object.hasOwn(raw, COMPARE);
  const changes: Change[] = [
    ...changesBetween(raw, changed),
    ...settingChanges(session, settings),
    ...(hasVariants ? [[[COMPARE], undefined] as Change] : []),
  ];
  const text = changes.reduce(
    (text, [path, value]) =>
      applyEdits(text, modify(text, path, value, { formattingOptions: FORMATTING })),
    original,
  );
  return {
    text: `${headOf(session).map((line) => `// ${line}`.trimEnd()).join("\n")}\n//\n${text}`,
    note: hasVariants ? "its variants are left out" : "",
  };
}

/** As it was written, with paths that lead to the same places from any folder. */
function writtenOf(source: ScenarioSource): { text: string; raw: unknown } {
  if ("raw" in source) {
    return { text: `${JSON.stringify(source.raw, null, 2)}\n`, raw: source.raw };
  }
  const { file, text } = "file" in source ? source : readBuiltin(source.name);
  const absolute = text.replace(
    /"(\.\.?\/[^"]+)"/g,
    (_, path: string) => JSON.stringify(resolve(dirname(file), path)),
  );
  return { text: absolute, raw: readDocument(file, absolute).raw };
}

/** The keys in which a scenario differs from another, by path; lists are one value. */
function changesBetween(before: unknown, after: unknown, path: string[] = []): Change[] {
  if (!isObject(before) || !isObject(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [[path, after]];
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => changesBetween(before[key], after[key], [...path, key]));
}

function settingChanges({ tuned, settings }: Session, begun: TunedScenario["settings"]): Change[] {
  return settings.flatMap(({ minReserve, policy }, index): Change[] => {
    const { name, policies } = tuned.pools[index]!;
    const was = begun[index]!;
    const change = (key: string, value: unknown): Change => [["pools", name, key], value];
    return [
      ...(minReserve === was.minReserve ? [] : [change("minReserve", minReserve)]),
      ...(policy === was.policy ? [] : [change("policy", policies[policy]!.spec)]),
    ];
  });
}

/** What was chosen and what was predicted of it. */
function headOf(session: Session): string[] {
  const { tuned, settings, target } = session;
  const lines = settings.map(({ minReserve, policy }, index) => {
    const { name, policies, bytesPerElement } = tuned.pools[index]!;
    const { name: policyName, spec } = policies[policy]!;
    const price = bytes(minReserve * bytesPerElement);
    const key = curveKey({ pool: name, policy: spec, limitNs: limitOf(target) });
    const point = pointAt(session.curves.get(key), minReserve);
    const predicted = point === null
      ? "nothing predicted"
      : `${verdictOf(point, target)}: predicted ${percentage(point.missRate)} that miss, ` +
        `${percentage(allowedShare(target))} may`;
    return `${name}: ${exactCount(minReserve)} in reserve (${price}), ${policyName}: ${predicted}.`;
  });
  return [`Tuned for ${targetText(target)}.`, ...lines];
}
