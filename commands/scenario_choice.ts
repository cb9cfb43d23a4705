/**
 * Which scenario, where none was named: a list of those that there are, to be gone through by key and narrowed down by
 * writing a part of a name, or a name on a line.
 *
 * @module
 */
import { clip, padEnd } from "../results/formats/columns.ts";
import { paintFor } from "../results/formats/paint.ts";
import type { Key } from "../tuning/session/press.ts";
import { parseScenario } from "../workloads/parse_scenario.ts";
import { registered } from "../workloads/registered.ts";
import { builtinNames } from "../workloads/scenarios/mod.ts";
import type { Screen, TextSink } from "./io.ts";

/** What can be chosen. */
export interface Offer {
  readonly name: string;
  readonly summary: string;
}

/** A list, and where in it one is. */
export interface Choice {
  // Invariant: at is an index of what matches the text, or 0 where nothing does.
  readonly offers: readonly Offer[];
  /** What was written to narrow it down. */
  readonly text: string;
  readonly at: number;
}

/** Where a key leads: on, to a name, or away (null). */
export type Chosen = { readonly choice: Choice } | { readonly name: string | null };

/** Scenario files of the current folder, then those that are built in. */
export function offers(): Offer[] {
  const files = Array.from(Deno.readDirSync("."))
    .filter(({ name, isFile }) => isFile && name.endsWith(".jsonc"))
    .map(({ name }) => ({ name, summary: "a file of this folder" }))
    .sort((a, b) => a.name < b.name ? -1 : 1);
  const builtin = builtinNames().map((name) => ({
    name,
    summary: parseScenario({ name }, {}, registered).summary,
  }));
  return [...files, ...builtin];
}

/** What matches the text. */
export function matching({ offers, text }: Choice): Offer[] {
  const part = text.toLowerCase();
  return offers.filter(({ name }) => name.toLowerCase().includes(part));
}

/** Carries out one key. */
export function pressedAt(choice: Choice, key: Key): Chosen {
  const found = matching(choice);
  const last = Math.max(0, found.length - 1);
  const to = (at: number): Chosen => ({
    choice: { ...choice, at: Math.min(last, Math.max(0, at)) },
  });
  const written = (text: string): Chosen => ({ choice: { ...choice, text, at: 0 } });
  if (key.ctrl) return key.name === "c" || key.name === "d" ? { name: null } : { choice };
  switch (key.name) {
    case "up":
      return to(choice.at - 1);
    case "down":
    case "tab":
      return to(choice.at + 1);
    case "home":
    case "pageup":
      return to(0);
    case "end":
    case "pagedown":
      return to(last);
    case "escape":
      return choice.text === "" ? { name: null } : written("");
    case "backspace":
      return written([...choice.text].slice(0, -1).join(""));
    case "return":
    case "enter":
      return { name: found[choice.at]?.name ?? (choice.text.trim() || null) };
  }
  return key.text === "" ? { choice } : written(choice.text + key.text);
}

/** The list as the lines of a screen. */
export function choiceView(
  choice: Choice,
  { columns, rows, color }: { columns: number; rows: number; color: boolean },
): string[] {
  const paint = paintFor(color);
  const found = matching(choice);
  const room = Math.max(1, rows - 5);
  const first = Math.max(0, Math.min(choice.at - (room >> 1), found.length - room));
  const label = Math.max(...choice.offers.map(({ name }) => name.length)) + 2;
  const items = found.slice(first, first + room).map(({ name, summary }, index) => {
    const isHere = first + index === choice.at;
    const lead = isHere ? paint.good("▸ ") : "  ";
    const said = paint.quiet(clip(summary, Math.max(1, columns - label - 5)));
    return `  ${lead}${isHere ? paint.title(padEnd(name, label)) : padEnd(name, label)}${said}`;
  });
  const none = `  no scenario of this name: enter takes ${clip(choice.text, 40)} for a file`;
  return [
    `  ${paint.title("Which scenario?")} ${clip(choice.text, columns - 24)}▏`,
    "",
    ...(items.length > 0 ? items : [none]),
    "",
    paint.quiet(clip("  ↑↓ choose · enter take it · write to narrow down · esc leave", columns)),
  ];
}

/** Lets a user choose on a screen; null where he leaves. */
export async function chooseByKey(screen: Screen, color: boolean): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  let choice: Choice = { offers: offers(), text: "", at: 0 };
  const draw = () => {
    const { columns, rows } = screen;
    screen.draw(choiceView(choice, { columns, rows, color }));
  };
  screen.listen({
    pressed(key) {
      const chosen = pressedAt(choice, key);
      if ("name" in chosen) return resolve(chosen.name);
      choice = chosen.choice;
      draw();
    },
    resized: draw,
    ended: () => resolve(null),
  });
  draw();
  return await promise;
}

/** Takes the name from the next line that has one; null where there is none. */
export async function chooseByLine(
  lines: AsyncIterator<string>,
  sink: TextSink,
): Promise<string | null> {
  const names = offers().map(({ name }) => name).join(", ");
  sink.write(`Which scenario? A file, or one of ${names}\n`);
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    if (next.value.trim() !== "") return next.value.trim();
  }
  return null;
}
