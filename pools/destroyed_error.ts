/**
 * What a call into a destroyed pool throws.
 *
 * @module
 */

/** The pool was destroyed: whoever calls it has outlived it. */
export class DestroyedError extends Error {
  /** The class's name, for those who compare it across realms. */
  override readonly name = "DestroyedError";

  /** Says what cannot be done. */
  constructor(what: string) {
    super(`${what} as it was destroyed`);
  }
}
