/** Searches programs in a worker, whose globals it replaces before it loads what is to be explored. */
import { installHooks } from "./hooks.ts";
import type { Findings, Recording, Replay, SearchOptions } from "./search.ts";

/** What a worker is told: where the modules are, once; then what to do with which program. */
export type Order =
  | { readonly order: "load"; readonly root: string }
  | { readonly order: "search"; readonly program: string; readonly options: SearchOptions }
  | { readonly order: "record"; readonly program: string; readonly seed: number }
  | { readonly order: "replay"; readonly program: string; readonly choices: readonly number[] };

/** What it answers. */
export type Answer = "loaded" | Findings | Recording | Replay | { readonly error: string };

installHooks();
const { loadSubject } = await import("./subject.ts");
const { findProgram } = await import("./programs.ts");
const { search, record, replay } = await import("./search.ts");
let subject: Awaited<ReturnType<typeof loadSubject>>;

async function follow(order: Order): Promise<Answer> {
  if (order.order === "load") {
    subject = await loadSubject(new URL(order.root));
    return "loaded";
  }
  const explored = await findProgram(order.program)!.build(subject);
  switch (order.order) {
    case "search":
      return await search(explored, order.options);
    case "record":
      return await record(explored, order.seed);
    case "replay":
      return await replay(explored, order.choices);
  }
}

self.onmessage = async ({ data }: MessageEvent<Order>) => {
  try {
    self.postMessage(await follow(data));
  } catch (error) {
    self.postMessage({ error: error instanceof Error ? error.stack : String(error) });
  }
};
self.postMessage("ready");
