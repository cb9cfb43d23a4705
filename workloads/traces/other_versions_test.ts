/**
 * The same formats as other versions of their programs write them, with other options, and on other systems: what a tool
 * of the field prints is the grammar, not what one machine printed.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { refusalOf } from "./made_up.ts";
import { declareStories } from "./stories.ts";

const SLAB = "call_site=f ptr=0xffff8880";
const IOSNOOP = "COMM         PID    TYPE DEV      BLOCK        BYTES     LATms\n";
const CONNECTION = '"GET / HTTP/1.1" 200 612 "-" "curl/7.88"';

declareStories({
  "perf script -F time,event,trace": {
    text: ` 123.456789:   kmem:kmalloc: ${SLAB} bytes_req=9 bytes_alloc=16\n` +
      ` 123.456799:     kmem:kfree: ${SLAB}\n`,
    format: "perf-script",
    events: ["456789000 a 0xffff8880 16", "456799000 f 0xffff8880 0"],
  },
  "perf script -F pid,time,event,trace": {
    text: ` 12/13 123.000001: kmem:kmalloc: ${SLAB} bytes_req=9 bytes_alloc=16\n` +
      ` 12/13 123.000002: kmem:kfree: ${SLAB}\n`,
    format: "perf-script",
    events: ["1000 a 0xffff8880 16 @13", "2000 f 0xffff8880 0 @13"],
  },
  "perf script of a device mapper, whose bios complete themselves": {
    text: " fio 12/12 [001] 1.000000: block:block_bio_queue: 253,0 W 223490 + 8 [fio]\n" +
      " fio 12/12 [001] 1.000010: block:block_bio_complete: 253,0 W 223490 + 8 [0]\n",
    format: "perf-script",
    events: ["0 i 4096 @001 +10000"],
    options: { view: "bio" },
  },
  "perf script --show-lost-events --show-task-events -F +misc": {
    text: "   a  0 [000]     0.000000: PERF_RECORD_COMM: a:1/1\n".repeat(300) +
      ` a 12/13 [001] K 123.000001: kmem:kmalloc: ${SLAB} bytes_req=9 bytes_alloc=16\n` +
      " a  0 [000]   123.000002: PERF_RECORD_LOST lost 47\n" +
      ` a 12/13 [001] K 123.000003: kmem:kfree: ${SLAB}\n`,
    format: "perf-script",
    events: ["1000 a 0xffff8880 16 @001", "3000 f 0xffff8880 0 @001"],
    warnings: ["lost-events"],
  },
  "ftrace of an older kernel, which pads null pointers": {
    text: "cpus=2\n" +
      `   a-1 [001]   12.000001: kmalloc: (f+0x1) ${SLAB} bytes_req=9 bytes_alloc=16 gfp_flags=G\n` +
      "   a-1 [001]   12.000002: kfree:   (f+0x1) call_site=f ptr=          (null)\n" +
      " => kfree\n => f\n" +
      `   a-1 [001]   12.000003: kfree:   (f+0x1) ${SLAB}\n`,
    format: "ftrace",
    events: ["1000 a 0xffff8880 16 @001", "3000 f 0xffff8880 0 @001"],
    notes: { nullFrees: 1 },
  },
  "ftrace with the option latency-format": {
    text: "# tracer: nop\n#  cmd     pid   ||||| time  |   caller\n" +
      `  a b-438   260...1.       7us$: kmalloc: ${SLAB} bytes_req=9 bytes_alloc=16 gfp_flags=G\n` +
      `  <idle>-0    0dNh2. 1000012us : kfree: ${SLAB}\n`,
    format: "ftrace",
    events: ["7000 a 0xffff8880 16 @260", "1000012000 f 0xffff8880 0 @0"],
    notes: { resolutionNs: 1000 },
  },
  "strace -tt past midnight": {
    text: '12  23:59:59.999990 read(3, "x", 5) = 5 <0.000004>\n' +
      '12  00:00:00.000002 read(3, "x", 5) = 5 <0.000004>\n',
    format: "strace",
    events: ["999990000 i 5 @12 +4000", "1000002000 i 5 @12 +4000"],
  },
  "strace -Y -r -n -i, and a process that was let go": {
    text: '12<bash> 1795368005.000001 (+     0.000042) [  0] read(3</x>, "x", 5) = 5 <0.000004>\n' +
      '13<bash> 1795368005.000002 [00007f1f8a6f4c3d] read(3, "x", 5) = 5 <0.000004>\n' +
      "14 1795368005.000003 read(0,  <detached ...>\n",
    format: "strace",
    events: ["1000 i 5 @12 +4000", "2000 i 5 @13 +4000", "3000 i 0 @14 +?"],
  },
  "strace -r -k, by the time since the call before": {
    text: '12      0.000000 read(3, "x", 5) = 5 <0.000004>\n > /lib/libc.so.6(read+0x1) [0x2]\n' +
      '13      1.000042 read(3, "x", 5) = 5 <0.000004>\n12      0.000001 read(3, "", 5) = 0 <0.1>\n',
    format: "strace",
    events: ["0 i 5 @12 +4000", "1000042000 i 5 @13 +4000", "1000043000 i 0 @12 +100000000"],
    notes: { resolutionNs: 1000 },
  },
  "memory_replay with times and the end of a thread": {
    text: "1: thread_done 0x0 2400\n1: malloc 0x10 7 2500 2600\n1: free 0x10 2507 2600\n",
    format: "memory-replay",
    events: ["0 a 0 7 @1", "7 f 0 0 @1"],
    notes: { timed: true },
  },
  "fio latency log that says when each was issued": {
    text: "1, 250, 1, 512, 4096, 0x0000, 900123\n2, 100000, 2, 4096, 8192, 0x0000, 1900000\n",
    format: "fio-latency",
    events: ["0 i 512 +250", "999877 i 4096 +100000"],
    notes: { stamp: "start", resolutionNs: 1 },
  },
  "fio latency log whose last column is no issue of this clock": {
    text: "1, 250, 1, 512, 4096, 0x0000, 1795368005000900123\n",
    format: "fio-latency",
    events: ["-250 i 512 +250"],
    notes: { stamp: "end" },
  },
  "iosnoop -t of perf-tools": {
    text: `Tracing block I/O. Ctrl-C to end.\nENDs            ${IOSNOOP}` +
      "5982800.302679  <...>        1809   W    202,1    17039600     4096       0.62\n",
    format: "iosnoop",
    events: ["-620000 i 4096 @1809 +620000"],
    notes: { stamp: "end", resolutionNs: 1000 },
  },
  "iosnoop -s -t of DTrace, without units, with blanks in a path": {
    text: "STIME          TIME             UID   PID D    BLOCK   SIZE       COMM PATHNAME\n" +
      "6430320        6892892          100 15795 R     3808   8192        tar /usr/bin/my file\n",
    format: "iosnoop",
    events: ["0 i 8192 @15795 +462572000"],
    notes: { stamp: "start", resolutionNs: 1000 },
  },
  "biosnoop of bcc, with a flush that belongs to no disk": {
    text: "TIME(s)     COMM           PID    DISK    T SECTOR     BYTES  LAT(ms)\n" +
      "0.004000    jbd2 sdb       380    sdb     W 2406576    4096      3.21\n" +
      "0.004578    ?              0              R 0          0         4.00\n",
    format: "iosnoop",
    events: ["-3210000 i 4096 @380 +3210000", "-3422000 i 0 +4000000"],
    notes: { stamp: "end" },
  },
  "nginx log in the combined format and its times, by the second": {
    text: `10.0.0.1 - - [27/Nov/2026:22:33:02 +0100] ${CONNECTION} 0.250 0.249\n` +
      `10.0.0.1 - - [27/Nov/2026:21:33:03 +0000] ${CONNECTION} 0.010 -\n`,
    format: "nginx",
    events: ["-250000000 i 612 +250000000", "990000000 i 612 +10000000"],
    notes: { stamp: "end", resolutionNs: 1e9 },
  },
  "nginx log with names, the upstream's time before the request's": {
    text: 'time=1795368005.123 status=200 urt="0.001" rt="0.002" bytes=5\n',
    format: "nginx",
    events: ["121000000 i 5 +2000000"],
    notes: { resolutionNs: 1e6 },
  },
  "nginx log in LTSV": {
    text: "time:2026-11-27T22:33:02+00:00\thost:::1\treq:GET / HTTP/1.1\tsize:7\treqtime:0.250\n",
    format: "nginx",
    events: ["-250000000 i 7 +250000000"],
  },
  "nginx log in JSON": {
    text: '{"time_iso8601":"2026-11-27T22:33:02+00:00","msec":"1795368005.123",' +
      '"request_time":"0.010","body_bytes_sent":"612"}\n',
    format: "json-lines",
    events: ["-10000000 i 612 +10000000"],
    warnings: ["unit-assumed"],
    notes: { stamp: "end", resolutionNs: 1e6 },
  },
  "nginx log in JSON whose times are numbers, the first of them 0": {
    text: '{"time_iso8601":"2026-11-27T22:33:02+00:00","request_time":0.000}\n' +
      '{"time_iso8601":"2026-11-27T22:33:03+00:00","request_time":0.250}\n',
    format: "json-lines",
    events: ["0 i 0 +0", "750000000 i 0 +250000000"],
    notes: { stamp: "end" },
  },
  "CSV with a msec that is none of nginx's": {
    text: "start_ms,end_ms,msec\n1000,2000,1000\n2000,3500,1500\n",
    format: "csv",
    events: ["0 i 0 +1000000000", "1000000000 i 0 +1500000000"],
  },
  "CSV with an exit code before its times": {
    text: "job,exit,start,end\na,0,1000,2500\n",
    format: "csv",
    events: ["0 i 0 +1500"],
    warnings: ["unit-assumed", "unit-assumed"],
  },
  "CSV whose second start has a unit": {
    text: "created,start_us,end_us\n7,1,3\n",
    format: "csv",
    events: ["0 i 0 +2000"],
  },
  "CSV whose fractions come late": {
    text: "start,end\n1,3\n1.5,2.5\n",
    format: "csv",
    events: ["0 i 0 +2", "0 i 0 +1"],
    warnings: ["unit-assumed", "unit-assumed", "unit-doubtful", "unit-doubtful"],
  },
  "strace -r -T of one process": {
    text:
      '     0.000000 read(3, "", 5) = 5 <0.000004>\n     0.000010 read(3, "", 5) = 5 <0.000001>\n',
    format: "strace",
    events: ["0 i 5 +4000", "10000 i 5 +1000"],
  },
  "strace -f -tt round midnight, a line late": {
    text: '1 23:59:59.900000 read(3, "", 5) = 5 <0.000001>\n' +
      '2 00:00:00.100000 read(3, "", 5) = 5 <0.000001>\n' +
      '1 23:59:59.950000 read(3, "", 5) = 5 <0.000001>\n' +
      '2 00:00:00.200000 read(3, "", 5) = 5 <0.000001>\n',
    format: "strace",
    events: [
      "900000000 i 5 @1 +1000",
      "1100000000 i 5 @2 +1000",
      "950000000 i 5 @1 +1000",
      "1200000000 i 5 @2 +1000",
    ],
  },
  "JSON lines of OpenTelemetry": {
    text: '{"startTimeUnixNano":"1544712660000000001","endTimeUnixNano":"1544712660000000009"}\n',
    format: "json-lines",
    events: ["0 i 0 +8"],
  },
  "JSON lines of what was acquired and released": {
    text: '{"acquired_at_us":1,"released_at_us":5}\n',
    format: "json-lines",
    events: ["0 i 0 +4000"],
  },
  "CSV whose names begin with what starts": {
    text: "t_start_usecs,t_end_usecs,size\n1,3,10\n",
    format: "csv",
    events: ["0 i 10 +2000"],
  },
  "CSV with fractions and no units": {
    text: "request_start,request_end,thread\n1.5,2.5,a\n",
    format: "csv",
    events: ["0 i 0 @a +1000000000"],
    warnings: ["unit-assumed", "unit-assumed"],
  },
  "a file that Windows wrote in UTF-16": {
    text: utf16("t_ns,op,id,size,worker\r\n1,a,x,5,0\r\n9,f,x,,0\r\n"),
    format: "native-csv",
    events: ["1 a x 5 @0", "9 f x 0 @0"],
    notes: { timed: true },
  },
});

/** Files that hold no trace that can serve, and what is said of them. */
const refused: Readonly<Record<string, readonly [content: string | Uint8Array, said: string]>> = {
  "iosnoop without times": [`${IOSNOOP}a 1 W 202,1 7 4096 1.32\n`, "record it with iosnoop -ts"],
  "averages of fio with their maxima": ["500, 250, 900, 0, 0, 0\n", "it is a fio log of averages"],
  "bios without requests": [
    "253,0 3 1 0.000000000 697 Q W 8 + 8 [x]\n253,0 3 2 0.000100000 697 C W 8 + 8 [0]\n",
    "give --view bio",
  ],
  "a recording of perf": ["PERFILE2\0\0", "give what `perf script -i FILE` prints"],
  "a recording of blktrace": ["\x07tae\0\0", "give what `blkparse -i FILE` prints"],
  "a zip archive": ["PK\x03\x04\0", "give what `unzip -p FILE` prints"],
  "zstd": [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 4), "give what `zstd -dc FILE` prints"],
};

for (const [what, [content, said]] of Object.entries(refused)) {
  Deno.test(`readTrace() refuses ${what} and says what to give`, async () => {
    const sentence = await refusalOf(content);
    assertStringIncludes(sentence, said);
    assertEquals(sentence.split("\n").length, 1);
  });
}

/** Little endian, with its mark, as PowerShell redirects. */
function utf16(text: string): Uint8Array {
  return new Uint8Array(Uint16Array.from(`\ufeff${text}`, (unit) => unit.charCodeAt(0)).buffer);
}
