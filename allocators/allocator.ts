/**
 * The one interface of everything that hands out elements: page allocators, heaps, layers and pools.
 *
 * An element is named by a {@linkcode Handle}, a small integer, because a handle costs nothing to pass,
 * to keep in a typed array, or to send to another worker; its bytes are looked up only when somebody
 * wants them. Exhaustion is a value ({@linkcode NONE}); misuse throws.
 *
 * @module
 */

/** Names one element of one allocator: an integer from 1 up. 0 ({@linkcode NONE}) is no element. */
export type Handle = number;

/** No element. */
export const NONE: Handle = 0;

/** The caller may not sleep: what is at hand now, or {@linkcode NONE}. */
export const ATOMIC = 0;

/** The caller may sleep: the allocator may reclaim, and a pool may wait. */
export const BLOCKING = 1;

/** What the caller of an allocation may do: {@linkcode ATOMIC} or {@linkcode BLOCKING}. */
export type Context = typeof ATOMIC | typeof BLOCKING;

/** Anything that hands out elements by handle. One instance serves one worker. */
export interface Allocator {
  /**
   * Takes one element.
   *
   * With {@linkcode ATOMIC} it never sleeps and never reclaims; with {@linkcode BLOCKING} it may do both.
   *
   * @returns the element, or {@linkcode NONE} where there is none to be had.
   */
  allocate(context: Context): Handle;
  /**
   * Gives one element back. Any worker may free what any other allocated.
   *
   * @throws {Error} where the handle is not out (double or foreign free) and the allocator can tell.
   */
  free(handle: Handle): void;
}
