/**
 * What chooses who goes next.
 *
 * @module
 */

/** A search through the schedules of one program. */
export interface Strategy {
  /** Begins the next schedule. @returns false where there is none left. */
  begin(): boolean;
  /** Chooses one of those who can go on, two at least, in rising order; `last` is the thread that went last, or -1. */
  pick(enabled: readonly number[], last: number): number;
}

/** What a search is told. */
export interface SearchSize {
  /** The seed of the first schedule; those that follow have the seeds that follow. */
  readonly seed: number;
  /** Choices in an ordinary schedule of the program. */
  readonly choices: number;
}

/** A strategy by name. */
export interface StrategyKind {
  /** One line for help. */
  readonly summary: string;
  /** Preemptions up to which it tries everything; null where it draws. */
  readonly bound: number | null;
  /** Starts a search. */
  start(size: SearchSize): Strategy;
}

/** The schedule of these choices for as long as they can be made; from there on another strategy's. */
export function followed(choices: readonly number[], beyond: Strategy): Strategy {
  let next = 0;
  return {
    begin() {
      next = 0;
      return beyond.begin();
    },
    pick(enabled, last) {
      const chosen = choices[next++];
      if (chosen !== undefined && enabled.includes(chosen)) return chosen;
      next = choices.length;
      return beyond.pick(enabled, last);
    },
  };
}

/** The schedule of these choices, over and over. @throws {Error} from `pick` where a choice can't be made. */
export function repeated(choices: readonly number[]): Strategy {
  let next = 0;
  return {
    begin() {
      next = 0;
      return true;
    },
    pick(enabled) {
      const chosen = choices[next++];
      if (chosen !== undefined && enabled.includes(chosen)) return chosen;
      throw new RangeError(`choice ${next} is ${chosen}, where ${enabled} can go on`);
    },
  };
}
