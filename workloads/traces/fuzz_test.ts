import { assert, assertGreater } from "@std/assert";
import fc from "fast-check";
import { gunzipSync, gzipSync } from "node:zlib";
import { withFile } from "./made_up.ts";
import { compileReplay } from "./program.ts";
import { traceStatistics } from "./statistics.ts";
import { TraceError } from "./trace.ts";

const LINES = 300;
const RUNS = 150;

const sample = headOf(new URL("../scenarios/sqlite-memory.csv.gz", import.meta.url));
const intervals = "t_ns,op,id,size,worker,hold_ns,n\n" +
  Array.from({ length: LINES }, (_, i) => `${i * 50},i,${i % 7},64,w,${i % 400},${i % 3}\n`).join(
    "",
  );

/** Good files of every kind. */
const good: Readonly<Record<string, Uint8Array>> = {
  "native-csv": encoded(sample),
  "native-csv of intervals": encoded(intervals),
  "native-ndjson": encoded(jsonOf(sample)),
  "mtrace": encoded(headOf(new URL("./testdata/jq.mtrace.gz", import.meta.url))),
  "gzip": new Uint8Array(gzipSync(sample)),
};

/** What happens to files: a byte changed, a piece lost, a piece twice, foreign text, the end cut off. */
const change = fc.record({
  what: fc.constantFrom("change", "lose", "repeat", "insert", "cut"),
  place: fc.noBias(fc.nat(9999)).map((place) => place / 10_000),
  length: fc.nat(300),
  byte: fc.nat(255),
  text: fc.constantFrom("\0\0\0", "\n", ",", "-1", "99999999999999999999", "NaN", '"', "0x", "\r"),
});

for (const [name, file] of Object.entries(good)) {
  Deno.test(`compileReplay() takes or refuses ${name} with any damage, and nothing else`, async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        const damaged = changes.reduce((bytes, each) => applied(bytes, each), file);
        await withFile(damaged, async (path) => {
          try {
            const { events, slots, allocs, frees, liveAtEnd } = await compileReplay(path);
            assert(events > 0 && slots <= allocs && allocs === frees + liveAtEnd);
            const statistics = await traceStatistics(path);
            assert(statistics.peak === slots && statistics.allocs === allocs);
            taken++;
          } catch (error) {
            if (!(error instanceof TraceError)) throw error;
            assert(error.message.startsWith(`Cannot read trace ${path}: `), error.message);
            assert(error.message.length < 1000, error.message);
          }
        });
      }),
      { numRuns: RUNS, seed: 20261122 },
    );
    assertGreater(taken, RUNS / 4);
  });
}

Deno.test("compileReplay() takes or refuses random bytes", async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 2000 }),
    fc.uint8Array({ maxLength: 500 }).map((tail) => Uint8Array.from([0x1f, 0x8b, 8, ...tail])),
    fc.string({ unit: "binary", maxLength: 500 }).map(encoded),
  );
  await fc.assert(
    fc.asyncProperty(bytes, (content) =>
      withFile(content, async (path) => {
        try {
          await compileReplay(path);
        } catch (error) {
          assert(error instanceof TraceError, String(error));
        }
      })),
    { numRuns: RUNS, seed: 7 },
  );
});

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function applied(bytes: Uint8Array, { what, place, length, byte, text }: Change): Uint8Array {
  const at = Math.floor(place * bytes.length);
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (what) {
    case "change":
      return Uint8Array.from([...head, byte, ...tail.subarray(1)]);
    case "lose":
      return Uint8Array.from([...head, ...tail.subarray(length)]);
    case "repeat":
      return Uint8Array.from([...head, ...tail.subarray(0, length), ...tail]);
    case "insert":
      return Uint8Array.from([...head, ...encoded(text), ...tail]);
    default:
      return at > bytes.length / 2 ? head : bytes;
  }
}

function headOf(file: URL): string {
  const text = new TextDecoder().decode(gunzipSync(Deno.readFileSync(file)));
  return text.split("\n", LINES).join("\n") + "\n";
}

function jsonOf(csv: string): string {
  const rows = csv.trim().split("\n").filter((line) => /^\d/.test(line));
  return rows.map((row) => {
    const [t, op, id, size, worker] = row.split(",");
    return JSON.stringify({ t_ns: Number(t), op, id, size: Number(size), worker }) + "\n";
  }).join("");
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
