/**
 * Bad input is a sentence: what the user gave, where, and what is allowed. Everything that refuses
 * a scenario, a key or a name throws this, and only the command line prints it, with exit status 2.
 *
 * @module
 */

/**
 * Bad input by the user; `message` is one sentence that names the place, what was found and what is
 * allowed.
 */
export class InputError extends Error {
  /** The class by name, for those that have only a copy of the error. */
  override readonly name = "InputError";
}
