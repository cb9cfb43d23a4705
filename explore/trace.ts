/**
 * A schedule for people to read: who did what to which word, and what it held.
 *
 * @module
 */
import type { Layout } from "../sync/mod.ts";
import type { Explored } from "./explored.ts";
import { Op } from "./operations_on_words.ts";
import type { TraceStep } from "./program.ts";

/** The words of blocks by how their names end, as the tables in their modules have them. `every` repeats from `from` on. */
const WORDS: readonly {
  readonly block: RegExp;
  readonly first: readonly string[];
  readonly from: number;
  readonly every: number;
  readonly each: string;
  readonly then: readonly string[];
}[] = [
  {
    block: /lock$/,
    first: ["state", "acquisitions", "contended"],
    from: 3,
    every: 0,
    each: "",
    then: [],
  },
  {
    block: /\/reserve$/,
    first: ["min", "current", "low water", "poisoned", "closed"],
    from: 16,
    every: 1,
    each: "element",
    then: [""],
  },
  {
    block: /\/waiters$/,
    first: ["head", "tail", "count", "max depth"],
    from: 16,
    every: 16,
    each: "slot",
    then: ["grant", "next", "prev", "queued", "since", "tries", "missing", "collected"],
  },
  {
    block: /\/participants$/,
    first: ["stop"],
    from: 16,
    every: 16,
    each: "participant",
    then: ["state", "drain", "stuck", "taken"],
  },
  {
    block: /\/arena$/,
    first: ["free", "frontier", "short", "given"],
    from: 16,
    every: 1,
    each: "list",
    then: [""],
  },
  {
    block: /\/depot$/,
    first: ["count", "in use", "peak"],
    from: 16,
    every: 1,
    each: "element",
    then: [""],
  },
];

/** The words of a participant's front block. */
const FRONT = ["top", "limit", "rounds", "allocs", "frees"];
const FRONT_SLOTS = 48;

function nameInFront(offset: number, stride: number): string {
  const word = offset % stride;
  const name = word >= FRONT_SLOTS ? `slot ${word - FRONT_SLOTS}` : FRONT[word] ?? `word ${word}`;
  return `participant ${Math.floor(offset / stride)} ${name}`;
}

function nameInBlock(block: string, offset: number): string {
  const known = WORDS.find((each) => each.block.test(block));
  if (known === undefined) return `${offset}`;
  if (offset < known.from) return known.first[offset] ?? `word ${offset}`;
  const number = Math.floor((offset - known.from) / known.every);
  const word = known.then[(offset - known.from) % known.every] ?? "";
  return `${known.each} ${number} ${word}`.trim();
}

/** A word by its block and its name there. */
export function wordName(layout: Layout, frontStride: number, word: number): string {
  const block = layout.blockAt(word);
  if (block === undefined) return `word ${word}`;
  const offset = word - block.at;
  const name = block.name.endsWith("/front")
    ? nameInFront(offset, frontStride)
    : nameInBlock(block.name, offset);
  return `${block.name}[${name}]`;
}

function did({ what, values }: TraceStep, word: string): string {
  const [value = 0, a = 0, b = 0] = values;
  switch (what) {
    case Op.read:
    case Op.load:
      return `${what} ${word}: ${value}`;
    case Op.write:
    case Op.store:
      return `${what} ${word} = ${a}`;
    case Op.compareExchange:
      return `${what} ${word} ${a} -> ${b}: ${value === a ? "done" : `it is ${value}`}`;
    case Op.exchange:
      return `${what} ${word} = ${a}: it was ${value}`;
    case Op.add:
      return `${what} ${a} to ${word}: it was ${value}`;
    case Op.notify:
      return `${what} ${word}: ${value} woken`;
    default:
      return [what, word, ...values.length > 0 ? [`(${values.join(", ")})`] : []].join(" ").trim();
  }
}

/** Steps as lines; a spin is one line. */
export function traceOf(explored: Explored, steps: readonly TraceStep[]): string[] {
  const { layout, names, frontStride } = explored;
  const lines: string[] = [];
  let repeats = 0;
  const endSpin = () => {
    if (repeats > 0) lines.push(`${lines.pop()} (and ${repeats} times more)`);
    repeats = 0;
  };
  let last = "";
  for (const step of steps) {
    const { actor, word } = step;
    const who = typeof actor === "string" ? actor : `thread ${actor} (${names[actor]})`;
    const line = `${who} ${did(step, word < 0 ? "" : wordName(layout, frontStride, word))}`
      .trimEnd();
    if (line === last) {
      repeats++;
      continue;
    }
    endSpin();
    lines.push(line);
    last = line;
  }
  endSpin();
  return lines;
}
