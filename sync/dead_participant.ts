/**
 * A participant that has died, for the one who puts things right after it. Its words stand as it left them: it may have been running, parked,
 * or claimed; it may have claimed others, who wait to be let go; and it may have been putting things right after another one.
 *
 * One at a time does this for one that is dead: who comes second waits, and finds nothing left to do. Where the first dies too, whoever comes
 * for that one takes over what it had begun. Nobody waits for one who does this while he does it for somebody else: of two who come for the same
 * ones, each would wait for what the other one has begun, or for a lock of a dead one whom the other one has.
 *
 * @module
 */
import { participantAt, ParticipantState, ParticipantWord } from "./participant.ts";
import type { Region } from "./region.ts";

/** The longest uninterrupted sleep, milliseconds. */
const SLEEP_MS = 100;

/** A dead participant, as the one sees it who comes for it. */
export interface DeadParticipant {
  /** Its number. */
  readonly id: number;
  /** Makes this the one who puts things right. @returns false where somebody else is at it. */
  tryBegin(): boolean;
  /** Undoes that, if it was so, with nothing done. */
  callOff(): void;
  /** Sleeps until somebody else who is at it is done, or for a while. */
  awaitOther(): void;
  /** Those that the dead one had claimed. */
  claims(): number[];
  /** Lets one of them go. */
  letGo(claimed: number): void;
  /** Has the caller claim one of them instead. */
  takeOverClaim(claimed: number): void;
  /** Wakes everybody who may sleep because the dead one changed something and did not come to tell: they look, and sleep again if need be. */
  wakeAll(): void;
  /** Those after whom the dead one was putting things right. */
  begun(): number[];
  /** The same, which the caller is to do now: it counts as having begun. Only who has begun here. */
  takeOverRecoveries(): number[];
  /** Claims the dead one, whatever its state. Blocks for as long as somebody else has it claimed. */
  claim(): void;
  /** The same, unless somebody else goes on having it claimed for so long, milliseconds. @returns false where one does. */
  tryClaim(withinMs: number): boolean;
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

  function claimWithin(ms: number): boolean {
    const endMs = ms === Infinity ? Infinity : performance.now() + ms;
    for (;;) {
      const seen = Atomics.load(words, own("state"));
      if (seen === claimed + me) return true;
      const leftMs = endMs === Infinity ? SLEEP_MS : endMs - performance.now();
      if (seen < claimed) {
        if (Atomics.compareExchange(words, own("state"), seen, claimed + me) === seen) return true;
      } else if (leftMs <= 0) return false;
      else Atomics.wait(words, own("state"), seen, leftMs);
    }
  }

  /** All participants in whose word something stands. */
  function whose(word: keyof typeof ParticipantWord, value: number): number[] {
    const all = Array.from({ length: count }, (_, id) => id);
    return all.filter((id) => Atomics.load(words, wordOf(id, word)) === value);
  }

  const begun = () => whose("recoveredBy", dead + 1);

  return {
    id: dead,
    tryBegin() {
      const seen = Atomics.compareExchange(words, own("recoveredBy"), 0, me + 1);
      return seen === 0 || seen === me + 1;
    },
    callOff() {
      Atomics.compareExchange(words, own("recoveredBy"), me + 1, 0);
      Atomics.notify(words, own("recoveredBy"));
    },
    awaitOther() {
      const seen = Atomics.load(words, own("recoveredBy"));
      if (seen !== 0 && seen !== me + 1) Atomics.wait(words, own("recoveredBy"), seen, SLEEP_MS);
    },
    claims: () => whose("state", claimed + dead),
    letGo: park,
    takeOverClaim: (id) => void Atomics.store(words, wordOf(id, "state"), claimed + me),
    wakeAll() {
      for (let id = 0; id < count; id++) {
        Atomics.notify(words, wordOf(id, "state"));
        Atomics.notify(words, wordOf(id, "drain"));
      }
    },
    begun,
    takeOverRecoveries() {
      const ids = begun();
      for (const id of ids) Atomics.store(words, wordOf(id, "recoveredBy"), me + 1);
      return ids;
    },
    claim: () => void claimWithin(Infinity),
    tryClaim: claimWithin,
    end() {
      if ((Atomics.load(words, own("stuck")) & 1) === 1) Atomics.add(words, own("stuck"), 1);
      Atomics.store(words, own("taken"), 0);
      park(dead);
      Atomics.store(words, own("recoveredBy"), 0);
      Atomics.notify(words, own("recoveredBy"));
    },
  };
}
