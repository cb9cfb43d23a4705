/**
 * A mempool over a back end of a few elements, as plain lists: what the real one is compared with, handle by handle.
 *
 * @module
 */
import { type Handle, NONE } from "../../allocators/allocator.ts";
import type { Policy, Step } from "../policy.ts";
import type { Kind, Serves } from "./scripted_backend.ts";
import { walk } from "./step_walker.ts";

/** What a pool is like. */
export interface PoolModelOptions {
  readonly policy: Policy;
  readonly minReserve: number;
  readonly maxReserve: number;
  readonly capacity: number;
}

/** Lists of elements, and counts. */
export class PoolModel {
  readonly hits: number[] = [0, 0, 0, 0, 0];
  frees = 0;
  none = 0;
  failed = 0;
  locked = 0;
  serves: Serves = { atomic: true, blocking: true };
  readonly held: Handle[] = [];
  readonly reserve: Handle[] = [];
  readonly backend: Handle[];
  readonly #steps: readonly Step[];
  readonly #adapt: Policy["adapt"];
  readonly #maxReserve: number;
  #minReserve: number;
  #wasFull = true;

  /** A pool of `minReserve` over a back end of `capacity`. */
  constructor({ policy, minReserve, maxReserve, capacity }: PoolModelOptions) {
    this.backend = Array.from({ length: capacity }, (_, index) => capacity - index);
    this.#steps = policy.steps;
    this.#adapt = policy.adapt;
    this.#maxReserve = maxReserve;
    this.#minReserve = minReserve;
    for (let call = 0; call < minReserve; call++) this.reserve.push(this.backend.pop()!);
  }

  #walk(kind: Kind, steps = this.#steps) {
    return walk(steps, {
      minReserve: this.#minReserve,
      current: this.reserve.length,
      asks: (call) => this.serves[call] && this.backend.length > 0,
      maySleep: kind === "blocking",
    });
  }

  /** Whether an allocation would wait. */
  waits(kind: Kind): boolean {
    return this.#walk(kind).level === 5;
  }

  /** An allocation that does not wait. */
  allocate(kind: Kind): Handle {
    const { level } = this.#walk(kind);
    if (level === 0) {
      if (kind === "atomic") this.none++;
      else this.failed++;
      return NONE;
    }
    this.hits[level - 1] = this.hits[level - 1]! + 1;
    const fromReserve = level === 2 || level === 4;
    if (fromReserve) this.locked++;
    const handle = (fromReserve ? this.reserve : this.backend).pop()!;
    if (fromReserve) this.#noteTaken();
    this.held.push(handle);
    return handle;
  }

  /** M. */
  get minReserve(): number {
    return this.#minReserve;
  }

  /** Once between two times that the reserve is full, M grows where that runs dry. */
  #noteTaken(): void {
    if (this.#adapt === undefined || this.reserve.length > 0 || !this.#wasFull) return;
    const wanted = Math.max(this.#minReserve + 1, Math.ceil(this.#adapt.growth * this.#minReserve));
    if (this.#minReserve < this.#maxReserve) this.#wasFull = false;
    this.#minReserve = Math.max(this.#minReserve, Math.min(this.#maxReserve, wanted));
  }

  #noteGiven(): void {
    if (this.reserve.length >= this.#minReserve) this.#wasFull = true;
  }

  /** A free, to the reserve where that is below its minimum. */
  free(handle: Handle): void {
    this.#disown(handle);
    if (this.reserve.length < this.#minReserve) {
      this.reserve.push(handle);
      this.locked++;
      this.#noteGiven();
    } else this.backend.push(handle);
  }

  /** Frees several: the reserve is filled first, under one lock where it lacks anything. */
  freeBulk(handles: readonly Handle[]): void {
    if (this.reserve.length < this.#minReserve) this.locked++;
    for (const handle of handles) {
      this.#disown(handle);
      const wanted = this.reserve.length < this.#minReserve;
      (wanted ? this.reserve : this.backend).push(handle);
      this.#noteGiven();
    }
  }

  #disown(handle: Handle): void {
    this.held.splice(this.held.indexOf(handle), 1);
    this.frees++;
  }

  /**
   * Several at once: each step serves what is still missing. With fewer than all, a caller who does not wait gets nothing, and
   * everything is where it was. @returns them; none where there are not enough; null, with nothing done, where it would wait.
   */
  allocateBulk(kind: Kind, size: number): readonly Handle[] | null {
    const before = { reserve: [...this.reserve], backend: [...this.backend] };
    const [minReserve, wasFull] = [this.#minReserve, this.#wasFull];
    const taken = this.#takeSteps(kind, size);
    const fromReserve = taken.filter(({ level }) => level === 2 || level === 4).length;
    if (taken.length === size) {
      for (const { handle, level } of taken) {
        this.hits[level - 1] = this.hits[level - 1]! + 1;
        this.held.push(handle);
      }
      this.locked += fromReserve;
      return taken.map(({ handle }) => handle);
    }
    this.reserve.splice(0, Infinity, ...before.reserve);
    this.backend.splice(0, Infinity, ...before.backend);
    if (kind === "blocking" && this.#steps.includes("wait")) {
      this.#minReserve = minReserve;
      this.#wasFull = wasFull;
      return null;
    }
    this.#noteGiven();
    if (kind === "atomic") this.none++;
    else this.failed++;
    // Out of the reserve one by one, and back one by one.
    this.locked += 2 * fromReserve;
    return [];
  }

  #takeSteps(kind: Kind, size: number): { handle: Handle; level: number }[] {
    const taken: { handle: Handle; level: number }[] = [];
    for (const step of this.#steps.filter((step) => step !== "wait")) {
      for (let found = 1; found > 0 && taken.length < size;) {
        found = this.#walk(kind, [step]).level;
        const from = found === 2 || found === 4 ? this.reserve : this.backend;
        if (found > 0) taken.push({ handle: from.pop()!, level: found });
        if (from === this.reserve && found > 0) this.#noteTaken();
      }
    }
    return taken;
  }

  /** Sets M: what the reserve holds beyond it goes back; what it lacks is fetched by blocking calls until one fails. */
  resize(minReserve: number): void {
    this.#minReserve = minReserve;
    this.locked++;
    this.backend.push(...this.reserve.splice(minReserve));
    this.#noteGiven();
    while (this.reserve.length < minReserve && this.serves.blocking && this.backend.length > 0) {
      this.reserve.push(this.backend.pop()!);
      this.locked++;
      this.#noteGiven();
    }
  }
}
