/**
 * A composite allocator over parts that do what a test tells them, all in one log.
 *
 * @module
 */
import { attachParticipant, createRegion, Layout, planParticipants } from "../../sync/mod.ts";
import { takeAllOrNone, type TakeBulk } from "../all_or_none.ts";
import { ATOMIC, type Context, type Handle, NONE } from "../allocator.ts";
import { attachArena, planArena } from "../arena.ts";
import { composite } from "../composite.ts";
import type { Backend, PartHome, PlannedAllocator, PlannedPart } from "../kind.ts";
import type { PartSpec } from "../option.ts";
import { memoryOf } from "./memory.ts";

/** A part's home under a test's control: it hands out 1, 2, 3 and so on, what came back last first. */
class ScriptedHome implements PartHome {
  /** Elements that are out. */
  readonly out: Set<Handle> = new Set();
  readonly #name: string;
  readonly #rig: CompositeRig;
  readonly #free: Handle[];

  constructor(name: string, rig: CompositeRig, capacity: number) {
    this.#name = name;
    this.#rig = rig;
    this.#free = Array.from({ length: capacity }, (_, index) => capacity - index);
  }

  allocate(context: Context): Handle {
    const handle = this.#rig.mayServe() ? this.#free.pop() ?? NONE : NONE;
    this.#rig.log.push(`${context === ATOMIC ? "atomic" : "blocking"} ${this.#name} ${handle}`);
    if (handle !== NONE) this.out.add(handle);
    return handle;
  }

  free(handle: Handle): void {
    if (!this.out.delete(handle)) throw new Error(`${this.#name} ${handle} is not out`);
    this.#rig.log.push(`free ${this.#name} ${handle}`);
    this.#free.push(handle);
  }

  adopt(handle: Handle): void {
    if (!this.out.has(handle)) throw new Error(`${this.#name} ${handle} is not out`);
    this.#rig.adopted.push(`${this.#name} ${handle}`);
  }

  bytes(handle: Handle): Uint8Array {
    return new Uint8Array([handle]);
  }

  bulk(into: Int32Array): TakeBulk {
    return takeAllOrNone(this, into);
  }
}

/** A composite allocator of one worker, or of several in one thread. */
export class CompositeRig {
  /** Calls since it was last emptied: how, of what, which. */
  log: string[] = [];
  /** Elements of parts that somebody has made his own, each while it was out. */
  readonly adopted: string[] = [];
  /** Calls of the parts that are still served. */
  served = Infinity;
  readonly planned: PlannedAllocator;
  /** The allocator as each worker sees it. */
  readonly sides: readonly Backend[];
  readonly #homes: Map<string, ScriptedHome>;
  readonly #wordsOf: (block: string) => Int32Array;

  /** An allocator of these parts, each with `capacity` elements. */
  constructor(parts: readonly PartSpec[], capacity: number, sides = 1) {
    const layout = new Layout();
    const memory = memoryOf({ pages: 1 });
    const participantsAt = planParticipants(layout, "rig", sides);
    const arenaPlan = planArena(layout, "memory", memory);
    const planned = { capacity, elementBytes: 10, elementPages: 1 / 4 } as PlannedAllocator;
    const plannedParts: PlannedPart[] = parts.map((part) => ({ ...part, root: part.of, planned }));
    this.#homes = new Map(parts.map(({ of }) => [of, new ScriptedHome(of, this, capacity)]));
    this.planned = composite.plan({ parts }, {
      layout,
      name: "buffer",
      memory,
      participants: sides,
      parts: plannedParts,
    });
    const region = createRegion(layout, 0);
    this.#wordsOf = (name) => {
      const { at, words } = layout.blocks.find((block) => block.name === name)!;
      return region.words.subarray(at, at + words);
    };
    this.sides = Array.from({ length: sides }, (_, id) =>
      this.planned.attach({
        region,
        arena: attachArena(region, arenaPlan, id),
        participant: attachParticipant(region, participantsAt, id, sides),
        reclaim: () => false,
        part: (name) => this.#homes.get(name)!,
      }));
  }

  /** Whether the next call is served; counts it. */
  mayServe(): boolean {
    return this.served-- > 0;
  }

  /** The log, emptied. */
  takeLog(): string[] {
    return this.log.splice(0);
  }

  /** The words of a block of the allocator's, to be spoilt. */
  wordsOf(block: "buffer/parts" | "buffer/handles"): Int32Array {
    return this.#wordsOf(block);
  }

  /** Elements of all parts that are out. */
  out(): number {
    return [...this.#homes.values()].reduce((sum, { out }) => sum + out.size, 0);
  }
}
