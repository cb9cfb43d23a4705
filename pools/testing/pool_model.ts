/**
 * A mempool over a back end of a few elements, as plain lists: what the real one is compared with, handle by handle.
 *
 * @module
 */
import { type Handle, NONE } from "../../allocators/allocator.ts";
import type { Step } from "../policy.ts";
import type { Kind, Serves } from "./scripted_backend.ts";
import { walk } from "./step_walker.ts";

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
  readonly #minReserve: number;

  /** A pool of `minReserve` over a back end of `capacity`. */
  constructor(steps: readonly Step[], minReserve: number, capacity: number) {
    this.backend = Array.from({ length: capacity }, (_, index) => capacity - index);
    this.#steps = steps;
    this.#minReserve = minReserve;
    for (let call = 0; call < minReserve; call++) this.reserve.push(this.backend.pop()!);
  }

  #walk(kind: Kind) {
    return walk(this.#steps, {
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
    this.held.push(handle);
    return handle;
  }

  /** A free, to the reserve where that is below its minimum. */
  free(handle: Handle): void {
    this.held.splice(this.held.indexOf(handle), 1);
    this.frees++;
    if (this.reserve.length < this.#minReserve) {
      this.reserve.push(handle);
      this.locked++;
    } else this.backend.push(handle);
  }
}
