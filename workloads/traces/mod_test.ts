import { assertEquals, assertMatch } from "@std/assert";
import { inShort, readWhole } from "./made_up.ts";
import * as formats from "./mod.ts";
import type { TraceFormat } from "./trace.ts";

const registry: Readonly<Record<string, TraceFormat>> = formats;

interface Story {
  /** As the format writes it. */
  readonly text: string;
  /** What it tells. */
  readonly events: readonly string[];
}

/** An element lives, is resized, and dies; another stays. */
const resized = ["0 a x 16", "1 r x 32", "2 a y 8", "3 f x 0"];
const renamed = resized.map((event) => event.replace("x", "0").replace("y", "1"));

/** One small story in every format. */
const stories: Readonly<Record<string, Story>> = {
  blkparse: {
    text: "  8,0    1        1     0.000000000   697  D   W 223490 + 8 [kjournald]\n" +
      "  8,0    1        2     0.000201000     0  C   W 223490 + 8 [0]\n",
    events: ["0 i 4096 @1 +201000"],
  },
  csv: {
    text: "start_us,latency_ms,bytes\n100,0.5,64\n",
    events: ["0 i 64 +500000"],
  },
  "fio-iolog": {
    text: "fio version 3 iolog\n12 /tmp/a b add\n20 /tmp/a b read 4096 512\n",
    events: ["0 i 512 +?"],
  },
  "fio-latency": { text: "1, 250000, 0, 4096, 0, 0\n", events: ["-250000 i 4096 +250000"] },
  flashnet: {
    text: "0.000,120,1,4096,4923392,0.091,4096\n",
    events: ["91000 i 4096 +120000"],
  },
  ftrace: {
    text: "# tracer: nop\n" +
      "   AsyncTask #2-18830 [000] d..2 154578.668390: kmalloc: call_site=f ptr=b1 bytes_req=9 bytes_alloc=16 gfp_flags=G\n",
    events: ["668390000 a b1 16 @000"],
  },
  iosnoop: { text: "TIMEus DELTAus\n9339835017 15133\n", events: ["-15133000 i 0 +15133000"] },
  "json-lines": {
    text: '{"id":1,"start_ns":741403814,"end_ns":741403819,"bytes":549}\n',
    events: ["0 i 549 +5"],
  },
  "memory-replay": {
    text: "7: malloc 0x10 16\n7: realloc 0x90 0x10 32\n7: calloc 0x10 2 4\n7: free 0x90\n",
    events: renamed.map((event) => `${event} @7`),
  },
  "msr-cambridge": {
    text: "128166372003061629,hm,1,Read,383496192,32768,113736\n",
    events: ["0 i 32768 @hm.1 +11373600"],
  },
  mtrace: {
    text: "= Start\n+ 0x10 0x10\n< 0x10\n> 0x90 0x20\n+ 0x10 0x8\n- 0x90\n",
    events: renamed,
  },
  "native-csv": { text: "op,id,size\na,x,16\nr,x,32\na,y,8\nf,x,\n", events: resized },
  "native-ndjson": {
    text: [
      '{"op":"a","id":"x","size":16}',
      '{"op":"r","id":"x","size":32}',
      '{"op":"a","id":"y","size":8}',
      '{"op":"f","id":"x"}\n',
    ].join("\n"),
    events: resized,
  },
  nginx: {
    text: '1795368005.050 0.005 612 200 7 80 "GET / HTTP/1.1" up=0.004\n',
    events: ["45000000 i 612 +5000000"],
  },
  "perf-script": {
    text:
      "  a b/c:1  9185/9186  [001]  2180.648664677:   kmem:kmem_cache_alloc: call_site=m ptr=0xf1 name=bio bytes_req=264 bytes_alloc=320\n",
    events: ["648664677 a 0xf1 320 @001"],
  },
  rep: { text: "100\n2\n4\n1\na 0 16\nr 0 32\na 1 8\nf 0\n", events: renamed },
  strace: {
    text: '20402 1795368005.050237 read(3, "a) = 7 <b>", 832) = 832 <0.000015>\n',
    events: ["50237000 i 832 @20402 +15000"],
  },
};

for (const [name, format] of Object.entries(registry)) {
  const { text, events } = stories[name]!;

  Deno.test(`${name}.recognises() its own story and no other's`, () => {
    for (const [other, { text: head }] of Object.entries(stories)) {
      assertEquals(format.recognises(head), other === name, other);
      assertEquals(format.recognises(head.replaceAll("\n", "\r\n")), other === name, other);
    }
    for (const head of ["", "\n", "hello\n", "{", "[]\n", "0\n", ",,,\n", "a b c\n1 2 3\n"]) {
      assertEquals(format.recognises(head), false, head);
    }
  });

  Deno.test(`${name}.read() tells the story`, async () => {
    const { format, events: told, notes } = await readWhole(text);
    assertEquals(format, name);
    assertEquals(told.map(inShort), events);
    assertEquals(notes.foreignLines, 0);
    assertEquals(notes.warnings, []);
  });

  Deno.test(`${name}.read() tells the same with CRLF, a byte-order mark and padding`, async () => {
    const whole = await readWhole(text);
    const wrapped = `\ufeff${text.replaceAll("\n", "\r\n")}${"\0".repeat(500)}`;
    assertEquals(await readWhole(wrapped), whole);
  });

  Deno.test(`${name}.read() passes over a foreign line, and says so`, async () => {
    const lines = text.split("\n");
    const torn = [...lines.slice(0, -1), "-- MARK --", ...lines.slice(-1)].join("\n");
    const { events: told, notes } = await readWhole(torn);
    assertEquals(told.map(inShort), events);
    assertEquals(notes.warnings.map(({ code }) => code), ["foreign-lines"]);
  });

  Deno.test(`${name}.summary is one line`, () => assertMatch(format.summary, /^.{10,90}$/));
}
