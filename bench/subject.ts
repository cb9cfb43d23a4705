/**
 * What is measured: anything that hands out elements and takes them back, one by one.
 *
 * @module
 */

/** Hands out elements at once. */
export interface SyncPool<T> {
  allocate(): T;
  free(element: T): void;
}

/** Hands out promises of elements. */
export interface AsyncPool<T> {
  allocate(): PromiseLike<T>;
  free(element: T): PromiseLike<void> | void;
}

interface Named {
  readonly name: string;
  /** What the table says of it. */
  readonly summary: string;
}

/** A subject that is called. */
export interface SyncSubject<T = unknown> extends Named {
  readonly isAwaited: false;
  create(): Promise<SyncPool<T>>;
}

/** A subject that is awaited. */
export interface AsyncSubject<T = unknown> extends Named {
  readonly isAwaited: true;
  create(): Promise<AsyncPool<T>>;
}

/** A subject that several workers can share. */
export interface SharedSubject<T = unknown> extends SyncSubject<T> {
  /** Makes what they share. Nobody is attached to it yet. */
  share(): SharedArrayBuffer;
  /** Attaches worker `id`, 0 or 1. */
  attach(shared: SharedArrayBuffer, id: number): SyncPool<T>;
}

/** One subject: one file, one line in `subjects/mod.ts`. It can hand out {@linkcode ELEMENTS} at once. */
export type Subject = SyncSubject | AsyncSubject;

/** Bytes in an element of every subject that has bytes. */
export const ELEMENT_BYTES = 4096;

/** Elements that a subject can hand out at once. */
export const ELEMENTS = 16384;
