/**
 * What the keys do, what is asked, and what is to be said: the lines at the bottom of the screen.
 *
 * @module
 */
import { clip, wrapItems, wrapWords } from "../../results/formats/columns.ts";
import type { Paint } from "../../results/formats/paint.ts";
import type { Room } from "./choice_lines.ts";
import { largeStep } from "./moves.ts";
import { chosen, type Mode, type Note, type Session } from "./session.ts";

/** A key and what it does. */
type KeyText = readonly [key: string, does: string];

/** The keys, those left out that the help alone may name where they do not fit on one line. */
function keysOf(session: Session, { columns }: Room): KeyText[] {
  const [few, all] = [false, true].map((isWide): KeyText[] => [
    ["←→", isWide ? "reserve" : `reserve ±1/±${largeStep(session)}`],
    ...(isWide ? ENDS(largeStep(session)) : []),
    ["↑↓", "policy"],
    ...(session.tuned.pools.length > 1 ? [["tab", "pool"] as const] : []),
    ["t", "target"],
    session.running === null ? ["r", "run"] : ["esc", "stop"],
    ["w", "write"],
    ["?", "help"],
    ["q", "quit"],
  ]);
  const width = all!.reduce((sum, [key, does]) => sum + key.length + does.length + 3, 2);
  return width <= columns ? all! : few!;
}

const ENDS = (large: number): KeyText[] => [
  ["shift", `±${large}`],
  ["home", "floor"],
  ["end", "nobody waits"],
];

const ASKED: Readonly<Record<Extract<Mode, { kind: "asking" }>["what"], KeyText>> = {
  target: ["target", 'such as "wait rate < 1%" or "wait p99.9 < 1ms"'],
  reserve: ["reserve", "how many elements"],
  file: ["write to", "a scenario that bench runs"],
};

/** The lines at the bottom, the last of them the keys. */
export function keyLines(session: Session, room: Room): string[] {
  const { mode } = session;
  const { columns, paint } = room;
  if (mode.kind === "asking") return askingLines(mode, room);
  if (mode.kind === "confirming") {
    const question = `${mode.file} is there already: write over it?`;
    return [
      ...wrapWords(question, { columns, indent: 2, lead: "" }).map(paint.caution),
      footer([["y", "yes"], ["n", "no"]], room)[0]!,
    ];
  }
  return [...noteLines(session, room), ...footer(keysOf(session, room), room)];
}

function askingLines(mode: Extract<Mode, { kind: "asking" }>, room: Room): string[] {
  const { columns, paint } = room;
  const [label, hint] = ASKED[mode.what];
  const shown = clip([...mode.text].slice(-(columns - label.length - 6)).join(""), columns);
  const said = mode.refusal === null
    ? [paint.quiet(clip(`  ${hint}`, columns))]
    : wrapWords(mode.refusal, { columns, indent: 2, lead: "!" }).map(paint.bad);
  return [
    `  ${paint.title(label)}: ${shown}▏`,
    ...said,
    ...footer([["enter", "take it"], ["esc", "leave it"], ["ctrl-u", "clear"]], room),
  ];
}

function footer(keys: readonly KeyText[], { columns, paint }: Room): string[] {
  const items = keys.map(([key, does]) => `${paint.title(key)} ${paint.quiet(does)}`);
  return wrapItems(items, { columns, indent: 2, lead: "", separator: "  " });
}

function noteLines({ note, running }: Session, room: Room): string[] {
  if (running !== null) {
    return [clip(`  real workers: ${running}`, room.columns)];
  }
  // Its line is kept, so that nothing moves when something is said.
  return note === null ? [""] : sayLines(note, room);
}

/** What is said once. */
export function sayLines({ mood, text }: Note, { columns, paint }: Room): string[] {
  const [lead, style] = styles(paint)[mood];
  return wrapWords(text, { columns, indent: 2, lead }).map(style);
}

function styles(paint: Paint) {
  return {
    good: ["✔", paint.good],
    caution: ["!", paint.caution],
    bad: ["✘", paint.bad],
  } as const;
}

/** What to know before believing what is predicted, or why nothing is. */
export function cautionLines(session: Session, { columns, paint }: Room): string[] {
  const { pool, policy, minReserve } = chosen(session);
  const said = pool.unpredicted === null
    ? [...below(pool.floor, minReserve), ...policy.cautions]
    : [`nothing is predicted of ${pool.name}: ${pool.unpredicted}; a real run (r) shows it`];
  return said.flatMap((text) =>
    wrapWords(text, { columns, indent: 2, lead: "!" }).map(paint.caution)
  );
}

function below(floor: number, minReserve: number): string[] {
  if (minReserve >= floor) return [];
  return [`below ${floor} tasks may wait for each other for ever`];
}

const HELP: readonly KeyText[] = [
  ["← →, - +", "one element less or more in reserve"],
  ["shift ← →, page keys", "a larger step"],
  ["home, end", "the fewest that make progress; as many as nobody waits with"],
  ["0 to 9", "write the reserve as a number"],
  ["↑ ↓", "another policy"],
  ["tab, shift tab", "another pool, where there are several"],
  ["t", "another target: a wait rate, or a percentile of the waits"],
  ["r, esc", "run the scenario with real workers at this setting; stop it"],
  ["w", "write the scenario with this setting to a file"],
  ["q, ctrl-c", "leave"],
];

const HELP_TEXT: readonly string[] = [
  "Predicted is what a simulation of this load on a virtual clock says, with the same random " +
  "numbers for every setting, so that two settings differ by what was changed and nothing else.",
  "met and missed are said where the limits of what was simulated (99% each) are on one side of " +
  "the target; unsure means that they are not, after the longest look.",
  "Measured is one real run: whole latencies, where predicted are waits alone.",
];

/** All keys, and how to read the screen. */
export function helpLines({ columns, paint }: Room): string[] {
  const label = Math.max(...HELP.map(([key]) => key.length)) + 4;
  return [
    ...HELP.flatMap(([key, does]) =>
      wrapWords(does, { columns, indent: label, lead: `  ${paint.title(key)}` })
    ),
    "",
    ...HELP_TEXT.flatMap((text) => wrapWords(text, { columns, indent: 2, lead: "" })),
    "",
    paint.quiet("  any key: back"),
  ];
}
