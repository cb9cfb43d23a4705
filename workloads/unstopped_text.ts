/**
 * The account of workers that did not stop when they were told to, in words.
 *
 * @module
 */
import type { Warning } from "../results/result.ts";
import { listed } from "./deadlock_text.ts";
import { GRACE_MS } from "./supervision.ts";

const WITHIN = `within ${GRACE_MS / 1000} s`;

/** One sentence for workers that live on, and what a look at the books found missing besides: null where that is nothing. */
export function unstoppedSentence(unstopped: readonly number[], complaint: string | null): string {
  const [who, have, go] = unstopped.length === 1
    ? ["worker", "it has", "it goes"]
    : ["workers", "they have", "they go"];
  const books = complaint === null
    ? `but for what ${have}, nothing is missing`
    : `while ${go} on, the books are not right: ${complaint}`;
  return `${who} ${
    listed(unstopped.map(String))
  } did not stop ${WITHIN} of being told to; ${books}`;
}

/** The same of one worker, as a warning. */
export function unstoppedWarning(id: number): Warning {
  return {
    code: "did-not-stop",
    message:
      `worker ${id} did not stop ${WITHIN} of being told to: it lives, and has what it had taken`,
    advice:
      "its counts are in as far as they went, its latencies are not: find out what it is doing",
  };
}
