/**
 * A simulator in a worker of its own, so that keys are answered while it simulates.
 *
 * @module
 */
import type { Curve } from "./curve.ts";
import { type Request, type Simulable, Simulator } from "./simulator.ts";

/** What it hears: first what to simulate, then one request after the other. */
export type Asked = { readonly of: Simulable } | { readonly request: Request };

/** What it answers to each request. */
export type Answer = { readonly curve: Curve } | { readonly failure: string };

let simulator: Simulator | null = null;

addEventListener("message", async ({ data }: MessageEvent<Asked>) => {
  if ("of" in data) {
    simulator = new Simulator(data.of);
    return;
  }
  let answer: Answer;
  try {
    answer = { curve: await simulator!.look(data.request) };
  } catch (error) {
    answer = { failure: error instanceof Error ? error.message : String(error) };
  }
  postMessage(answer);
});
