/**
 * A session line by line: commands in, answers out, for scripts and for terminals that cannot be steered. Each line is
 * answered before the next one is read, by the same simulations as on a screen.
 *
 * @module
 */
import { wrapWords } from "../results/formats/columns.ts";
import { paintFor } from "../results/formats/paint.ts";
import type { Room } from "../tuning/session/choice_lines.ts";
import { COMMAND_TEXTS, type Reply, reply } from "../tuning/session/dialogue.ts";
import { hear, type News } from "../tuning/session/hear.ts";
import { cautionLines, sayLines } from "../tuning/session/key_lines.ts";
import { type Effect, nextRequest, type Session } from "../tuning/session/session.ts";
import { Simulator } from "../tuning/session/simulator.ts";
import { pictureLines, report, titleLine } from "../tuning/session/view.ts";
import type { TextSink } from "./io.ts";
import { progressBar } from "./progress.ts";
import { realRun } from "./tune_run.ts";
import type { Sitting, TuneWorld } from "./tune_world.ts";
import { writeTuned } from "./tune_write.ts";

const COLUMNS_WITHOUT_TERMINAL = 80;
const COLUMNS_MAX = 110;
const COLUMNS_MIN = 60;

/** Lines of the curve's picture, frame included. */
const PICTURE_LINES = 15;

/** What a dialogue has besides its world. */
export interface DialogueOptions {
  /** The lines that are still to come. */
  readonly lines: AsyncIterator<string>;
  /** Where the answers go. */
  readonly sink: TextSink;
  readonly quiet: boolean;
}

/** Talks with a user, or obeys a script, until it leaves or its lines end. */
export async function talk(
  begun: Session,
  world: TuneWorld,
  options: DialogueOptions,
): Promise<Sitting> {
  const { sink } = options;
  const room = roomOf(sink);
  const say = (lines: readonly string[]) => sink.write(`${lines.join("\n")}\n`);
  using simulator = new Simulator(world.tuned.simulable);
  let session = await settled(begun, simulator);
  say([titleLine(session, room), ""]);
  say([...shown(session, "state", room), ""]);
  for (;;) {
    const line = await nextLine(world, options);
    if (line === null) return { session, interrupted: world.signal.aborted };
    const answer = reply(session, line);
    session = answer.session;
    if (answer.effect?.kind === "leave") return { session, interrupted: false };
    const news = answer.effect === null
      ? null
      : await carryOut(answer.effect, session, world, options);
    if (news !== null) session = told(session, news);
    if (answer.shows !== "nothing") session = await settled(session, simulator);
    const lines = [...remarks(answer, session, room), ...shown(session, answer.shows, room)];
    if (lines.length > 0) say([...lines, ""]);
    session = { ...session, note: null };
  }
}

function roomOf({ columns, color }: TextSink): Room {
  const wanted = columns === 0 ? COLUMNS_WITHOUT_TERMINAL : columns;
  return {
    columns: Math.min(COLUMNS_MAX, Math.max(COLUMNS_MIN, wanted)),
    paint: paintFor(color),
  };
}

/** The next line, echoed where nobody saw it being written; null at their end, and at Ctrl-C. */
async function nextLine(
  { signal, io }: TuneWorld,
  { lines, sink }: DialogueOptions,
): Promise<string | null> {
  if (signal.aborted) return null;
  if (io.input.isTerminal) sink.write("> ");
  const { promise: aborted, resolve } = Promise.withResolvers<null>();
  const abort = () => resolve(null);
  signal.addEventListener("abort", abort, { once: true });
  const line = await Promise.race([
    lines.next().then(({ done, value }) => done ? null : value),
    aborted,
  ]);
  signal.removeEventListener("abort", abort);
  if (line !== null && !io.input.isTerminal) sink.write(`> ${line.replace(/\p{Cc}/gu, " ")}\n`);
  return line;
}

/** Looks until enough is known. */
async function settled(begun: Session, simulator: Simulator): Promise<Session> {
  let session = begun;
  for (
    let request = nextRequest(session);
    request !== null;
    request = nextRequest(session)
  ) {
    const curve = await simulator.look(request);
    session = hear(session, { kind: "curve", of: request, curve });
  }
  return session;
}

async function carryOut(
  effect: Effect,
  session: Session,
  world: TuneWorld,
  { quiet }: DialogueOptions,
): Promise<News | null> {
  const { io, tuned, keep, revision, signal } = world;
  if (effect.kind === "write") return writeTuned(tuned, session, { ...effect, io });
  if (effect.kind !== "run") return null;
  using progress = progressBar(io.err, { name: tuned.tuned.name, quiet, now: io.now });
  return await realRun(tuned, session, { keep, revision, signal, onProgress: progress.update });
}

/** Nobody can be asked here: what a screen asks for is said with the line that answers it. */
function told(session: Session, news: News): Session {
  if (news.kind !== "exists") return hear(session, news);
  const text = `${news.file} is there already: write ${news.file} --force writes over it`;
  return hear(session, { kind: "note", note: { mood: "bad", text } });
}

function remarks({ refusal }: Reply, { note }: Session, room: Room): string[] {
  if (refusal !== null) return sayLines({ mood: "bad", text: refusal }, room);
  return note === null ? [] : sayLines(note, room);
}

function shown(session: Session, shows: Reply["shows"], room: Room): string[] {
  switch (shows) {
    case "nothing":
      return [];
    case "state":
      return [...report(session, room), ...cautionLines(session, room)];
    case "curve": {
      const lines = pictureLines(session, room, PICTURE_LINES);
      return lines.length > 0 ? lines : ["  there is no curve to be shown"];
    }
    case "help": {
      const label = Math.max(...COMMAND_TEXTS.map(([command]) => command.length)) + 4;
      return COMMAND_TEXTS.flatMap(([command, does]) =>
        wrapWords(does, { columns: room.columns, indent: label, lead: `  ${command}` })
      );
    }
  }
}
