/**
 * The places in a pool's queue for the callers of one worker's event loop. There are only so many: who comes when all are
 * taken waits its turn here, first come first served.
 *
 * @module
 */

/** The slots of one worker. */
export class AsyncSlots {
  readonly #free: number[] = [];
  readonly #turns: ((slot: number) => void)[] = [];

  /** Slots from `first` to `last`. */
  constructor(first: number, last: number) {
    for (let slot = first; slot <= last; slot++) this.#free.push(slot);
  }

  /** Takes a slot that is free. */
  take(): number | undefined {
    return this.#free.pop();
  }

  /** Waits until a slot is handed over. @throws the signal's reason where it aborts first. */
  async turn(signal: AbortSignal | undefined): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const leave = () => {
      const place = this.#turns.indexOf(resolve);
      if (place < 0) return;
      this.#turns.splice(place, 1);
      reject(signal!.reason);
    };
    this.#turns.push(resolve);
    signal?.addEventListener("abort", leave);
    try {
      return await promise;
    } finally {
      signal?.removeEventListener("abort", leave);
    }
  }

  /** Hands a slot to who has waited longest for one. */
  release(slot: number): void {
    const next = this.#turns.shift();
    if (next === undefined) this.#free.push(slot);
    else next(slot);
  }
}
