/**
 * What a report is made of: files of results, recommendations and sweeps, and saved results.
 *
 * @module
 */
import { isResult, parseDocuments, type ReportDocument } from "../results/report/document.ts";
import type { Result } from "../results/result.ts";
import { Exit } from "./exit.ts";
import { type OperandSources, savedResults, textOf } from "./operands.ts";

/** The documents of several names, in their order, each result once. @throws {Exit} 2, where a name names nothing. */
export async function documentsNamed(
  names: readonly string[],
  sources: OperandSources,
): Promise<ReportDocument[]> {
  const documents: ReportDocument[] = [];
  for (const name of names) {
    const text = textOf(name);
    const named = text === null ? await savedResults(name, sources) : parseDocuments(text, name);
    documents.push(...named);
  }
  const seen = new Set<string>();
  return documents.filter((document) => {
    if (!isResult(document)) return true;
    if (seen.has(document.id)) return false;
    seen.add(document.id);
    return true;
  });
}

/** All saved results of a scenario, oldest first. @throws {Exit} 2, where there is none. */
export async function historyNamed(
  scenario: string,
  { io, store: path }: OperandSources,
): Promise<Result[]> {
  using store = await io.store(path, { write: false });
  const results = [...store.all({ scenario })];
  if (results.length > 0) return results;
  throw new Exit(
    2,
    `--history: there is no result of the scenario ${JSON.stringify(scenario)}: see history list`,
  );
}
