/**
 * From a key to what it does: a pure function over a session. No key is ever refused with an error; one that means
 * nothing changes nothing.
 *
 * @module
 */
import { InputError } from "../../workloads/input_error.ts";
import { targetText } from "../../results/recommendation_formats/facts.ts";
import {
  largeStep,
  movePolicy,
  movePool,
  moveReserve,
  toFloor,
  toNeverWaits,
  withReserve,
  withTarget,
} from "./moves.ts";
import { chosen, type Effect, type Mode, type Session, type Step } from "./session.ts";

/** A key that was pressed. */
export interface Key {
  /** What it is called, such as `left`, `pageup`, `return`; that of a letter in lower case; "" where it has none. */
  readonly name: string;
  /** What it writes; "" for those that write nothing. */
  readonly text: string;
  /** Whether shift was held down with it. */
  readonly shift: boolean;
  /** Whether ctrl was. */
  readonly ctrl: boolean;
}

const BROWSING: Mode = { kind: "browsing" };

/** A text longer than this was not meant. */
const TEXT_MAX = 256;

/** Carries out one key. */
export function press(session: Session, key: Key): Step {
  if (key.ctrl && key.name === "c") return acting(session, { kind: "leave", interrupted: true });
  switch (session.mode.kind) {
    case "browsing":
      return browse(session, key);
    case "help":
      return still({ ...session, mode: BROWSING });
    case "asking":
      return answer(session, session.mode, key);
    case "confirming":
      return confirm(session, session.mode.file, key);
  }
}

function still(session: Session): Step {
  return { session, effects: [] };
}

function acting(session: Session, effect: Effect): Step {
  return { session, effects: [effect] };
}

type Asking = Extract<Mode, { kind: "asking" }>;

function asking(session: Session, what: Asking["what"], text: string): Step {
  return still({ ...session, note: null, mode: { kind: "asking", what, text, refusal: null } });
}

const MOVES: Readonly<Record<string, (session: Session, key: Key) => Session>> = {
  left: (session, { shift }) => moveReserve(session, shift ? -largeStep(session) : -1),
  right: (session, { shift }) => moveReserve(session, shift ? largeStep(session) : 1),
  pagedown: (session) => moveReserve(session, -largeStep(session)),
  pageup: (session) => moveReserve(session, largeStep(session)),
  home: toFloor,
  end: toNeverWaits,
  up: (session) => movePolicy(session, -1),
  down: (session) => movePolicy(session, 1),
  tab: (session, { shift }) => movePool(session, shift ? -1 : 1),
};

function browse(session: Session, key: Key): Step {
  const move = Object.hasOwn(MOVES, key.name) ? MOVES[key.name] : undefined;
  if (move !== undefined) return still(move(session, key));
  if (/^\d$/.test(key.text)) return asking(session, "reserve", key.text);
  if (key.ctrl) return still(session);
  switch (key.text) {
    case "t":
      return asking(session, "target", targetText(session.target));
    case "w":
      return asking(session, "file", suggestedFile(session));
    case "r":
      return run(session);
    case "+":
    case "-":
      return still(moveReserve(session, key.text === "+" ? 1 : -1));
    case "?":
      return still({ ...session, mode: { kind: "help" } });
    case "q":
      return acting(session, { kind: "leave", interrupted: false });
  }
  return key.name === "escape" ? escape(session) : still(session);
}

function run(session: Session): Step {
  if (session.running === null) {
    return acting({ ...session, running: "starting", note: null }, { kind: "run" });
  }
  return still({ ...session, note: { mood: "caution", text: "a run is under way: esc stops it" } });
}

function escape(session: Session): Step {
  if (session.running !== null) return acting(session, { kind: "stop" });
  return still({ ...session, note: null });
}

/** A file that is named after what is tuned. */
export function suggestedFile({ tuned }: Session): string {
  const stem = tuned.name.split(/[/\\]/).at(-1)!.replace(/\..*$/, "").replace(/[^\w-]+/g, "-");
  return `${stem || "scenario"}-tuned.jsonc`;
}

function answer(session: Session, mode: Asking, key: Key): Step {
  const edited = (text: string): Step =>
    still({ ...session, mode: { ...mode, text: text.slice(0, TEXT_MAX), refusal: null } });
  if (key.name === "escape") return still({ ...session, mode: BROWSING });
  if (key.name === "return" || key.name === "enter") return submit(session, mode);
  if (key.name === "backspace") return edited([...mode.text].slice(0, -1).join(""));
  if (key.ctrl) return key.name === "u" ? edited("") : still(session);
  // What steers a terminal is no part of a text.
  const written = key.text.replace(/\p{Cc}/gu, "");
  return written === "" ? still(session) : edited(mode.text + written);
}

function submit(session: Session, mode: Asking): Step {
  const text = mode.text.trim();
  const refused = (refusal: string) => still({ ...session, mode: { ...mode, refusal } });
  const browsing = { ...session, mode: BROWSING };
  if (text === "") return still(browsing);
  switch (mode.what) {
    case "file":
      return acting(browsing, { kind: "write", file: text, force: false });
    case "reserve": {
      const refusal = reserveRefusal(session, text);
      return refusal === null ? still(withReserve(browsing, Number(text))) : refused(refusal);
    }
    case "target":
      try {
        return still(withTarget(browsing, text));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        return refused(error.message);
      }
  }
}

/** Why a text is no reserve of the chosen pool; null where it is one. */
export function reserveRefusal(session: Session, text: string): string | null {
  const { name, most } = chosen(session).pool;
  if (/^\d+$/.test(text) && Number(text) <= most) return null;
  return `${JSON.stringify(text)} is no reserve of ${name}: give 0 to ${most}`;
}

function confirm(session: Session, file: string, key: Key): Step {
  const browsing = { ...session, mode: BROWSING };
  if (key.text.toLowerCase() === "y") {
    return acting(browsing, { kind: "write", file, force: true });
  }
  const isNo = key.text.toLowerCase() === "n" || key.name === "escape" || key.name === "return";
  if (!isNo) return still(session);
  return still({ ...browsing, note: { mood: "caution", text: `${file}: left as it was` } });
}
