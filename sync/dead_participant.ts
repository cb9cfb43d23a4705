/**
 * A participant that has died, for the one who puts things right after it. Its words stand as it left them: it may have been running, parked,
 * or claimed; it may have claimed others, who wait to be let go; and it may have been putting things right after another one.
 *
 * One at a time does this for one that is dead: who comes second waits, and finds nothing left to do. Where the first dies too, whoever comes
 * for that one takes over what it had begun.
 *
 * @module
 */
import { participantAt, ParticipantState, ParticipantWord } from "./participant.ts";
import type { Region } from "./region.ts";

/** The longest uninterrupted sleep, milliseconds. */
const SLEEP_MS = 100;

/** A dead participant, as the one sees it who comes for it. */
export interface DeadParticipant {
  /** Makes this the one who puts things right. Blocks for as long as somebody else does. */
  begin(): void;
  /** Those that the dead one had claimed. */
  claims(): number[];
  /** Lets one of them go. */
  letGo(claimed: number): void;
  /** Wakes everybody who may sleep because the dead one changed something and did not come to tell: they look, and sleep again if need be. */
  wakeAll(): void;
  /** Those after whom the dead one was putting things right, which the caller is to do now: it counts as having begun. */
  takeOverRecoveries(): number[];
  /** Claims the dead one, whatever its state. Blocks for as long as somebody else has it claimed. */
  claim(): void;
  /** It is as one that has left: parked, not stuck, its number free. */
  end(): void;
}

/** Attaches participant `me` to the dead one of `count`, in the group of words at `at`. */
export function attachDeadParticipant(
  { words }: Region,
  at: number,
  { dead, me, count }: { readonly dead: number; readonly me: number; readonly count: number },
): DeadParticipant {
  const { parked, claimed } = ParticipantState;
  const wordOf = (id: number, word: keyof typeof ParticipantWord) =>
    participantAt(at, id) + ParticipantWord[word];
  const own = (word: keyof typeof ParticipantWord) => wordOf(dead, word);

  function park(id: number): void {
    Atomics.store(words, wordOf(id, "state"), parked);
    Atomics.notify(words, wordOf(id, "state"));
  }

  /** All participants in whose word something stands. */
  function whose(word: keyof typeof ParticipantWord, value: number): number[] {
    const all = Array.from({ length: count }, (_, id) => id);
    return all.filter((id) => Atomics.load(words, wordOf(id, word)) === value);
  }

  return {
    begin() {
      for (;;) {
        const seen = Atomics.compareExchange(words, own("recoveredBy"), 0, me + 1);
        if (seen === 0 || seen === me + 1) return;
        Atomics.wait(words, own("recoveredBy"), seen, SLEEP_MS);
      }
    },
    claims: () => whose("state", claimed + dead),
    letGo: park,
    wakeAll() {
      for (let id = 0; id < count; id++) {
        Atomics.notify(words, wordOf(id, "state"));
        Atomics.notify(words, wordOf(id, "drain"));
      }
    },
    takeOverRecoveries() {
      const begun = whose("recoveredBy", dead + 1);
      for (const id of begun) Atomics.store(words, wordOf(id, "recoveredBy"), me + 1);
      return begun;
    },
    claim() {
      for (;;) {
        const seen = Atomics.load(words, own("state"));
        if (seen === claimed + me) return;
        if (seen >= claimed) Atomics.wait(words, own("state"), seen, SLEEP_MS);
        else if (Atomics.compareExchange(words, own("state"), seen, claimed + me) === seen) return;
      }
    },
    end() {
      if ((Atomics.load(words, own("stuck")) & 1) === 1) Atomics.add(words, own("stuck"), 1);
      Atomics.store(words, own("taken"), 0);
      park(dead);
      Atomics.store(words, own("recoveredBy"), 0);
      Atomics.notify(words, own("recoveredBy"));
    },
  };
}
