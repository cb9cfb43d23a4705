/**
 * A ring of handles from one worker to one other (Lamport, "Proving the Correctness of Multiprocess Programs", 1977): neither
 * ever waits for the other inside a call, and a batch costs each of them one store and at most one load that is atomic.
 *
 * | word | name | who writes | who may read stale |
 * |---|---|---|---|
 * | 0 | tail: handles put in so far, modulo 2^32 | the producer, atomically | the consumer: sees fewer than there are |
 * | 1 | closed: 1 once nothing more will come | the producer, atomically, after its last tail | the consumer |
 * | 16 | head: handles taken out so far, modulo 2^32 | the consumer, atomically | the producer: sees less room than there is |
 * | 32.. | slots | the producer | nobody |
 *
 * The store of tail publishes the slots before it to the consumer, which loads tail first: were it the other way round, consumer C
 * could read a slot that producer P is about to fill. The store of head publishes that the slots before it were read, so
 * that P overwrites none that C still needs. `closed` is stored after the last tail and loaded before it, so who sees it
 * closed and then finds it empty has seen everything.
 *
 * @module
 */
import { type Layout, LINE_WORDS, type Region } from "./region.ts";

const TAIL = 0;
const CLOSED = 1;
const HEAD = LINE_WORDS;
const SLOTS = 2 * LINE_WORDS;

/** Plans a ring with room for `capacity` handles, a power of two. @returns the index of its first word. */
export function planHandleRing(layout: Layout, name: string, capacity: number): number {
  if (!Number.isInteger(Math.log2(capacity))) {
    throw new RangeError(
      `Cannot plan a ring as its capacity must be a power of two: current value is ${capacity}`,
    );
  }
  return layout.words(`${name}/ring`, SLOTS + capacity);
}

/** The end of a ring where handles go in. One worker only. */
export interface RingProducer {
  /** Puts in the first `count` of `handles`, all or none. Wait-free. @returns whether there was room. */
  push(handles: Int32Array, count: number): boolean;
  /** Whether there is room for so many; more may be free than is seen. */
  hasRoom(count: number): boolean;
  /** Says that nothing more will come. */
  close(): void;
}

/** The end of a ring where handles come out. One worker only. */
export interface RingConsumer {
  /** Takes out as many as there are and fit. Wait-free. @returns how many. */
  pop(into: Int32Array): number;
  /** Reads as many as there are and fit, and leaves them there. Wait-free. @returns how many. */
  peek(into: Int32Array): number;
  /** Takes out the first `count` of what was read. */
  advance(count: number): void;
  /** Whether there is nothing in it now. */
  isEmpty(): boolean;
  /** Whether nothing is in it, nor ever will be. */
  isOver(): boolean;
}

/** Attaches the producer to the ring at word `at`. */
export function attachRingProducer({ words }: Region, at: number, capacity: number): RingProducer {
  const slots = at + SLOTS;
  const mask = capacity - 1;
  let tail = Atomics.load(words, at + TAIL);
  let head = Atomics.load(words, at + HEAD);

  function hasRoom(count: number): boolean {
    if (capacity - ((tail - head) | 0) >= count) return true;
    head = Atomics.load(words, at + HEAD);
    return capacity - ((tail - head) | 0) >= count;
  }

  return {
    push(handles, count) {
      if (!hasRoom(count)) return false;
      for (let i = 0; i < count; i++) words[slots + ((tail + i) & mask)] = handles[i]!;
      tail = (tail + count) | 0;
      Atomics.store(words, at + TAIL, tail);
      return true;
    },
    hasRoom,
    close() {
      Atomics.store(words, at + CLOSED, 1);
    },
  };
}

/** Attaches the consumer to the ring at word `at`. */
export function attachRingConsumer({ words }: Region, at: number, capacity: number): RingConsumer {
  const slots = at + SLOTS;
  const mask = capacity - 1;
  let head = Atomics.load(words, at + HEAD);

  function inside(): number {
    return (Atomics.load(words, at + TAIL) - head) | 0;
  }

  function peek(into: Int32Array): number {
    const count = Math.min(inside(), into.length);
    for (let i = 0; i < count; i++) into[i] = words[slots + ((head + i) & mask)]!;
    return count;
  }

  function advance(count: number): void {
    head = (head + count) | 0;
    Atomics.store(words, at + HEAD, head);
  }

  return {
    pop(into) {
      const count = peek(into);
      if (count > 0) advance(count);
      return count;
    },
    peek,
    advance,
    isEmpty: () => inside() === 0,
    isOver: () => Atomics.load(words, at + CLOSED) === 1 && inside() === 0,
  };
}
