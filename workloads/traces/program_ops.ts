/**
 * What an event of a replay program does. A file of its own: those who run programs need nothing of what compiles them.
 *
 * @module
 */

/** In `ReplayProgram.op`: take an element. */
export const ALLOCATE = 1;

/** In `ReplayProgram.op`: give an element back. */
export const FREE = 2;
