/**
 * Measures one subject in one case, alone in its isolate. It is told how many pairs to run and answers with the
 * milliseconds that they took.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import type { Runner } from "./cases.ts";
import { runnerFor } from "./runner.ts";

/** The first message names what is measured; all others are numbers of pairs. */
export type CaseMessage =
  | { readonly subject: string; readonly case: string }
  | { readonly pairs: number };

let run: Runner | null = null;

self.onmessage = async ({ data }: MessageEvent<CaseMessage>) => {
  if ("subject" in data) {
    run = await runnerFor(data.subject, data.case);
    self.postMessage(0);
    return;
  }
  const start = performance.now();
  const running = run!(data.pairs);
  if (running !== undefined) await running;
  self.postMessage(performance.now() - start);
};
