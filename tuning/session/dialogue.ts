/**
 * The same session in words, line by line, for where there are no keys: a pure function from a line to what it does.
 *
 * @module
 */
import { didYouMean, oneOf } from "../../workloads/did_you_mean.ts";
import { InputError } from "../../workloads/input_error.ts";
import {
  movePolicy,
  moveReserve,
  toFloor,
  toNeverWaits,
  withPolicy,
  withPool,
  withReserve,
  withTarget,
} from "./moves.ts";
import { reserveRefusal, suggestedFile } from "./press.ts";
import { chosen, type Effect, type Session } from "./session.ts";

/** What a line did. */
export interface Reply {
  readonly session: Session;
  /** What is to be done to the world; null for nothing. */
  readonly effect: Effect | null;
  /** What is to be shown: the choice and what is predicted of it, the curve, the commands, or nothing. */
  readonly shows: "state" | "curve" | "help" | "nothing";
  /** Why the line was refused, without a full stop; null where it was not. */
  readonly refusal: string | null;
}

interface Command {
  /** The key that does the same on a screen, and here. */
  readonly key?: string;
  /** What follows its name, for the help. */
  readonly takes: string;
  readonly does: string;
  readonly carryOut: (session: Session, rest: string) => Partial<Reply>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  reserve: {
    takes: "N | +N | -N | floor | nobody-waits",
    does: "the reserve of the chosen pool; N, +, -, +N and -N alone do as well",
    carryOut: reserve,
  },
  policy: {
    takes: "NAME | next | previous",
    does: "its policy",
    carryOut: policy,
  },
  pool: {
    takes: "NAME",
    does: "choose another pool, where there are several",
    carryOut(session, name) {
      const names = session.tuned.pools.map((pool) => pool.name);
      const next = withPool(session, name);
      return next === null ? notAmong("pool", name, names) : { session: next };
    },
  },
  target: {
    key: "t",
    takes: "wait rate < 1% | wait p99.9 < 1ms",
    does: "what is to be achieved",
    carryOut(session, text) {
      try {
        return { session: withTarget(session, text) };
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        return { refusal: error.message };
      }
    },
  },
  show: { takes: "", does: "the choice, and what is predicted of it", carryOut: () => ({}) },
  curve: {
    takes: "",
    does: "the share that misses, reserve by reserve",
    carryOut: () => ({ shows: "curve" }),
  },
  run: {
    key: "r",
    takes: "",
    does: "run it with real workers, and show what was measured beside what was predicted",
    carryOut: () => ({ effect: { kind: "run" } }),
  },
  write: {
    key: "w",
    takes: "[FILE] [--force]",
    does: "write the scenario with this setting, which bench runs",
    carryOut(session, rest) {
      const force = /(?:^|\s)--force$/.test(rest);
      const file = rest.replace(/(?:^|\s)--force$/, "").trim() || suggestedFile(session);
      return { effect: { kind: "write", file, force }, shows: "nothing" };
    },
  },
  help: { key: "?", takes: "", does: "these lines", carryOut: () => ({ shows: "help" }) },
  quit: {
    key: "q",
    takes: "",
    does: "leave, as the end of the input does",
    carryOut: () => ({ effect: { kind: "leave", interrupted: false }, shows: "nothing" }),
  },
};

/** Commands, what they take and what they do. */
export const COMMAND_TEXTS: readonly (readonly [command: string, does: string])[] = Object.entries(
  COMMANDS,
).map(([name, { key, takes, does }]) => [
  `${name} ${takes}`.trim(),
  key === undefined ? does : `${does} (or ${key})`,
]);

/** What may be written instead of a command's name. */
const BY_KEY: ReadonlyMap<string, string> = new Map(
  Object.entries(COMMANDS).flatMap(([name, { key }]) => key === undefined ? [] : [[key, name]]),
);

/** A reserve by itself: a number, or by how much more or less. */
const BARE_RESERVE = /^(?:[+-]\s*)?\d+$|^[+-]$/;

/** Carries out a line; an empty one, and one that begins with `#`, does nothing. */
export function reply(session: Session, line: string): Reply {
  const nothing: Reply = { session, effect: null, shows: "nothing", refusal: null };
  const text = line.trim();
  const [, written = "", rest = ""] =
    /^(\S*)\s*(.*)$/.exec(BARE_RESERVE.test(text) ? `reserve ${text}` : text) ?? [];
  if (written === "" || written.startsWith("#")) return nothing;
  const name = BY_KEY.get(written) ?? written;
  const names = Object.keys(COMMANDS);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const done = command?.carryOut(session, rest) ?? notAmong("command", name, names);
  if (done.refusal !== undefined && done.refusal !== null) return { ...nothing, ...done };
  return { ...nothing, shows: "state", ...done };
}

function notAmong(what: string, found: string, names: readonly string[]): Partial<Reply> {
  const refusal = `${JSON.stringify(found)} is no ${what}: give ${oneOf(names)}`;
  return { refusal: refusal + didYouMean(found, names) };
}

function reserve(session: Session, text: string): Partial<Reply> {
  if (text === "floor") return { session: toFloor(session) };
  if (text === "nobody-waits") {
    const next = toNeverWaits(session);
    return next.note === null ? { session: next } : { refusal: next.note.text };
  }
  const by = /^([+-])\s*(\d{0,9})$/.exec(text);
  if (by !== null) return { session: moveReserve(session, Number(`${by[1]}${by[2] || 1}`)) };
  const refusal = reserveRefusal(session, text);
  if (refusal === null) return { session: withReserve(session, Number(text)) };
  return { refusal: `${refusal}, +N, -N, floor or nobody-waits` };
}

function policy(session: Session, name: string): Partial<Reply> {
  if (name === "next" || name === "previous") {
    return { session: movePolicy(session, name === "next" ? 1 : -1) };
  }
  const names = chosen(session).pool.policies.map((each) => each.name);
  const next = withPolicy(session, name);
  return next === null ? notAmong("policy for this pool", name, names) : { session: next };
}
