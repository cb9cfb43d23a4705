/**
 * What a module of the user's must export to be an allocator: plain functions over plain numbers, so that it can be written
 * without a line of this project.
 *
 * @module
 */
import type { Allocator, Handle } from "./allocator.ts";

/** Handles of a user's allocator are 1 to this. */
export const HANDLE_MAX = 2 ** 20;

/** What is allowed where a handle is wanted, as it stands in sentences. */
export const HANDLES: string = `an integer from 1 to ${HANDLE_MAX}`;

/** Whether a value is a handle of an element. */
export function isHandle(value: unknown): value is Handle {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= HANDLE_MAX;
}

/** What `createAllocator` is given. */
export interface UserAllocatorOptions {
  /** Bytes in an element, as the scenario has it. */
  readonly objectBytes: number;
}

/**
 * An allocator of the user's own. One instance serves one worker, so it needs no locks.
 *
 * `allocate` gives an integer from 1 to 2^20 that is not out, or 0 where there is none to be had. Its context is 0 for a
 * caller that may not sleep and 1 for one that may. `free` gets what `allocate` gave, each once.
 */
export interface UserAllocator extends Allocator {
  /** The bytes of an element: `objectBytes` of them, the same ones until it is freed. Left out where there are none. */
  bytes?(handle: Handle): Uint8Array;
}

/** The default export of the module. Called once in each worker, and once before any worker starts. */
export type CreateAllocator = (
  options: UserAllocatorOptions,
) => UserAllocator | Promise<UserAllocator>;
