/**
 * What can be done to one shared word in one step.
 *
 * @module
 */

/** The operations: plain ones, then those of `Atomics`. */
export const Op = {
  read: "reads",
  write: "writes",
  load: "loads",
  store: "stores",
  add: "adds",
  sub: "subtracts",
  and: "ands",
  or: "ors",
  xor: "xors",
  exchange: "exchanges",
  compareExchange: "compare-exchanges",
  notify: "notifies",
} as const;

/** One of {@linkcode Op}. */
export type OpCode = typeof Op[keyof typeof Op];

/** Does it. @returns what the operation returns. */
export function perform(words: Int32Array, op: OpCode, word: number, a: number, b: number): number {
  const before = words[word]!;
  switch (op) {
    case Op.read:
    case Op.load:
      return before;
    case Op.write:
    case Op.store:
      words[word] = a;
      return a;
    case Op.add:
      words[word] = before + a;
      return before;
    case Op.sub:
      words[word] = before - a;
      return before;
    case Op.and:
      words[word] = before & a;
      return before;
    case Op.or:
      words[word] = before | a;
      return before;
    case Op.xor:
      words[word] = before ^ a;
      return before;
    case Op.exchange:
      words[word] = a;
      return before;
    case Op.compareExchange:
      if (before === a) words[word] = b;
      return before;
    case Op.notify:
      throw new RangeError("nobody sleeps on words alone");
  }
}
