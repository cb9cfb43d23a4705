/**
 * The catalogue as people read it: a name and what it is, and under it every option with its unit, range
 * and default.
 *
 * @module
 */
import type { Option } from "../allocators/option.ts";
import { columnWidths, wrapWords } from "../results/formats/columns.ts";
import { bytes, count, duration } from "../results/formats/numbers.ts";
import { paintFor } from "../results/formats/paint.ts";
import type { Entry } from "./catalogue.ts";

/** Where the lines will be read. */
export interface EntryLayout {
  readonly color: boolean;
  readonly columns: number;
}

const COLUMNS_MAX = 100;
const INDENT = 2;
const OPTION_INDENT = 6;

/** A section's title and entries, the last line ended. */
export function sectionText(
  title: string,
  entries: readonly Entry[],
  { color, columns }: EntryLayout,
): string {
  const paint = paintFor(color);
  const room = columns === 0 ? COLUMNS_MAX : Math.min(columns, COLUMNS_MAX);
  const lines = entries.flatMap((entry) => {
    const scope = entry.scope === undefined ? "" : ` [${entry.scope}]`;
    return [
      ...labelled(entry.name, entry.summary + scope, {
        indent: INDENT,
        label: widest(entries.map(({ name }) => name)),
        columns: room,
      }),
      ...optionLines(entry, room).map(paint.quiet),
    ];
  });
  return [paint.title(title), ...lines, ""].join("\n");
}

function optionLines({ options = {} }: Entry, columns: number): string[] {
  const label = widest(Object.keys(options));
  return Object.entries(options).flatMap(([key, option]) =>
    labelled(key, optionText(option), { indent: OPTION_INDENT, label, columns })
  );
}

/** What an option is, with its unit, range and default, or what is said where it has none. */
export function optionText(option: Option, without: string = "must be given"): string {
  return `${option.summary} (${terms(option, without)})`;
}

/** "duration, 0 to 24h, default 1ms", "rate, must be given". */
function terms(option: Option, without: string): string {
  const given = option.default === undefined ? without : `default ${shown(option, option.default)}`;
  return [option.type, ...range(option), ...choice(option), given].join(", ");
}

function range(option: Option): string[] {
  const { min, max } = option;
  if (min === undefined && max === undefined) return [];
  if (min === undefined) return [`up to ${shown(option, max)}`];
  if (max === undefined) return [`from ${shown(option, min)}`];
  return [`${shown(option, min)} to ${shown(option, max)}`];
}

function choice({ oneOf }: Option): string[] {
  return oneOf === undefined ? [] : [oneOf.join("|")];
}

const HOUR_NS = 3600e9;

/** A value in base units as a user would write it. */
function shown({ type }: Option, value: unknown): string {
  if (value === null) return "none";
  if (typeof value !== "number") return JSON.stringify(value);
  if (value === 0) return "0";
  if (type === "duration" && value % HOUR_NS === 0) return `${value / HOUR_NS}h`;
  if (type === "duration") return duration(value);
  if (type === "bytes") return bytes(value);
  if (type === "rate") return `${value < 1e6 ? value : count(value)}/s`;
  return String(value);
}

interface LabelLayout {
  readonly indent: number;
  /** Columns of the widest label. */
  readonly label: number;
  readonly columns: number;
}

function labelled(label: string, text: string, layout: LabelLayout): string[] {
  const indent = layout.indent + layout.label + 2;
  const lead = " ".repeat(layout.indent) + label;
  return wrapWords(text, { columns: layout.columns, indent, lead });
}

function widest(labels: readonly string[]): number {
  return columnWidths(labels.map((label) => [label]))[0] ?? 0;
}
