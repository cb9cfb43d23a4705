/**
 * A layer that finds writes to freed elements: who frees an element has its bytes overwritten with a poison, and who takes
 * it next has the poison checked, as Linux does (include/linux/poison.h). It costs two passes over the bytes of each
 * element: for debugging, never for measuring.
 *
 * Only over allocators that leave the bytes of an idle element alone. One that clears them, gives their pages back to be
 * used for something else, or hands out fresh memory under an old handle would be reported for that.
 *
 * An element that was never freed through the layer has no poison yet. One word for each handle says so:
 *
 * | word | meaning | who writes |
 * |---|---|---|
 * | 0 | not poisoned: out, or never freed | whoever takes the element |
 * | 1 | poisoned | whoever frees it |
 *
 * With the words in shared memory, workers check what others poisoned. Words and bytes are written with plain stores by
 * whoever has the element, and handed on by whatever hands the element on.
 *
 * @module
 */
import { type Allocator, type Handle, NONE } from "./allocator.ts";
import type { ElementPart } from "./kind.ts";

/** Every byte of an idle element but the last. */
export const POISON_FREE = 0x6b;

/** The last byte of an idle element. */
export const POISON_END = 0xa5;

const POISONED = 1;

/** What the layer needs. */
export interface Poison {
  /** What the elements are called in errors. */
  readonly name: string;
  /** The words that say what is poisoned; `at` is that of handle 0. All are 0 in the beginning. */
  readonly marks: { readonly words: Int32Array; readonly at: number };
  /** The bytes of an element. */
  bytes(handle: Handle): Uint8Array;
}

/** Something wrote to an element that was free. */
export class CorruptionError extends Error {
  /** The class's name, for those who compare it across realms. */
  override readonly name = "CorruptionError";
  /** The element. */
  readonly handle: Handle;
  /** Where in the element the first wrong byte is. */
  readonly offset: number;
  /** The byte there. */
  readonly found: number;
  /** The byte that should be there. */
  readonly expected: number;
  /** The part of the element that it is in, where that is put together; the offset is within the part. */
  readonly part: Pick<ElementPart, "of" | "handle"> | null;

  /** Names the first wrong byte of an element of `name`, or of a part of it. */
  constructor(
    name: string,
    handle: Handle,
    bytes: Uint8Array,
    offset: number,
    part: Pick<ElementPart, "of" | "handle"> | null = null,
  ) {
    const found = bytes[offset]!;
    const expected = poisonAt(bytes, offset);
    const where = part === null ? "" : ` of its part "${part.of}" ${part.handle}`;
    super(
      `Element ${handle} of "${name}" was written to after it was freed: ` +
        `byte ${offset}${where} is ${hex(found)}, not ${hex(expected)}`,
    );
    this.part = part;
    this.handle = handle;
    this.offset = offset;
    this.found = found;
    this.expected = expected;
  }
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}

function poisonAt(bytes: Uint8Array, offset: number): number {
  return offset === bytes.length - 1 ? POISON_END : POISON_FREE;
}

/** Overwrites the bytes of an element that becomes idle. */
export function poison(bytes: Uint8Array): void {
  bytes.fill(POISON_FREE);
  bytes.fill(POISON_END, -1);
}

/** The offset of the first byte that is not as {@linkcode poison} left it; -1 where there is none. */
export function firstCorruption(bytes: Uint8Array): number {
  return bytes.findIndex((byte, offset) => byte !== poisonAt(bytes, offset));
}

/**
 * Puts the layer round an allocator. Its `allocate` throws a {@linkcode CorruptionError} at the first wrong byte; the element
 * is then back where it was and poisoned anew, so that each write is reported once and nothing is lost.
 */
export function poisoned(inner: Allocator, { name, marks, bytes }: Poison): Allocator {
  const { words, at } = marks;

  function free(handle: Handle): void {
    // Before it is given back: from then on it may be somebody else's.
    poison(bytes(handle));
    words[at + handle] = POISONED;
    inner.free(handle);
  }

  return {
    allocate(context) {
      const handle = inner.allocate(context);
      if (handle === NONE || words[at + handle] !== POISONED) return handle;
      const held = bytes(handle);
      const offset = firstCorruption(held);
      words[at + handle] = 0;
      if (offset < 0) return handle;
      const error = new CorruptionError(name, handle, held, offset);
      free(handle);
      throw error;
    },
    free,
  };
}
