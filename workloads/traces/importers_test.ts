/**
 * What real files of each format have besides the plain rows: other versions, other columns, what was lost, what was
 * cut. One line of the table is one story.
 *
 * @module
 */
import { declareStories, type Story } from "./stories.ts";

const perf = (...lines: readonly string[]) =>
  lines.map((line, i) => `   fio 7/8 [00${i % 2}] 12.00000000${i}: ${line}\n`).join("");

const blk = (...lines: readonly string[]) =>
  lines.map((line, i) => `  8,0  1  ${i}  0.00000000${i}  697  ${line}\n`).join("");

const stories: Readonly<Record<string, Story>> = {
  "rep with the header of two lines": {
    text: "2\n3\na 0 5\na 1 36507238400\nf 0\n",
    format: "rep",
    events: ["0 a 0 5", "1 a 1 36507238400", "2 f 0 0"],
  },
  "rep whose header promises more, with free(NULL)": {
    text: "20000\n1\n9\n1\na 0 5\nf -1\nf 0",
    format: "rep",
    events: ["0 a 0 5", "1 f 0 0"],
    warnings: ["header-count"],
    notes: { nullFrees: 1 },
  },
  "rep with a cut last line": {
    text: "2\n2\na 0 5\na 1",
    format: "rep",
    events: ["0 a 0 5"],
    warnings: ["header-count", "cut-line"],
    notes: { truncated: true },
  },
  "memory_replay that frees and reallocates nothing": {
    text:
      "1: free 0x0\n1: realloc 0x10 0x0 7\n1: realloc 0x0 0x10 0\n1: malloc 0x0 9\n2: thread_done 0x0\n" +
      "1: memalign 0x20 16 8\n1: realloc 0x0 0x20 99\n1: free 0x20\n1: free 0x",
    format: "memory-replay",
    events: ["0 a 0 7 @1", "1 f 0 0 @1", "2 a 1 8 @1", "3 f 1 0 @1"],
    warnings: ["failed-allocations", "cut-line"],
    notes: { nullFrees: 1, timed: false },
  },
  "memory_replay with times": {
    text:
      "1: malloc 0x10 7 9007199254740993000 9007199254740993100\n1: free 0x10 9007199254740993007 9007199254740993107\n",
    format: "memory-replay",
    events: ["0 a 0 7 @1", "7 f 0 0 @1"],
    notes: { timed: true, resolutionNs: 1 },
  },
  "fio latency log of four columns": {
    text: "1, 250, 1, 512\n2, 100, 2, 4096\n",
    format: "fio-latency",
    events: ["-250 i 512 +250", "999900 i 4096 +100"],
    notes: { stamp: "end", resolutionNs: 1e6 },
  },
  "fio latency log with a priority in hexadecimal, cut in its last row": {
    text: "1, 250, 1, 512, 4096, 0x4004\n2, 100, 1, 40",
    format: "fio-latency",
    events: ["-250 i 512 +250"],
    warnings: ["cut-line"],
  },
  "fio iolog of version 2": {
    text:
      "fio version 2 iolog\n/dev/sda add\n/dev/sda open\n/dev/sda read 0 4096\n/dev/sda wait 5 0\n/dev/sda close\n",
    format: "fio-iolog",
    events: ["0 i 4096 +?"],
    notes: { timed: false, arrivalsOnly: true, resolutionNs: null },
  },
  "fio iolog of a file whose name has blanks": {
    text:
      "fio version 3 iolog\n9 /a read 1 2 open\n12 /a read 1 2 write 18446744073709551104 512\n15 /a sync 0 0\n",
    format: "fio-iolog",
    events: ["0 i 512 +?"],
  },
  "blkparse by request: requeue, lost completion, flush": {
    text: blk(
      ...["Q  W 8 + 8 [a]", "D  W 8 + 8 [a]", "R  W 8 + 8 [0]", "D  W 8 + 8 [a]", "C  W 8 + 8 [0]"],
      ...["D  R 64 + 8 [a]", "D  R 64 + 8 [a]", "D  FN [a]", "C  FN 18446744073709551615 + 0 [0]"],
    ) + "CPU1 (8,0):\n Reads Queued: 1, 4KiB\n\nThroughput (R/W): 1KiB/s / 0KiB/s\nSkips: 0\n",
    format: "blkparse",
    events: ["3 i 4096 @1 +1", "5 i 4096 @1 +?", "6 i 4096 @1 +?"],
  },
  "blkparse by bio: merged bios end with their request": {
    text: blk(
      ...[
        "A  W 8 + 8 <- (8,1) 0",
        "Q  W 8 + 8 [a]",
        "Q  W 16 + 8 [a]",
        "M  W 16 + 8 [a]",
        "P  N [a]",
      ],
      ...["U  N [a] 1", "D  W 8 + 16 [a]", "C  W 8 + 16 ( 4711) [0]", "m  N cfq workload slice"],
    ),
    format: "blkparse",
    events: ["1 i 4096 @1 +6", "2 i 4096 @1 +5"],
    options: { view: "bio" },
  },
  "blkparse cut in its last line": {
    text: blk("D  W 8 + 8 [a]", "C  W 8 + 8 [0]") + "  8,0 1 9 0.000000009 697 D W 16 + 80",
    format: "blkparse",
    events: ["0 i 4096 @1 +1"],
    warnings: ["cut-line"],
  },
  "perf script of slabs: failures, free(NULL), an unknown event, a period, a call chain": {
    text: perf(
      "          1 kmem:kmalloc: (f+0x1) call_site=f ptr=0xffff888100 bytes_req=9 bytes_alloc=16 gfp_flags=G",
      "kmem:kmalloc_node: call_site=f ptr=(nil) bytes_req=9 bytes_alloc=16",
      "kmem:kfree: call_site=f ptr=(null)",
      "sched:sched_switch: prev_comm=a ==> next_comm=b",
      "kmem:kfree: call_site=f ptr=0xffff888100",
    ) + "\n\tffffffff81 kfree+0x1 ([kernel.kallsyms])\n# a comment\n",
    format: "perf-script",
    events: ["0 a 0xffff888100 16 @000", "4 f 0xffff888100 0 @000"],
    warnings: ["failed-allocations"],
    notes: { nullFrees: 1, resolutionNs: 1 },
  },
  "perf script of pages, by microseconds and without processors": {
    text:
      "sh 20323 2582.652340: kmem:mm_page_alloc: page=0xffffea00 pfn=7 order=3 migratetype=0\n" +
      "sh 20323 2582.652341: kmem:mm_page_free_batched: page=0xffffea00 pfn=7 order=0\n" +
      "sh 20323 2582.652342: kmem:mm_page_free: page=0xffffea00 pfn=7 order=3\n",
    format: "perf-script",
    events: ["652340000 a p7 32768 @20323", "652342000 f p7 0 @20323"],
    notes: { resolutionNs: 1000 },
  },
  "perf script of a kernel without priorities and bytes, whose comm looks like ftrace": {
    text: "a-8 28454 12.000000001: block:block_rq_issue: 8,0 W 0 () 96 + 8 [fio]\n" +
      "a-8 28454 12.000000005: block:block_rq_complete: 8,0 W () 96 + 8 [0]\n" +
      "a-8 28454 12.000000006: block:block_rq_issue: 8,0 FF 0 () 0 + 0 [fio]\n" +
      "a-8 28454 12.000000009: block:block_rq_complete: 8,0 FF () 18446744073709551615 + 0 [0]\n",
    format: "perf-script",
    events: ["1 i 4096 @28454 +4"],
  },
  "perf script of several kinds at once": {
    text: perf(
      "kmem:kmalloc: call_site=f ptr=0x1 bytes_req=9 bytes_alloc=16",
      "kmem:mm_page_alloc: page=0x1 pfn=0x1 order=0",
    ),
    format: "perf-script",
    events: ["0 a 0x1 16 @000", "1 a p0x1 4096 @001"],
    warnings: ["mixed-kinds"],
  },
  "ftrace with thread groups, flags of five, and lost events": {
    text: "# tracer: nop\n#\nCPU:1 [LOST 17 EVENTS]\n" +
      "  AsyncTask #2-18830 (  512) [000] d..2. 154578.668390: block_rq_issue: 8,0 R 4096 () 8 + 8 be,0,4 [a]\n" +
      "          <idle>-0     (-----) [001] ..s.1 154578.668395: block_rq_complete: 8,0 R () 8 + 8 be,0,4 [0]\n",
    format: "ftrace",
    events: ["668390000 i 4096 @000 +5000"],
    warnings: ["lost-events"],
    notes: { resolutionNs: 1000 },
  },
  "trace-cmd without flags": {
    text:
      "version = 6\ncpus=2\n    sqlite3-9185  [001]  2180.648664677: kfree: call_site=f ptr=0x10\n",
    format: "ftrace",
    events: ["648664677 f 0x10 0 @001"],
  },
  "strace: interrupted calls, exits, signals, strings that look like returns": {
    text: [
      "7 1795368005.000001 read(3,  <unfinished ...>",
      '8 1795368005.000002 write(1, "a) = 9 <1.0>"..., 12) = 12 <0.000003>',
      '7 1795368005.000009 <... read resumed>"x", 5) = 5 <0.000008>',
      '8 1795368005.000010 openat(AT_FDCWD, "/x", O_RDONLY) = -1 ENOENT (No such file or directory) <0.000001>',
      "8 1795368005.000011 poll([{fd=3, events=POLLIN}], 1, -1 <unfinished ...>",
      "8 1795368005.000012 --- SIGTERM {si_signo=SIGTERM} ---",
      "8 1795368005.000013 +++ killed by SIGTERM +++",
      "strace: Process 9 attached",
      "7 1795368005.000014 exit_group(0)          = ?",
      "7 1795368005.000015 mmap(NULL, 9, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f1200000000 <0.000002>",
      "7 1795368005.000016 close(3",
    ].join("\n"),
    format: "strace",
    events: [
      ...["2000 i 12 @8 +3000", "1000 i 5 @7 +8000", "10000 i 0 @8 +1000", "11000 i 0 @8 +?"],
      "15000 i 0 @7 +2000",
    ],
    warnings: ["cut-line"],
    notes: { resolutionNs: 1000, arrivalsOnly: false },
  },
  "strace of one process without durations": {
    text: '1795368005.000001 read(3, "", 5) = 0\n1795368005.000004 close(3) = 0\n',
    format: "strace",
    events: ["1000 i 0 +?", "4000 i 0 +?"],
    notes: { arrivalsOnly: true },
  },
  "nginx log with the two times elsewhere, and a client that left": {
    text: '10.0.0.1 - - [x y] "GET /?a=1.000 HTTP/1.1" 499 0 rt=0.250 msec=1795368005.500\n',
    format: "nginx",
    events: ["250000000 i 0 +250000000"],
    notes: { stamp: "end", resolutionNs: 1e6 },
  },
  "iosnoop of perf-tools with starts and ends, and blanks in a comm": {
    text:
      "STARTs          ENDs            COMM         PID    TYPE DEV      BLOCK        BYTES     LATms\n" +
      "5982800.302061  5982800.302679  a b         1809   W    202,1    17039600     4096       0.62\n",
    format: "iosnoop",
    events: ["0 i 4096 @1809 +618000"],
    notes: { stamp: "start", resolutionNs: 1000 },
  },
  "MSR Cambridge with a header": {
    text: "Timestamp,Hostname,DiskNumber,Type,Offset,Size,ResponseTime\n" +
      "128172299571726563,prxy,0,Write,1105182720,512,2072\n128172299571726564,prxy,0,read,0,512,1\n",
    format: "msr-cambridge",
    events: ["0 i 512 @prxy.0 +207200", "100 i 512 @prxy.0 +100"],
    notes: { resolutionNs: 100, stamp: "start" },
  },
  "CSV with dates of 100 ns and arrivals only": {
    text:
      "TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:17:03.9799600,4808,10\r\n2023-11-16 18:17:04.0319600,3180,8\r\n",
    format: "csv",
    events: ["0 i 4808 +?", "52000000 i 3180 +?"],
    notes: { arrivalsOnly: true, resolutionNs: 100 },
  },
  "CSV with ends that are missing, and ends before their starts": {
    text: "start (ms);end (ms);thread\n1.5;2.5;a\n2.0;;b\n9.0;8.0;c\n",
    format: "csv",
    events: ["0 i 0 @a +1000000", "500000 i 0 @b +?"],
    warnings: ["negative-holds"],
    notes: { resolutionNs: 1e5, arrivalsOnly: false },
  },
  "CSV stamped at the end": {
    text: "end_us,latency_ns,size_bytes\n10,4000,5\n",
    format: "csv",
    events: ["-4000 i 5 +4000"],
    notes: { stamp: "end", resolutionNs: 1000 },
  },
  "CSV of epochs without a unit, quoted, with a zone": {
    text: '"timestamp","duration","name"\n1795368005123,4,"a, b"\n',
    format: "csv",
    events: ["0 i 0 +4000000"],
    warnings: ["stamp-assumed", "unit-assumed", "unit-assumed"],
    notes: { resolutionNs: 1e6 },
  },
  "CSV of dates in several zones": {
    text:
      "start,end\n2026-01-01 02:00:00+02:00,2026-01-01T00:00:00.5Z\n2025-12-31 22:00:00-0200,2026-01-01 00:00:02\n",
    format: "csv",
    events: ["0 i 0 +500000000", "0 i 0 +2000000000"],
  },
  "CSV of pods, several elements each": {
    text: "name,num_gpu,creation_time,deletion_time,scheduled_time\na,8,10,20,12\nb,0,11,12,11\n",
    format: "csv",
    events: ["0 i 0 +8000000000"],
    notes: { resolutionNs: 1e9 },
  },
  "CSV of requests by creation and execution": {
    text:
      "gmt_create,exec_time_seconds,status\n2026-01-01 00:00:01,1.5e0,OK\n2026-01-01T00:00:02+00:00,,PENDING\n",
    format: "csv",
    events: ["0 i 0 +1500000000", "1000000000 i 0 +?"],
  },
  "JSON lines with stamps that a number would round, and null ends": {
    text: '{"startNs":1795368005050237123,"endNs":1795368005050237130,"tid":7}\n' +
      '{"startNs":1795368005050237125,"endNs":null,"tid":7}\n',
    format: "json-lines",
    events: ["0 i 0 @7 +7", "2 i 0 @7 +?"],
    notes: { resolutionNs: 1 },
  },
  "JSON lines with seconds as fractions": {
    text: '{"start_s": 1795368005.050237123, "duration_s": 0.25, "bytes": 3}\n',
    format: "json-lines",
    events: ["0 i 3 +250000000"],
    notes: { resolutionNs: 1 },
  },
  "native with an end that was not recorded": {
    text: "#stamp=end\n#null_frees=3\nt_ns,op,hold_ns,size\n5,i,,8\n6,i,1,8\n",
    format: "native-csv",
    events: ["5 i 8 +?", "6 i 8 +1"],
    notes: { stamp: "end", nullFrees: 3 },
  },
  "native of arrivals only": {
    text: '#arrivals_only=1\n{"t_ns":5,"op":"i","size":8,"hold_ns":null}\n',
    format: "native-ndjson",
    events: ["5 i 8 +?"],
    notes: { arrivalsOnly: true },
  },
};

declareStories(stories);
