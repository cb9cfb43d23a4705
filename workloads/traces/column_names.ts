/**
 * What a column or a field is, told by its name: when something started or ended, how long it took, how large it
 * was, and in which unit. `start_us`, `TIMEus`, `startNs`, `latency (ms)` and `end` are all understood; so are the names of
 * public data sets (`ts_submit`, `ContextTokens`, `gmt_create`, `num_gpu`) and of nginx's variables.
 *
 * @module
 */

/** What a column may be good for. */
export type Role = "start" | "time" | "end" | "duration" | "size" | "worker" | "count";

/** A column that is good for something. */
export interface NamedColumn {
  /** Its name as written. */
  readonly name: string;
  /** Nanoseconds of its unit; null where its name has none. */
  readonly unitNs: number | null;
}

/** The first column of each role. */
export type Columns = { readonly [role in Role]?: NamedColumn };

const ROLES: Readonly<Record<Role, RegExp>> = {
  start:
    /^(?:(?:t|ts|time|req|request|io|op|event|gmt)_)?(?:start(?:s|ed|ed_at)?|begin|begun|enter(?:ed)?|issued?|submit(?:ted)?(?:_at)?|arriv(?:al|ed|e)(?:_at)?|created?(?:_at)?|acquired?(?:_at)?|scheduled|alloc(?:ated)?(?:_at)?)(?:_time(?:stamp)?|_ts)?(?:_unix)?$/,
  time: /^(?:t|ts|time|time_?stamp|date_?time|creation(?:_time)?)$/,
  end:
    /^(?:time_iso8601|(?:(?:t|ts|time|req|request|io|op|event)_)?(?:ends?|ended|finish(?:ed)?|complet(?:e|ed|ion)|done|stop(?:ped)?|freed?|released?|exit(?:ed)?|left|deletion|closed?)(?:_at)?(?:_time(?:stamp)?|_ts)?(?:_unix)?)$/,
  duration:
    /^(?:duration|dur|latency|lat|hold|held|elapsed|delta|life_?time|took|time_taken|rt|(?:response|resp|service|exec|execution|run|request|hold|elapsed)_?time)$/,
  size:
    /^(?:(?:(?:io|req|request|alloc|obj|object)_)?size|n?bytes?|(?:body_)?bytes_sent|len(?:gth)?|size_bytes|context_?tokens)$/,
  worker: /^(?:worker|thread|tid|cpu|pid|(?:worker|thread)_id)$/,
  count: /^(?:n|count|num_gpu)$/,
};

/** Units at the end of a name, as they are written. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  nsec: 1,
  nsecs: 1,
  nano: 1,
  nanos: 1,
  nanoseconds: 1,
  us: 1e3,
  usec: 1e3,
  usecs: 1e3,
  micro: 1e3,
  "µs": 1e3,
  "μs": 1e3,
  micros: 1e3,
  microseconds: 1e3,
  ms: 1e6,
  msec: 1e6,
  msecs: 1e6,
  milli: 1e6,
  millis: 1e6,
  milliseconds: 1e6,
  s: 1e9,
  sec: 1e9,
  secs: 1e9,
  seconds: 1e9,
};

/** Names of public data sets whose unit is known, though they do not say it. */
const KNOWN_UNITS: Readonly<Record<string, number>> = {
  creation_time: 1e9,
  scheduled_time: 1e9,
  deletion_time: 1e9,
};

/** Names that more often say something else, such as a status or a state: only with a unit are they times. */
const AMBIGUOUS: ReadonlySet<string> = new Set(["acquired", "exit", "left"]);

/** A variable of nginx that says how long a request took, in seconds, whether or not its value has a fraction. */
const NGINX_DURATION = "request_time";

/** Its variables that say when it ended, the finest first. */
const NGINX_ENDS = ["msec", "time_iso8601"] as const;

/** The column that says when, the best there is. */
export function stampColumn({ start, time, end }: Columns): NamedColumn | undefined {
  return start ?? time ?? end;
}

/** The columns that are good for something, by their names: of those of one role the first that has a unit, else the first. */
export function columnsOf(names: readonly string[]): Columns {
  const columns: { [role in Role]?: NamedColumn } = {};
  for (const name of names) {
    const found = roleOf(name);
    if (found === null) continue;
    const before = columns[found.role];
    const isBetter = before === undefined || (before.unitNs === null && found.unitNs !== null);
    if (isBetter) columns[found.role] = { name, unitNs: found.unitNs };
  }
  return { ...columns, ...ofNginx(names, columns) };
}

/** What is known of nginx's variables where a trace has them, and nothing else that says when. */
function ofNginx(names: readonly string[], { start, time, end, duration }: Columns): Columns {
  const named = (wanted: string) => names.find((name) => wordsOf(name) === wanted);
  const [finest] = NGINX_ENDS.flatMap((each) => named(each) ?? []);
  const isOther = start ?? time ?? (end?.unitNs === null ? undefined : end);
  if (duration?.name !== named(NGINX_DURATION) || finest === undefined || isOther) return {};
  return {
    end: { name: finest, unitNs: null },
    duration: { name: duration!.name, unitNs: 1e9 },
  };
}

function roleOf(name: string): { role: Role; unitNs: number | null } | null {
  const words = wordsOf(name);
  for (const [base, unit] of splits(name, words)) {
    const role = roleOfWords(base);
    if (role === null) continue;
    if (unit === "" && AMBIGUOUS.has(base)) continue;
    if (unit === "") return { role, unitNs: KNOWN_UNITS[words] ?? null };
    if (Object.hasOwn(UNITS, unit)) return { role, unitNs: UNITS[unit]! };
  }
  return null;
}

/**
 * Where a name may end and its unit begin: where lower case follows upper case (`ENDs` ends in seconds), at a break between
 * words, or before letters that can only be one; or there is no unit.
 */
function* splits(name: string, words: string): Iterable<readonly [base: string, unit: string]> {
  const shouted = /^([A-Z_]+)([a-zµμ]+)$/.exec(name);
  if (shouted !== null) yield [wordsOf(shouted[1]!), shouted[2]!];
  yield [words, ""];
  const at = words.lastIndexOf("_");
  if (at > 0) yield [words.slice(0, at), words.slice(at + 1)];
  const joined = /^(.+?)(ns|us|ms)$/.exec(words);
  if (joined !== null) yield [joined[1]!, joined[2]!];
}

function roleOfWords(words: string): Role | null {
  const entry = Object.entries(ROLES).find(([, pattern]) => pattern.test(words));
  return entry === undefined ? null : entry[0] as Role;
}

/** `startTime (ms)` is `start_time_ms`. */
function wordsOf(name: string): string {
  return name.trim().slice(0, 64)
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "");
}
