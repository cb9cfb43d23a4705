/**
 * What a session hears of the world: predictions as they come, how far a run is, what became of it and of a file.
 *
 * @module
 */
import type { Curve } from "./curve.ts";
import { curveKey, type Measured, type Note, type Session } from "./session.ts";
import type { Request } from "./simulator.ts";

/** News. */
export type News =
  | { readonly kind: "curve"; readonly of: Omit<Request, "look">; readonly curve: Curve }
  | { readonly kind: "progress"; readonly text: string }
  /** A run has ended; by pool what it showed, null where nothing is to be kept of it. */
  | {
    readonly kind: "ran";
    /** All that was chosen when it began: a `settingsKey()`. */
    readonly settings: string;
    readonly measured: Readonly<Record<string, Measured>> | null;
    readonly note: Note;
  }
  | { readonly kind: "exists"; readonly file: string }
  | { readonly kind: "note"; readonly note: Note };

/** The session after news. */
export function hear(session: Session, news: News): Session {
  switch (news.kind) {
    case "curve": {
      const curves = new Map(session.curves).set(curveKey(news.of), news.curve);
      return { ...session, curves };
    }
    case "progress":
      return session.running === null ? session : { ...session, running: news.text };
    case "ran": {
      const measured = new Map(session.measured);
      if (news.measured !== null) measured.set(news.settings, news.measured);
      return { ...session, measured, running: null, note: news.note };
    }
    case "exists":
      return { ...session, mode: { kind: "confirming", file: news.file } };
    case "note":
      return { ...session, note: news.note };
  }
}
