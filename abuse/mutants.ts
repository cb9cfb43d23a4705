/**
 * What happens to good input: texts damaged byte by byte, documents changed by their structure. Every generator draws
 * from fast-check alone, so that a seed brings a mutant back.
 *
 * @module
 */
import fc from "fast-check";

/** Words that readers of numbers, units, names and paths may stumble over. */
export const HOSTILE_WORDS: readonly string[] = [
  ...["", " ", "0", "-0", "-1", "1", "0.5", "1e308", "1e-320", "9007199254740993", "4294967296"],
  ...["NaN", "Infinity", "-Infinity", "0x10", "1_000", "99999999999999999999", "1e999"],
  ...["1ns", "1e300s", "-5ms", "5parsecs", "0s", "1h", "1e9GiB", "64KiB", "0.1%", "200%", "1e12/s"],
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "prototype", "../..", "/dev/null"],
  ...["\0", "\n", "\r\n", "\t", "\x1b[31m", "\u202eevil", "\ud800", "\u{1f4a5}", "é", "\ufeff"],
  ...[
    "{}",
    "[]",
    "null",
    "a=b",
    "=",
    ":",
    "=,=",
    "a.b.c",
    "..",
    "4..2",
    "1..1e9",
    "%s",
    "$&",
    "--",
  ],
  ...["poisson:rate=1/s", "exponential:mean=1ms", "constant:1ms", "dead", "page", "five-level"],
  "x".repeat(300),
];

/** Values for a place in a document; a string that begins with {@linkcode RAW} is written without its quotes. */
const RAW = "\u0001raw ";
const HOSTILE_VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 0.5, 1, 2, 3, 1e6, 2 ** 31, 2 ** 32, 2 ** 53, 1e18, 1e308, 5e-324],
  ...[{}, [], [[]], [null], { kind: "page" }, { kind: null }, { "": "" }, ["", ""]],
  ...[
    `${RAW}1e999`,
    `${RAW}-1e999`,
    `${RAW}${"9".repeat(400)}`,
    `${RAW}{"__proto__": {"kind": 1}}`,
  ],
  ...[`${RAW}${"[".repeat(9000)}${"]".repeat(9000)}`, `${RAW}{"a": 1, "a": 2}`],
  ...HOSTILE_WORDS,
];

/** A piece of a text lost, twice, replaced or followed by something foreign, or the end cut off. */
const textChange = fc.record({
  what: fc.constantFrom("lose", "repeat", "insert", "cut"),
  at: fc.noBias(fc.nat(9999)).map((place) => place / 10_000),
  length: fc.oneof(fc.nat(3), fc.nat(300)),
  put: fc.oneof(
    fc.constantFrom(...HOSTILE_WORDS, '"', "{", "}", "[", "]", ",", "/*", "//", "\\", "\\u"),
    fc.string({ unit: "binary", maxLength: 4 }),
  ),
});

type TextChange = typeof textChange extends fc.Arbitrary<infer T> ? T : never;

function changed(text: string, { what, at, length, put }: TextChange): string {
  const from = Math.floor(at * text.length);
  const [head, tail] = [text.slice(0, from), text.slice(from)];
  if (what === "lose") return head + tail.slice(length);
  if (what === "repeat") return head + tail.slice(0, length) + tail;
  return what === "insert" ? head + put + tail.slice(length) : head;
}

/** A text with up to four changes. */
export function damagedText(texts: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...texts), fc.array(textChange, { minLength: 1, maxLength: 4 }))
    .map(([text, changes]) => changes.reduce(changed, text));
}

/** Bytes with up to four of them changed, or the end cut off. */
export function damagedBytes(good: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.noBias(fc.nat(good.length - 1));
  return fc.record({
    changes: fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 4 }),
    end: fc.oneof(fc.constant(good.length), fc.constant(good.length), place),
  }).map(({ changes, end }) => {
    const bytes = good.slice(0, end);
    for (const [at, byte] of changes) bytes[at] = byte;
    return bytes;
  });
}

/** A place in a document is drawn as a number that stands for one of its keys, of all objects and lists. */
const documentChange = fc.record({
  what: fc.constantFrom("replace", "replace", "drop", "rename", "twice", "swap", "wrap"),
  at: fc.noBias(fc.nat(99_999)),
  other: fc.noBias(fc.nat(99_999)),
  value: fc.oneof(fc.constantFrom(...HOSTILE_VALUES), fc.jsonValue({ maxDepth: 2 })),
  name: fc.constantFrom(...HOSTILE_WORDS),
});

type DocumentChange = typeof documentChange extends fc.Arbitrary<infer T> ? T : never;

// deno-lint-ignore no-explicit-any -- a document is whatever JSON is
type Document = any;

interface Place {
  readonly holder: Document;
  readonly key: string | number;
}

function placesIn(value: Document): Place[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.keys(value).flatMap((key) => [
    { holder: value, key },
    ...placesIn(value[key]),
  ]);
}

/** Also a key called `__proto__` becomes a key of its own. */
function put(holder: Document, key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, {
    ...{ value, writable: true, enumerable: true, configurable: true },
  });
}

function change(document: Document, { what, at, other, value, name }: DocumentChange): void {
  const places = placesIn(document);
  if (places.length === 0) return;
  const { holder, key } = places[at % places.length]!;
  const second = places[other % places.length]!;
  const old = holder[key];
  switch (what) {
    case "replace":
      return put(holder, key, structuredClone(value));
    case "drop":
      return void (Array.isArray(holder) ? holder.splice(Number(key), 1) : delete holder[key]);
    case "rename":
      if (!Array.isArray(holder)) delete holder[key];
      return put(holder, Array.isArray(holder) ? key : name, old);
    case "twice":
      return void (Array.isArray(holder) ? holder.push(old) : put(holder, name, old));
    case "swap": {
      // Copies: a value that is put into itself would have no end.
      const [mine, theirs] = structuredClone([old, second.holder[second.key]]);
      put(holder, key, theirs);
      return put(second.holder, second.key, mine);
    }
    default:
      return put(holder, key, at % 2 === 0 ? [old] : { [name]: old });
  }
}

/** A document as text, with up to three changes. */
export function damagedDocument(documents: readonly unknown[]): fc.Arbitrary<string> {
  const changes = fc.array(documentChange, { minLength: 1, maxLength: 3 });
  return fc.tuple(fc.constantFrom(...documents), changes).map(([good, all]) => {
    const document = structuredClone(good);
    for (const each of all) change(document, each);
    return JSON.stringify(document).replace(
      /"\\u0001raw ((?:[^"\\]|\\.)*)"/g,
      (_, raw: string) => JSON.parse(`"${raw}"`),
    );
  });
}
