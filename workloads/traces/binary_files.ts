/**
 * Files that people take for traces and that are none yet: what a recorder wrote before its own tool made text of it, and
 * archives. Each by its first bytes, with what to do.
 *
 * @module
 */

/** The first characters of a file, as text in which what is no UTF-8 is \ufffd; what the file is, and how to get text. */
const KINDS: readonly (readonly [start: string, what: string, advice: string])[] = [
  ["PERFILE2", "the recording of perf", "give what `perf script -i FILE` prints"],
  ["2ELIFREP", "the recording of perf", "give what `perf script -i FILE` prints"],
  ["\x17\x08Dtracing", "the recording of trace-cmd", "give what `trace-cmd report -i FILE` prints"],
  ["\x07tae", "the recording of blktrace", "give what `blkparse -i FILE` prints"],
  ["eat\x07", "the recording of blktrace", "give what `blkparse -i FILE` prints"],
  ["PK\x03\x04", "a zip archive", "give what `unzip -p FILE` prints"],
  ["BZh", "packed by bzip2", "give what `bzip2 -dc FILE` prints"],
  ["\ufffd7zXZ", "packed by xz", "give what `xz -dc FILE` prints"],
  ["(\ufffd/\ufffd", "packed by zstd", "give what `zstd -dc FILE` prints"],
  ["\x04\x22M\x18", "packed by lz4", "give what `lz4 -dc FILE` prints"],
];

/** Says what a file is by its head, and how to get a trace out of it; null where it is none of these. */
export function binaryKind(head: string): string | null {
  const kind = KINDS.find(([start]) => head.startsWith(start));
  return kind === undefined ? null : `it is ${kind[1]}: ${kind[2]}`;
}
