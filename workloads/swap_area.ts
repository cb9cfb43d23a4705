/**
 * Where pages are written out to: bytes beside the page memory, in place of a disk, and as long as a write to one takes.
 * Written round and round; nothing is ever read back.
 *
 * @module
 */
import type { LoadClock } from "./load_clock.ts";

/** Pages until the next write is to the first place again. */
const PLACES = 64;

/** The swap area of one worker. */
export class SwapArea {
  readonly #clock: LoadClock;
  readonly #isOver: () => boolean;
  readonly #pageBytes: number;
  readonly #bytes: Uint8Array;
  #next = 0;

  /** An area for pages of one size; a write ends before its time where the run is over. */
  constructor(pageBytes: number, clock: LoadClock, isOver: () => boolean) {
    this.#clock = clock;
    this.#isOver = isOver;
    this.#pageBytes = pageBytes;
    this.#bytes = new Uint8Array(PLACES * pageBytes);
  }

  /** Copies a page to the next place, and passes the time until the device is done. @returns the bytes as written. */
  write(page: Uint8Array, takesNs: number): Uint8Array {
    const clock = this.#clock;
    const until = clock.now() + takesNs;
    const at = this.#next * this.#pageBytes;
    this.#bytes.set(page, at);
    this.#next = (this.#next + 1) % PLACES;
    while (clock.now() < until && !this.#isOver()) clock.pass(until);
    return this.#bytes.subarray(at, at + page.length);
  }
}
