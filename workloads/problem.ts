/**
 * What is wrong with a scenario: a key and what is said of it. Several are found at once and the
 * first in the order of the file is reported.
 *
 * @module
 */
import type * as v from "valibot";
import { type Document, pathText } from "./document.ts";
import { InputError } from "./input_error.ts";
import type { Path } from "./locate.ts";

/** One thing that is wrong. */
export interface Problem {
  /** The key. */
  readonly path: Path;
  /** What was found there and what is allowed. */
  readonly clause: string;
}

/** Throws the first problem in the order of the document, if there is any. */
export function refuseFirst(document: Document, problems: readonly Problem[]): void {
  const [first] = problems
    .map((problem) => ({ ...problem, place: document.placeOf(problem.path) }))
    .sort((a, b) => a.place.order - b.place.order);
  if (first === undefined) return;
  const key = first.path.length === 0 ? "" : `${pathText(first.path)}: `;
  throw new InputError(`${first.place.prefix}${key}${first.clause}`);
}

/** The problems that a schema found. */
export function problemsOf(issues: readonly v.BaseIssue<unknown>[]): Problem[] {
  return issues.flatMap((issue) => spread(issue, []));
}

/**
 * Of a value that could be one of several shapes, the problems of the shape that it has: those that
 * lie deeper than its type. Where it has none of the shapes, that is the problem.
 */
function spread(issue: v.BaseIssue<unknown>, around: Path): Problem[] {
  const path = [...around, ...(issue.path ?? []).map(({ key }) => String(key))];
  const inner = (issue.issues ?? []).filter((sub) => sub.path || sub.kind !== "schema");
  if (inner.length > 0) return inner.flatMap((sub) => spread(sub, path));
  return [{ path, clause: issue.message }];
}
