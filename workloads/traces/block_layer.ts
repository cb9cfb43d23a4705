/**
 * The block layer of Linux as its tracers tell it, whoever wrote the lines: requests and bios become intervals.
 *
 * A request is held from the moment at which the driver has it (issue, `D`) until it completes (`C`), found by
 * device and sector. A bio is held from the moment at which it is queued (`Q`) until the first completion whose
 * range holds its sector: merged bios have no completion of their own. What has no sectors (flushes, the second
 * completion of a flush sequence) is no element. A second issue of the same sector means that the first one's
 * completion was lost.
 *
 * @module
 */
import { END_UNKNOWN, type Reading, TraceError } from "./trace.ts";

/** Elements under way, at most. */
const PENDING_MAX = 2 ** 22;

const SECTOR_BYTES = 512;

/** What a line of a tracer says. */
export interface BlockEvent {
  /** When, nanoseconds. */
  readonly timeNs: number;
  /** The device, as its tracer writes it: `259,0`. */
  readonly device: string;
  /** The first sector; decimal, up to 2^64 - 1. */
  readonly sector: string;
  /** How many sectors. */
  readonly sectors: number;
  /** The processor or thread. */
  readonly worker: string;
  /** Bytes of a request, where the tracer says them; else those of its sectors. */
  readonly sizeBytes?: number;
}

interface Pending {
  readonly timeNs: number;
  readonly sizeBytes: number;
  readonly worker: string;
}

/** Follows one trace of a block layer, as requests or as bios. */
export class BlockLayer {
  readonly #reading: Reading;
  readonly #byBio: boolean;
  readonly #pending = new Map<string, Pending>();
  #queued = 0;
  #issued = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#byBio = reading.options.view === "bio";
  }

  /** A bio was queued. */
  queued(event: BlockEvent): void {
    this.#queued++;
    if (this.#byBio) this.#begin(event);
  }

  /** A request went to the driver. */
  issued(event: BlockEvent): void {
    this.#issued++;
    if (!this.#byBio) this.#begin(event);
  }

  /** A request came back from the driver to be issued again. */
  requeued({ device, sector }: BlockEvent): void {
    if (!this.#byBio) this.#pending.delete(keyOf(device, sector));
  }

  /** A request completed, and every bio in its range. */
  completed(event: BlockEvent): void {
    if (event.sectors === 0) return;
    if (!this.#byBio) this.#end(keyOf(event.device, event.sector), event.timeNs);
    else for (const key of this.#keysIn(event)) this.#end(key, event.timeNs);
  }

  /** A bio completed, as it is told for devices that stand on others. */
  bioCompleted(event: BlockEvent): void {
    if (this.#byBio) this.completed(event);
  }

  /** Refuses a trace in which only the other view shows something, as of a device that stands on others. */
  refuseBiosAlone(): void {
    if (this.#byBio || this.#queued === 0 || this.#issued > 0) return;
    throw new TraceError("it has bios but no requests to a driver: give --view bio");
  }

  /** What never completed. */
  end(): void {
    for (const pending of this.#pending.values()) this.#emit(pending, END_UNKNOWN);
    this.#pending.clear();
  }

  #begin({ timeNs, device, sector, sectors, worker, sizeBytes }: BlockEvent): void {
    if (sectors === 0) return;
    const key = keyOf(device, sector);
    const lost = this.#pending.get(key);
    if (lost !== undefined) {
      this.#pending.delete(key);
      this.#emit(lost, END_UNKNOWN);
    }
    const own = { timeNs, worker: ` ${worker}`.slice(1) };
    this.#pending.set(key, { ...own, sizeBytes: sizeBytes || sectors * SECTOR_BYTES });
    if (this.#pending.size > PENDING_MAX) {
      throw new TraceError(
        `more than ${PENDING_MAX} requests are under way at once: give a part of the trace`,
      );
    }
  }

  #end(key: string, timeNs: number): void {
    const pending = this.#pending.get(key);
    if (pending === undefined) return;
    this.#pending.delete(key);
    this.#emit(pending, Math.max(0, timeNs - pending.timeNs));
  }

  /** The sectors of a range, or where that is shorter, what is under way of them. */
  *#keysIn({ device, sector, sectors }: BlockEvent): Iterable<string> {
    const first = BigInt(sector);
    if (sectors <= this.#pending.size) {
      for (let at = 0; at < sectors; at++) yield keyOf(device, String(first + BigInt(at)));
      return;
    }
    for (const key of [...this.#pending.keys()]) {
      const [of, at] = key.split(" ");
      const offset = of === device ? BigInt(at!) - first : -1n;
      if (offset >= 0n && offset < BigInt(sectors)) yield key;
    }
  }

  #emit({ timeNs, sizeBytes, worker }: Pending, holdNs: number): void {
    this.#reading.emit({ timeNs, op: "i", id: "", sizeBytes, worker, holdNs, count: 1 });
  }
}

function keyOf(device: string, sector: string): string {
  return `${device} ${sector}`;
}
