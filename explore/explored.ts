/**
 * A program that is ready to be explored.
 *
 * @module
 */
import type { Layout } from "../sync/mod.ts";
import type { Machine } from "./machine.ts";
import type { Death } from "./program.ts";

/** Everybody who dies in a program, in which who is to do so everywhere does it after so many operations. */
export function deathsOf({ dies, alsoDies }: Explored, operations: number): Death[] {
  const also = alsoDies === undefined ? [] : [alsoDies];
  return dies === undefined ? also : [...also, { thread: dies, operations }];
}

/** A program on its machine. */
export interface Explored {
  readonly machine: Machine;
  /** Whose blocks name the words. */
  readonly layout: Layout;
  /** Words from one participant's front block to the next; 1 where there are none. */
  readonly frontStride: number;
  /** What each thread does. */
  readonly names: readonly string[];
  /** The thread that is to die, if one is. */
  readonly dies?: number;
  /** After so many operations; everywhere, one after the other, if not given. */
  readonly diesAfter?: number;
  /** Who dies besides: nobody if not given. */
  readonly alsoDies?: Death;
}
