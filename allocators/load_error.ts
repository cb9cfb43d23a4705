/**
 * What an allocator's options name cannot be used: found when it is loaded, since the text of a scenario does not show it.
 *
 * @module
 */

/** One sentence that names what was to be loaded, what was found and what is allowed. */
export class LoadError extends Error {
  /** The class by name, for those that have only a copy of the error. */
  override readonly name = "LoadError";
}
