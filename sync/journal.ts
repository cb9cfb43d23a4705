/**
 * What a worker changes under locks, so that somebody else can put it back should the worker die in the middle: an undo log in shared
 * memory, one for each participant (Gray and Reuter, "Transaction Processing", 1993, chapter 10: undo logging with two-phase locking).
 *
 * Each store to a guarded word notes the word and its old value first. A *step* ends where the outermost lock is given back, or where
 * {@linkcode Journal.commit} says that the structure is whole: the log is empty then. Whoever takes the locks of a dead worker over puts its
 * last step back, the latest store first ({@linkcode undoJournal}).
 *
 * - A lock that is given back within another's section stays held until that ends (two-phase locking): what was changed under it could not be
 *   put back once somebody else has it. So taking it again meanwhile takes nothing.
 * - What is seen outside the lock can't be put back: an element that was handed to a waiter may be gone with it. Such a store is
 *   *decisive*: it is announced, and once it is there the step is done, whether or not the log was emptied. Who takes what it brought
 *   leaves {@linkcode TAKEN} in its place for as long as the lock is held, so that "taken" is told from "not stored yet".
 * - Words that nobody relies on (counts for results), and those that can be worked out again (limits), are stored as ever.
 *
 * The argument rests on this: a dead worker has made every store before some point in its program's order, and none after it. Workers share
 * a process; one that is cut off ends where V8 looks for that, at the beginning of functions and of loops' rounds, across which it moves no store to an
 * array; and whoever has the proof of its death (a lock of `navigator.locks`, which the runtime frees when the thread has ended) comes after all it
 * stored. That V8 keeps to this is tested with workers that are cut off anywhere; the steps themselves are explored.
 *
 * | word, per participant | name | who writes | who may read stale |
 * |---|---|---|---|
 * | 0 | length: stores noted in this step | the participant; who undoes it | nobody |
 * | 1 | decisive: the word of the decisive store + 1, or 0 | the same | nobody |
 * | 2 | what it stores | the same | nobody |
 * | 16.. | word, old value | the same | nobody |
 *
 * @module
 */
import { type Layout, LINE_WORDS } from "./region.ts";

const LENGTH = 0;
const DECISIVE = 1;
const DECIDED = 2;

/** In the word of a decisive store: what it brought was taken. */
export const TAKEN: number = -2;

/** Where the journals of all participants are. */
export interface JournalPlan {
  /** The first word. */
  readonly at: number;
  /** Words from one participant's to the next. */
  readonly stride: number;
  /** Stores that a step may have. */
  readonly capacity: number;
}

/** Plans journals for steps of at most `capacity` stores. */
export function planJournals(
  layout: Layout,
  name: string,
  { participants, capacity }: { readonly participants: number; readonly capacity: number },
): JournalPlan {
  const stride = LINE_WORDS + Math.ceil(2 * capacity / LINE_WORDS) * LINE_WORDS;
  return { at: layout.words(`${name}/journals`, participants * stride), stride, capacity };
}

/** One worker's view of its journal. Wait-free but for the locks. */
export interface Journal {
  /** Stores to a guarded word. Under its lock. */
  set(word: number, value: number): void;
  /** The same, atomically, where others read the word without the lock. */
  store(word: number, value: number): void;
  /** Says that the next store of `value` to `word` ends the step, which has others already. Nobody but whom it is for may store there meanwhile. */
  decide(word: number, value: number): void;
  /** Ends a step within a section: what was done stays done. */
  commit(): void;
  /** For a lock: whether it is held already, by a section further out; then it is entered once more. */
  enterAgain(lockAt: number): boolean;
  /** For a lock: it was acquired. */
  entered(lockAt: number, unlock: () => void): void;
  /** For a lock: it may be unlocked, at once or when the outermost is. */
  leave(unlock: () => void): void;
  /** Has the sections that were entered so far enclose those to come: each of these ends its own step, and no lock is unlocked before {@linkcode Journal.open}. */
  enclose(): void;
  /** Ends all sections, and unlocks all locks. */
  open(): void;
}

/** Attaches participant `me` to its journal. */
export function attachJournal(
  words: Int32Array<SharedArrayBuffer>,
  plan: JournalPlan,
  me: number,
): Journal {
  const own = plan.at + me * plan.stride;
  const entries = own + LINE_WORDS;
  // The first `locks` of these: arrays that shrink and grow with each section would cost more than the section.
  const held: number[] = [];
  const unlocks: (() => void)[] = [];
  let locks = 0;
  let depth = 0;
  /** The depth in which a section ends its step: 0, or within what encloses all. */
  let base = 0;
  let length = 0;

  function note(word: number): void {
    if (length === plan.capacity) throw new Error(`a step of more than ${length} stores`);
    const entry = entries + 2 * length;
    words[entry] = word;
    words[entry + 1] = words[word]!;
    words[own + LENGTH] = ++length;
  }

  function commit(): void {
    if (length === 0) return;
    length = 0;
    words[own + LENGTH] = 0;
    // After the length, without which it says nothing.
    words[own + DECISIVE] = 0;
  }

  function unlockAll(): void {
    while (locks > 0) unlocks[--locks]!();
  }

  return {
    set(word, value) {
      note(word);
      words[word] = value;
    },
    store(word, value) {
      note(word);
      Atomics.store(words, word, value);
    },
    decide(word, value) {
      words[own + DECIDED] = value;
      words[own + DECISIVE] = word + 1;
    },
    commit,
    enterAgain(lockAt) {
      for (let index = 0; index < locks; index++) {
        if (held[index] !== lockAt) continue;
        depth++;
        return true;
      }
      return false;
    },
    entered(lockAt, unlock) {
      depth++;
      held[locks] = lockAt;
      unlocks[locks++] = unlock;
    },
    leave() {
      if (--depth > base) return;
      commit();
      if (base === 0) unlockAll();
    },
    enclose() {
      base = depth;
    },
    open() {
      base = depth = 0;
      commit();
      unlockAll();
    },
  };
}

/** Stores straight away, and gives each lock back where it is released: for those whose death nobody survives. */
export function unlogged(words: Int32Array<SharedArrayBuffer>): Journal {
  return {
    set(word, value) {
      words[word] = value;
    },
    store(word, value) {
      Atomics.store(words, word, value);
    },
    decide() {},
    commit() {},
    enterAgain: () => false,
    entered() {},
    leave: (unlock) => unlock(),
    enclose() {},
    open() {},
  };
}

/**
 * Puts back what a dead participant had begun, unless its decisive store was made. Before anybody takes its locks over; by one at a time, and
 * again from the beginning if that one dies too. @returns stores put back.
 */
export function undoJournal(
  words: Int32Array<SharedArrayBuffer>,
  plan: JournalPlan,
  dead: number,
): number {
  const own = plan.at + dead * plan.stride;
  const entries = own + LINE_WORDS;
  const undone = isDecided(words, own) ? 0 : words[own + LENGTH]!;
  for (let index = undone - 1; index >= 0; index--) {
    Atomics.store(words, words[entries + 2 * index]!, words[entries + 2 * index + 1]!);
  }
  words[own + LENGTH] = 0;
  words[own + DECISIVE] = 0;
  return undone;
}

function isDecided(words: Int32Array<SharedArrayBuffer>, own: number): boolean {
  const decisive = words[own + DECISIVE]! - 1;
  if (decisive < 0) return false;
  const found = Atomics.load(words, decisive);
  return found === TAKEN || found === words[own + DECIDED];
}
