/**
 * The watchdog of one run: looks at the words that its workers share, and gives an account of a deadlock when it
 * has found one.
 *
 * @module
 */
import type { Composition } from "../pools/composition.ts";
import { type Deadlock, type DeadlockFacts, deadlockOf } from "./deadlock.ts";
import { SnapshotReader, type View } from "./snapshot_reader.ts";
import { type Outlook, SETTLE_MS, Watchdog } from "./watchdog.ts";

/** How long a run may be kept from its end while it is not sure whether anybody can go on, milliseconds, from the first look after that on. */
const LAST_LOOKS_MS = 4 * SETTLE_MS;

/** Watches one run. */
export class Watch {
  readonly #reader: SnapshotReader;
  readonly #watchdog: Watchdog;
  readonly #outlook: Outlook;
  readonly #pressed: DeadlockFacts["pressed"];
  #firstOverMs: number | null = null;

  /** Watches the pools of `views`, where the back ends have this outlook and the pressure has brought such a worker. */
  constructor(
    shared: Composition,
    views: readonly View[],
    outlook: Outlook,
    pressed: DeadlockFacts["pressed"] = null,
  ) {
    this.#reader = new SnapshotReader(shared, views);
    this.#watchdog = new Watchdog(outlook);
    this.#outlook = outlook;
    this.#pressed = pressed;
  }

  /** Looks at the workers that have not ended. @returns the deadlock, if that is what it is. */
  look(unfinished: readonly number[]): Deadlock | null {
    const snapshot = this.#reader.read(unfinished);
    const workers = this.#watchdog.look(snapshot, performance.now());
    if (workers.length === 0) return null;
    const { allocators } = this.#reader;
    const holdings = this.#reader.holdings.bind(this.#reader);
    const [outlook, pressed] = [this.#outlook, this.#pressed];
    return deadlockOf({ workers, snapshot, outlook, allocators, pressed, holdings });
  }

  /**
   * Whether a run whose time has been over for `overMs` should go on a little, since it may be deadlocked. What it measures
   * is over: those who wait are asked to try again at once, rather than at the end of `retryMs`, which settles it; where somebody has a lock that
   * this takes, at the next look.
   */
  keepsFromEnding(overMs: number): boolean {
    // However late the first look comes: a suspicion is looked at again.
    this.#firstOverMs ??= overMs;
    if (!this.#watchdog.suspects || overMs - this.#firstOverMs > LAST_LOOKS_MS) return false;
    if (this.#watchdog.lacksTry) this.#reader.askWaiters();
    return true;
  }
}
