/** The pool's side, in a worker. */
import { signal, until } from "../../sync/testing/until.ts";
import { attachPoisoner, type LimitRace } from "./limit_racer.ts";

/** What it is told. */
export interface PoisonerTask extends LimitRace {
  readonly rounds: number;
}

self.onmessage = ({ data }: MessageEvent<PoisonerTask>) => {
  const { region: { words }, trackAt, rounds } = data;
  const race = attachPoisoner(data);
  self.postMessage("attached");
  for (let round = 1; round <= rounds; round++) {
    until(words, trackAt, (begun) => begun >= round, "the next round");
    race();
    signal(words, trackAt + 1, round);
  }
};
