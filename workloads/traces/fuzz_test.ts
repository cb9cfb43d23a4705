/**
 * Damaged files of every format are read or refused with a sentence, and nothing else happens. A few hundred of each
 * kind by default; more with an argument:
 *
 * `deno test -P=test workloads/traces/fuzz_test.ts -- --mutants 10000`
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { assert, assertGreater } from "@std/assert";
import fc from "fast-check";
import { gunzipSync, gzipSync } from "node:zlib";
import { withFile } from "./made_up.ts";
import * as formats from "./mod.ts";
import { AS_RECORDED, type TraceOptions } from "./options.ts";
import { compileReplay } from "./program.ts";
import { traceStatistics } from "./statistics.ts";
import { TraceError } from "./trace.ts";

const LINES = 300;

/** Mutants of each file. */
const RUNS = Number(parseArgs(Deno.args, { string: ["mutants"] }).mutants ?? 30);

const sample = headOf("../scenarios/sqlite-memory.csv.gz");
const block = headOf("testdata/block.perf.gz");
const rows = (row: (index: number) => string) => Array.from({ length: LINES }, (_, i) => row(i));

/** Good files: at least one of each format, by its name. */
const good: Readonly<Record<string, readonly (string | Uint8Array)[]>> = {
  blkparse: [blkparseOf(block)],
  csv: [
    "start_us,end_us,bytes,tid\n" +
    rows((i) => `${i * 5},${i * 5 + i % 40},64,w${i % 3}\n`).join(""),
    "TIMESTAMP,ContextTokens\r\n" +
    rows((i) => `2023-11-16 18:17:${10 + i % 50}.97996${i % 10},${i}\r\n`).join(""),
  ],
  "fio-iolog": [headOf("testdata/randread.iolog.gz")],
  "fio-latency": [
    headOf("testdata/randread_lat.log.gz"),
    rows((i) => `${i}, ${i * 37}, 0, 512, ${i * 512}, 0x0000, ${i * 999_000}\n`).join(""),
  ],
  flashnet: [
    rows((i) => `0.000,${100 + i},${i % 2},4096,492,${i >> 3}.09${i % 10},4096\n`).join(""),
  ],
  ftrace: [
    block.replaceAll(
      /^\s*(.*?)\s+(\d+)\/\d+\s+(\[\d+\])\s+(\S+)\s+block:/gm,
      "  $1-$2 $3 d..2 $4 ",
    ),
    rows((i) =>
      `  a-7  ${i % 4}d..1. ${i * 3}us+: ${i % 2 ? "kfree: " : "kmalloc: bytes_alloc=16 "}ptr=0x${
        i >> 1
      }\n`
    ).join(""),
  ],
  iosnoop: [
    "TIMEus DELTAus\n" + rows((i) => `${9000000 + i * 700} ${i * 37 % 5000}\n`).join(""),
    "TIME(s)     COMM           PID    DISK    T SECTOR     BYTES  LAT(ms)\n" +
    rows((i) => `${i}.00034${i % 9}    a b  5689  ${i % 9 ? "sdb" : ""}  W 9009528 4096 0.2\n`)
      .join(""),
  ],
  "json-lines": [headOf("testdata/requests.ndjson.gz")],
  "memory-replay": [
    rows((i) => i % 3 < 2 ? `7: malloc 0xb4${i % 3}${i} ${i}\n` : `8: free 0xb40${i - 2}\n`).join(
      "",
    ),
    rows((i) => i % 2 ? `7: realloc 0x${i} 0x${i - 1} 9\n` : `7: calloc 0x${i} 2 4\n`).join(""),
  ],
  "msr-cambridge": [
    rows((i) => `${128166372003061629n + BigInt(i * 977)},hm,1,Read,383496192,32768,${i * 31}\n`)
      .join(""),
  ],
  mtrace: [headOf("testdata/jq.mtrace.gz")],
  "native-csv": [
    sample,
    new Uint8Array(gzipSync(sample)),
    "t_ns,op,id,size,worker,hold_ns,n\n" +
    rows((i) => `${i * 50},i,${i % 7},64,w,${i % 9 ? i % 400 : ""},${i % 3}\n`).join(""),
  ],
  "native-ndjson": [jsonOf(sample)],
  nginx: [
    rows((i) =>
      `17953680${10 + i % 80}.0${10 + i % 90} 0.${100 + i} 612 200 7 80 "GET / HTTP/1.1" up=-\n`
    )
      .join(""),
    rows((i) => `- [27/Nov/2026:22:33:${10 + i % 50} +0100] "GET /" 200 612 0.${100 + i}\n`)
      .join(""),
  ],
  "perf-script": [
    block,
    headOf("testdata/kmalloc.perf.gz"),
    headOf("testdata/mempool.perf.gz"),
    headOf("testdata/pages.perf.gz"),
  ],
  rep: [headOf("testdata/sqlite.rep.gz")],
  strace: [
    headOf("testdata/sqlite.strace.gz"),
    rows((i) => `7 23:59:${10 + i % 50}.05 [ 0] read(3, "") = ${i} <0.0${i}>\n`).join(""),
    rows((i) =>
      i % 2
        ? `${i % 5} 17953680${10 + i % 80}.050237 <... read resumed>"", 832) = 832 <0.00001${
          i % 9
        }>\n`
        : `${(i + 1) % 5} 17953680${10 + i % 80}.050237 read(3,  <unfinished ...>\n`
    ).join(""),
  ],
};

/** What happens to files: a byte changed, a piece lost, a piece twice, foreign text, the end cut off. */
const change = fc.record({
  what: fc.constantFrom("change", "lose", "repeat", "insert", "cut"),
  place: fc.noBias(fc.nat(9999)).map((place) => place / 10_000),
  length: fc.nat(300),
  byte: fc.nat(255),
  text: fc.constantFrom(
    ...[
      "\0\0\0",
      "\n",
      ",",
      "-1",
      "99999999999999999999",
      "NaN",
      '"',
      "0x",
      "\r",
      " = ",
      "()",
      "[",
      "{",
    ],
    ...["a ", " + ", "0", "1e308", "<unfinished ...>", "\ufeff", "(nil)"],
  ),
});

/** Choices that no trace may stumble over. */
const choice: fc.Arbitrary<Partial<TraceOptions>> = fc.record({
  unfinished: fc.constantFrom("drop" as const, "hold" as const),
  spread: fc.boolean(),
  view: fc.constantFrom("request" as const, "bio" as const),
  hold: fc.constantFrom(null, { kind: "exponential", mean: 1e6 }),
});

for (const name of Object.keys(formats)) {
  Deno.test(`traceStatistics() takes or refuses ${name} with any damage, and nothing else`, async () => {
    let taken = 0;
    const files = (good[name] ?? []).map((file) => typeof file === "string" ? encoded(file) : file);
    assert(files.length > 0, `there is no good file of ${name} to damage`);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(change, { minLength: 1, maxLength: 5 }),
        choice,
        async (file, changes, options) => {
          const damaged = changes.reduce((bytes, each) => applied(bytes, each), file);
          if (await survives(damaged, { ...AS_RECORDED, ...options })) taken++;
        },
      ),
      { numRuns: RUNS, seed: 20261122 },
    );
    assertGreater(taken, RUNS / 4);
  });
}

Deno.test("traceStatistics() takes or refuses random bytes", async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 2000 }),
    fc.uint8Array({ maxLength: 500 }).map((tail) => Uint8Array.from([0x1f, 0x8b, 8, ...tail])),
    fc.string({ unit: "binary", maxLength: 500 }).map(encoded),
  );
  await fc.assert(fc.asyncProperty(bytes, async (content) => void await survives(content)), {
    numRuns: 2 * RUNS,
    seed: 7,
  });
});

/** Reads a file for statistics and for replay. @returns whether it was taken, rather than refused. */
function survives(content: Uint8Array, options: TraceOptions = AS_RECORDED): Promise<boolean> {
  return withFile(content, async (path) => {
    try {
      const { allocs, frees, liveAtEnd, peak } = await traceStatistics(path, options);
      if (peak === null) return true;
      const program = await compileReplay(path, options);
      assert(program.slots === peak && program.allocs === allocs && allocs === frees + liveAtEnd);
      return true;
    } catch (error) {
      if (!(error instanceof TraceError)) throw error;
      assert(error.message.startsWith(`Cannot read trace ${path}: `), error.message);
      assert(error.message.length < 1000, error.message);
      return false;
    }
  });
}

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function applied(bytes: Uint8Array, { what, place, length, byte, text }: Change): Uint8Array {
  const at = Math.floor(place * bytes.length);
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (what) {
    case "change":
      return joined(head, Uint8Array.of(byte), tail.subarray(1));
    case "lose":
      return joined(head, tail.subarray(length));
    case "repeat":
      return joined(head, tail.subarray(0, length), tail);
    case "insert":
      return joined(head, encoded(text), tail);
    default:
      return at > bytes.length / 2 ? head : bytes;
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function headOf(file: string): string {
  const bytes = gunzipSync(Deno.readFileSync(new URL(file, import.meta.url)));
  return new TextDecoder().decode(bytes).split("\n", LINES).join("\n") + "\n";
}

/** The same requests as blkparse writes them. */
function blkparseOf(perf: string): string {
  return perf.replaceAll(
    /^.*\[(\d+)\]\s+(\S+):\s+block:(\w+): (\S+) (\S+) .*?(\d+ \+ \d+).*$/gm,
    (_, cpu, time, name, device, rwbs, range) => {
      const actions: Readonly<Record<string, string>> = {
        block_bio_queue: "Q",
        block_rq_issue: "D",
        block_rq_complete: "C",
      };
      return `${device} ${Number(cpu)} 1 ${time} 697 ${actions[name]} ${rwbs} ${range} [x]`;
    },
  );
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
