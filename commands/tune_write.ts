/**
 * Writes the scenario of a session to a file that its user names.
 *
 * @module
 */
import type { News } from "../tuning/session/hear.ts";
import type { Session } from "../tuning/session/session.ts";
import { InputError } from "../workloads/input_error.ts";
import { Exit } from "./exit.ts";
import type { Io } from "./io.ts";
import { tunedText } from "./tuned_file.ts";
import { scenarioWith, type TunedScenario } from "./tuned_scenario.ts";

/** Writes; what goes wrong is news as well, and a file that is there already is asked about. */
export function writeTuned(
  tuned: TunedScenario,
  session: Session,
  { file, force, io }: { readonly file: string; readonly force: boolean; readonly io: Io },
): News {
  try {
    // What could not be run is not written either.
    scenarioWith(tuned, session);
    const { text, note } = tunedText(tuned, session);
    if (!io.writeFile(file, text, { force })) return { kind: "exists", file };
    const besides = note === "" ? "" : ` (${note})`;
    const said = `${file}: written${besides}: mempool-bench bench ${file} runs it`;
    return { kind: "note", note: { mood: "good", text: said } };
  } catch (error) {
    if (!(error instanceof InputError || error instanceof Exit)) throw error;
    return { kind: "note", note: { mood: "bad", text: error.message } };
  }
}
