/**
 * The owner of one cached element, which it forgets to ask about: round after round it caches the element, parks, and
 * sleeps until the asker is done. An element that is still cached then was asked for in vain.
 */
import { attachParticipant } from "../participant.ts";
import type { Region } from "../region.ts";
import { attachTurnstile } from "./turnstile.ts";
import { signal, until } from "./until.ts";

/** What an owner is told. Places are words. */
export interface OwnerTask {
  readonly region: Region;
  readonly participantsAt: number;
  readonly turnstileAt: number;
  readonly stageAt: number;
  readonly rounds: number;
}

/** The words of the stage: rounds begun and asked by the asker, rounds ended and elements lost by the owner. */
export const Stage = { begun: 0, asked: 1, ended: 2, lost: 3, cached: 4, delay: 5 } as const;

self.onmessage = ({ data }: MessageEvent<OwnerTask>) => {
  const { region, participantsAt, turnstileAt, stageAt, rounds } = data;
  const { words } = region;
  const word = (name: keyof typeof Stage) => stageAt + Stage[name];
  const owner = attachParticipant(region, participantsAt, 1, 2);
  const turnstile = attachTurnstile(words, turnstileAt, 1);
  owner.onDrain(() => words[word("cached")] = 0);

  const asleep = (round: number) => () => {
    turnstile.leave();
    until(words, word("asked"), (asked) => asked >= round, "the asker is done");
    if (Atomics.load(words, word("cached")) === 1) Atomics.add(words, word("lost"), 1);
  };

  self.postMessage("attached");
  for (let round = 1; round <= rounds; round++) {
    until(words, word("begun"), (begun) => begun >= round, "the next round");
    words[word("cached")] = 1;
    for (let spin = words[word("delay")]!; spin > 0; spin--) Atomics.load(words, word("begun"));
    turnstile.run(() => owner.park(asleep(round)));
    owner.poll();
    signal(words, word("ended"), round);
  }
  owner.detach();
  self.postMessage("done");
};
