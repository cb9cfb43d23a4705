/**
 * A worker that searches programs, from the outside.
 *
 * @module
 */
import type { Findings, Recording, Replay, SearchOptions } from "./search.ts";
import type { Answer, Order } from "./search_worker.ts";
import { PROJECT } from "./subject.ts";

/** One worker. */
export interface Searcher extends Disposable {
  /** Searches a program by its name. */
  search(program: string, options: SearchOptions): Promise<Findings>;
  /** Records the schedule of a seed. */
  record(program: string, seed: number): Promise<Recording>;
  /** Runs one schedule of a program. */
  replay(program: string, choices: readonly number[]): Promise<Replay>;
}

/** Starts a worker over the modules of a tree: the project's own if not given. */
export async function startSearcher(root: URL = PROJECT): Promise<Searcher> {
  const worker = new Worker(new URL("./search_worker.ts", import.meta.url), { type: "module" });
  const answer = () =>
    new Promise<Answer | "ready">((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`the searching worker died: ${event.message}`));
      };
    });
  const ask = async <T>(order: Order): Promise<T> => {
    worker.postMessage(order);
    const answered = await answer();
    if (typeof answered === "object" && "error" in answered) throw new Error(answered.error);
    return answered as T;
  };
  await answer();
  await ask({ order: "load", root: root.href });
  return {
    search: (program, options) => ask({ order: "search", program, options }),
    record: (program, seed) => ask({ order: "record", program, seed }),
    replay: (program, choices) => ask({ order: "replay", program, choices }),
    [Symbol.dispose]: () => worker.terminate(),
  };
}
