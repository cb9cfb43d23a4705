/**
 * What a bulk that may not wait throws.
 *
 * @module
 */

/** The backend has not enough elements now, and those that the pool keeps will never be enough. */
export class RefusedError extends Error {
  /** The class's name, for those who compare it across realms. */
  override readonly name = "RefusedError";

  /** Says how many were asked of whom, and for how many one can wait. */
  constructor(pool: string, asked: number, mostWaitedFor: number) {
    super(
      `Cannot allocate ${asked} elements at once from "${pool}" as its backend has not enough of them now, ` +
        `and only up to ${mostWaitedFor} can be waited for`,
    );
  }
}
