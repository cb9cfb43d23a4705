/**
 * Any trace as one of the native format. Events stay as they are and in the order of the file, so that whatever can be
 * said of the one can be said of the other.
 *
 * @module
 */
import { NativeWriter } from "./native_writer.ts";
import { readAgain, type Survey } from "./survey.ts";

/**
 * Writes a surveyed trace in the native format.
 *
 * @returns how many events were written.
 * @throws {TraceError} where it cannot be read any more.
 */
export async function convertTrace(
  survey: Survey,
  form: "csv" | "ndjson",
  write: (text: string) => void,
): Promise<number> {
  const writer = new NativeWriter({ ...survey, form }, write);
  await readAgain(survey, (event) => writer.event(event));
  writer.end();
  return writer.events;
}
