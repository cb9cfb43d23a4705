/**
 * Rows whose columns are known by name become intervals: from start and end, start and duration, or end and duration; a
 * start alone is an arrival. Times may be numbers in the unit of the column's name, or dates. Where a name has no
 * unit, the size of the first value tells seconds, milliseconds and so on since 1970, and a fraction seconds; anything else
 * is taken for nanoseconds, and the user is told so.
 *
 * @module
 */
import type { Columns, NamedColumn, Role } from "./column_names.ts";
import { END_UNKNOWN, type Reading } from "./trace.ts";

const NUMBER = /^\s*(\d{1,20})(?:\.(\d{1,18}))?\s*$/;
const FLOAT = /^\s*\d{1,20}(?:\.\d{1,18})?[eE][+-]?\d{1,3}\s*$/;
const DATE =
  /^\s*(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,12}))?\s*(Z|UTC|[+-]\d\d:?\d\d)?\s*$/;

/** The years 2000 to 2100 in each unit since 1970. */
const EPOCH_S = [946_684_800, 4_102_444_800] as const;

/** A hundred years in nanoseconds: no time or hold is longer. */
const NS_MAX = 3_155_760_000_000_000_000n;

/** More elements taken at once than this are a damaged row. */
const COUNT_MAX = 65_536;

/** The cells of one row by role, as text; undefined where a row has none. */
export type Cells = { readonly [role in Role]?: string | undefined };

/** Whether a row has all that makes it an event of a trace with these columns. */
export function isTime(text: string | undefined): boolean {
  return text !== undefined && (NUMBER.test(text) || DATE.test(text));
}

/** Makes events of the rows of one trace. */
export class NamedRows {
  readonly #reading: Reading;
  readonly #columns: Columns;
  readonly #stampedBy: "start" | "time" | "end";
  readonly #units = new Map<Role, number>();
  /** Roles whose first value was a whole number that nothing gave a unit. */
  readonly #doubtful = new Set<Role>();
  #originNs: bigint | null = null;
  #grainNs = Infinity;
  #backwards = 0;

  /** @param timeIsEnd whether a column that is only called a time is that of the end. */
  constructor(reading: Reading, columns: Columns, { timeIsEnd = false } = {}) {
    this.#reading = reading;
    this.#columns = columns;
    this.#stampedBy = columns.start ? "start" : columns.time && !timeIsEnd ? "time" : "end";
    if (this.#stampedBy === "end" && !columns.end) this.#stampedBy = "time";
    const { notes } = reading;
    const atEnd = this.#stampedBy === "end" || (this.#stampedBy === "time" && timeIsEnd);
    notes.stamp = atEnd ? "end" : "start";
    notes.arrivalsOnly = !columns.duration && (atEnd || !columns.end);
    if (this.#stampedBy !== "time" || timeIsEnd || !columns.duration || columns.end) return;
    notes.warnings.push({
      code: "stamp-assumed",
      message: `${
        JSON.stringify(columns.time!.name)
      } does not say what was stamped: taken for starts`,
      advice: "call the column end, or end_ms, if it is written when things end",
    });
  }

  /** Takes one row. @returns false where no event can be made of it. */
  row(cells: Cells): boolean {
    const stampNs = this.#timeOf(this.#stampedBy, cells[this.#stampedBy]);
    const count = cells.count === undefined || cells.count === "" ? 1 : Number(cells.count);
    if (stampNs === null || !(count >= 0 && count <= COUNT_MAX && Number.isInteger(count))) {
      return false;
    }
    if (count === 0) return true; // it took none
    const holdNs = this.#holdOf(cells, stampNs);
    if (holdNs === null) return false;
    if (holdNs < 0) {
      this.#backwards++;
      return true;
    }
    const isEnd = this.#reading.notes.stamp === "end";
    if (isEnd && Number.isNaN(holdNs)) return false;
    this.#originNs ??= stampNs;
    this.#reading.notes.resolutionNs = this.#grainNs;
    this.#reading.emit({
      timeNs: Number(stampNs - this.#originNs) - (isEnd ? holdNs : 0),
      op: "i",
      id: "",
      sizeBytes: sizeOf(cells.size),
      worker: cells.worker ?? "",
      holdNs,
      count,
    });
    return true;
  }

  /** Says what was left out. */
  end(): void {
    if (this.#backwards === 0) return;
    this.#reading.notes.warnings.push({
      code: "negative-holds",
      message: `rows that end before they start, left out: ${this.#backwards}`,
      advice: "look at the clocks that stamped them",
    });
  }

  /** From the end where there is one, else from the duration; unknown where both are empty. */
  #holdOf({ end, duration }: Cells, stampNs: bigint): number | null {
    if (this.#reading.notes.stamp === "start" && end !== undefined && end.trim() !== "") {
      const endNs = this.#timeOf("end", end);
      return endNs === null ? null : Number(endNs - stampNs);
    }
    if (duration === undefined || duration.trim() === "") return END_UNKNOWN;
    const holdNs = this.#durationOf(duration);
    return holdNs === null ? null : Number(holdNs);
  }

  #timeOf(role: Role, text: string | undefined): bigint | null {
    if (text === undefined) return null;
    const date = DATE.exec(text);
    if (date !== null) return this.#dateNs(date);
    const number = NUMBER.exec(text);
    return number === null ? null : this.#scaled(role, number);
  }

  #durationOf(text: string): bigint | null {
    if (FLOAT.test(text)) {
      const [whole, fraction] = Number(text).toFixed(18).split(".");
      text = `${whole}.${fraction}`;
    }
    const number = NUMBER.exec(text);
    return number === null ? null : this.#scaled("duration", number, false);
  }

  #scaled(
    role: Role,
    [, whole = "", fraction = ""]: RegExpExecArray,
    isStamp = true,
  ): bigint | null {
    const unitNs = this.#unitOf(role, whole, fraction);
    if (fraction !== "" && this.#doubtful.delete(role)) this.#doubt(role);
    const scale = 10 ** fraction.length;
    if (isStamp) this.#grainNs = Math.min(this.#grainNs, Math.max(1, unitNs / scale));
    const part = BigInt(fraction || 0) * BigInt(unitNs) / BigInt(scale);
    const ns = BigInt(whole) * BigInt(unitNs) + part;
    return ns > NS_MAX * 100n ? null : ns;
  }

  #dateNs(date: RegExpExecArray): bigint {
    const [, year, month, day, hour, minute, second, fraction = "", zone = "Z"] = date;
    this.#grainNs = Math.min(this.#grainNs, Math.max(1, 1e9 / 10 ** fraction.length));
    const ms = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second!);
    const sign = zone.startsWith("-") ? 1 : -1;
    const digits = zone.replace(/\D/g, "");
    const offsetMs = digits === ""
      ? 0
      : sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
    return BigInt(ms + offsetMs) * 1_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9));
  }

  /** The unit of a column: that of its name, else what its first value looks like, or what another column has. */
  #unitOf(role: Role, whole: string, fraction: string): number {
    const known = this.#units.get(role);
    if (known !== undefined) return known;
    const column = this.#columns[role]!;
    const unitNs = column.unitNs ?? this.#guessed(role, column, { whole, fraction });
    this.#units.set(role, unitNs);
    return unitNs;
  }

  /** Nobody writes parts of a nanosecond. */
  #doubt(role: Role): void {
    const name = this.#columns[role]!.name;
    this.#reading.notes.warnings.push({
      code: "unit-doubtful",
      message: `${JSON.stringify(name)} was taken for nanoseconds, yet has fractions: ` +
        "its times are most likely wrong",
      advice: `call it ${name}_us, ${name}_ms or ${name}_s`,
    });
  }

  #guessed(
    role: Role,
    { name }: NamedColumn,
    { whole, fraction }: { readonly whole: string; readonly fraction: string },
  ): number {
    const others = (["start", "time", "end", "duration"] as const).filter((each) => each !== role);
    const named = others.map((each) => this.#columns[each]?.unitNs ?? this.#units.get(each))
      .find((unitNs) => unitNs !== undefined && unitNs !== null);
    const unitNs = (role === "duration" ? undefined : epochUnit(whole)) ?? named ??
      (fraction === "" ? 1 : 1e9);
    if (unitNs === 1 && fraction === "") this.#doubtful.add(role);
    const unit = { 1: "nanoseconds", 1e3: "microseconds", 1e6: "milliseconds", 1e9: "seconds" };
    this.#reading.notes.warnings.push({
      code: "unit-assumed",
      message: `${JSON.stringify(name)} has no unit in its name: taken for ` +
        unit[unitNs as keyof typeof unit],
      advice: `call it ${name}_ns, ${name}_us, ${name}_ms or ${name}_s`,
    });
    return unitNs;
  }
}

function epochUnit(whole: string): number | undefined {
  const value = Number(whole);
  return [1e9, 1e6, 1e3, 1].find((unitNs) => {
    const seconds = value / (1e9 / unitNs);
    return seconds >= EPOCH_S[0] && seconds <= EPOCH_S[1];
  });
}

function sizeOf(text: string | undefined): number {
  const size = Number(text ?? 0);
  return Number.isSafeInteger(size) && size > 0 ? size : 0;
}
