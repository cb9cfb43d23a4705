/**
 * One subject in one case, by their names: what a worker or a child measures.
 *
 * @module
 */
import { asyncRunner, type Case, CASES, type Runner, syncRunner } from "./cases.ts";
import type { SharedSubject, Subject } from "./subject.ts";
import { TIGHT_CASES } from "./tight_cases.ts";
import * as registry from "./subjects/mod.ts";

/** Every subject by name, in the order of the table. */
export const SUBJECTS: Readonly<Record<string, Subject>> = registry;

/** A subject that two workers can share. @throws {RangeError} where they cannot. */
export function sharedSubject(name: string): SharedSubject<number> {
  const subject = SUBJECTS[name]!;
  if ("share" in subject) return subject as SharedSubject<number>;
  throw new RangeError(`${name} is not shared by two workers`);
}

/** Makes the subject and takes what the case needs. */
export async function runnerFor(subjectName: string, caseName: string): Promise<Runner> {
  const subject = SUBJECTS[subjectName]!;
  const measured: Case = (CASES[caseName] ?? TIGHT_CASES[caseName])!;
  return subject.isAwaited
    ? await asyncRunner(measured, await subject.create())
    : syncRunner(measured, await subject.create());
}
