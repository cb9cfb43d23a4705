/**
 * A bug to plant: a text of the code and what to put in its place.
 *
 * @module
 */

/** A bug. */
export interface Mutation {
  /** What it is. */
  readonly name: string;
  /** The file, as a path from the root. */
  readonly file: string;
  /** What stands there, once. */
  readonly find: string;
  /** What is to stand there instead. */
  readonly replace: string;
  /** Programs that are most likely to catch it; those of every mutation come after. */
  readonly programs?: readonly string[];
  /** A test file that catches it, where the explorer is the wrong tool, and why it is. */
  readonly test?: { readonly file: string; readonly why: string };
}
