/** The second racer, in a worker. */
import { attachRacer, type RacePlace, Track } from "./lock_racer.ts";
import { signal, until } from "./until.ts";

/** What it is told. */
export interface RacerTask extends RacePlace {
  readonly rounds: number;
}

self.onmessage = ({ data }: MessageEvent<RacerTask>) => {
  const { region: { words }, trackAt, rounds } = data;
  const { race } = attachRacer(data, 1);
  self.postMessage("attached");
  for (let round = 1; round <= rounds; round++) {
    until(words, trackAt + Track.begun, (begun) => begun >= round, "the next round");
    race();
    signal(words, trackAt + Track.ended, round);
  }
};
