/**
 * One fixed SharedArrayBuffer laid out as named blocks of words. Size first, attach second: a
 * {@linkcode Layout} is planned by the same code in every worker, so that offsets agree without any of
 * them being sent, and every block starts on a cache line of its own, so that two workers never write
 * one line without meaning to.
 *
 * The buffer never grows (a length-tracking view costs 46 times a fixed one); what grows moves a
 * frontier inside it. Untouched pages of a fresh buffer cost no memory.
 *
 * @module
 */

/** 32-bit words in a cache line of 64 bytes. */
export const LINE_WORDS = 16;

/** A named run of 32-bit words. */
export interface Block {
  /** Path-like name, such as `pool/resync/lock`. */
  readonly name: string;
  /** Index of the first word. */
  readonly at: number;
  /** Length in words. */
  readonly words: number;
}

/** Plans a region: hands out blocks, remembers their names. */
export class Layout {
  #blocks: Block[] = [];
  #next = LINE_WORDS;

  /** Reserves `words` words under a name. @returns the index of the first word. */
  words(name: string, words: number): number {
    const at = this.#next;
    this.#blocks.push({ name, at, words });
    this.#next = at + Math.ceil(words / LINE_WORDS) * LINE_WORDS;
    return at;
  }

  /** Length of everything planned so far, in words. */
  get length(): number {
    return this.#next;
  }

  /** Every block, in order. */
  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  /** The block that holds a word, for traces and messages. */
  blockAt(word: number): Block | undefined {
    return this.#blocks.find((block) => word >= block.at && word < block.at + block.words);
  }
}

/** A region in use: the words, and the bytes of page memory behind them. */
export interface Region {
  /** What crosses into workers. */
  readonly buffer: SharedArrayBuffer;
  /** The planned words. */
  readonly words: Int32Array<SharedArrayBuffer>;
  /** The same words as doubles, for counters off the fast path (two words each). */
  readonly doubles: Float64Array<SharedArrayBuffer>;
  /** Where page memory begins, a byte offset on a page boundary. */
  readonly memoryAt: number;
}

/** Page memory starts on this boundary, bytes. */
const MEMORY_ALIGNMENT_BYTES = 65536;

function memoryOffset(layout: Layout): number {
  return Math.ceil(layout.length * 4 / MEMORY_ALIGNMENT_BYTES) * MEMORY_ALIGNMENT_BYTES;
}

/**
 * Makes the buffer for a plan, with `memoryBytes` of page memory behind the words. All words are 0.
 *
 * @throws {RangeError} where the engine has no such buffer.
 */
export function createRegion(layout: Layout, memoryBytes: number): Region {
  return attachRegion(layout, new SharedArrayBuffer(memoryOffset(layout) + memoryBytes));
}

/** The views of a buffer that was made for the same plan. */
export function attachRegion(layout: Layout, buffer: SharedArrayBuffer): Region {
  return {
    buffer,
    words: new Int32Array(buffer, 0, layout.length),
    doubles: new Float64Array(buffer, 0, layout.length / 2),
    memoryAt: memoryOffset(layout),
  };
}
