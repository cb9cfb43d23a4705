/**
 * A slab allocator over an arena of its own, without magazines: its source is called with batches of any size.
 * Planned by the same code in the test and in its workers.
 *
 * @module
 */
import {
  attachParticipant,
  attachRegion,
  createRegion,
  Layout,
  planParticipants,
  type Region,
} from "../../sync/mod.ts";
import type { Context, Handle } from "../allocator.ts";
import { type Arena, type ArenaPlan, attachArena, type MemorySpec, planArena } from "../arena.ts";
import type { Backend, PlannedAllocator } from "../kind.ts";
import { slab } from "../slab.ts";

/** Words for one batch. */
const BATCH_WORDS = 1024;

/** What to rig up. */
export interface SlabRigSpec {
  readonly memory: MemorySpec;
  readonly objectBytes: number;
  /** 8 if not given. */
  readonly align?: number;
  /** 1 if not given. */
  readonly participants?: number;
}

/** One participant's view of a rig. */
export interface SlabSide {
  readonly region: Region;
  readonly arena: Arena;
  readonly planned: PlannedAllocator;
  readonly backend: Backend;
  /** Takes up to `want` elements. */
  refill(want: number, context: Context): Handle[];
  /** Gives elements back, as few or as many as there are. */
  spill(handles: readonly Handle[]): void;
  /** Refills until there is nothing. */
  refillAll(context: Context): Handle[];
  /** How often the allocator reclaimed for this participant. */
  reclaims(): number;
  /** Adds to a word of one of the allocator's blocks, to see what notices. */
  spoil(block: string, offset: number, by: number): void;
}

interface SlabRigPlan {
  readonly layout: Layout;
  readonly participantsAt: number;
  readonly arenaPlan: ArenaPlan;
  readonly planned: PlannedAllocator;
  readonly batchesAt: number;
}

function planRig({ memory, objectBytes, align = 8, participants = 1 }: SlabRigSpec): SlabRigPlan {
  const layout = new Layout();
  const name = "objects";
  return {
    layout,
    participantsAt: planParticipants(layout, "rig", participants),
    arenaPlan: planArena(layout, "memory", memory),
    planned: slab.plan({ objectBytes, align }, { layout, name, memory, participants }),
    batchesAt: layout.words("batches", participants * BATCH_WORDS),
  };
}

function attach(plan: SlabRigPlan, region: Region, id: number, participants: number): SlabSide {
  const participant = attachParticipant(region, plan.participantsAt, id, participants);
  const arena = attachArena(region, plan.arenaPlan, id);
  const { planned } = plan;
  const { words } = region;
  const batch = plan.batchesAt + id * BATCH_WORDS;
  let reclaims = 0;
  const reclaim = () => {
    reclaims++;
    backend.shrink();
    return false;
  };
  const backend = planned.attach({ region, arena, participant, reclaim });

  function refill(want: number, context: Context): Handle[] {
    const got = backend.source!.refill(batch, Math.min(want, BATCH_WORDS), context);
    return [...words.subarray(batch, batch + got)];
  }

  return {
    region,
    arena,
    planned,
    backend,
    refill,
    spill(handles) {
      for (let from = 0; from < handles.length; from += BATCH_WORDS) {
        const part = handles.slice(from, from + BATCH_WORDS);
        words.set(part, batch);
        backend.source!.spill(batch, part.length);
      }
    },
    refillAll(context) {
      const all: Handle[] = [];
      for (let got = refill(BATCH_WORDS, context); got.length > 0;) {
        all.push(...got);
        got = refill(BATCH_WORDS, context);
      }
      return all;
    },
    reclaims: () => reclaims,
    spoil(block, offset, by) {
      const { at } = plan.layout.blocks.find(({ name }) => name === `objects/${block}`)!;
      words[at + offset] = words[at + offset]! + by;
    },
  };
}

/** Makes a rig and attaches its first participant. */
export function createSlabRig(spec: SlabRigSpec): SlabSide {
  const plan = planRig(spec);
  const { memory, participants = 1 } = spec;
  const side = attach(
    plan,
    createRegion(plan.layout, memory.growTo * memory.pageBytes),
    0,
    participants,
  );
  side.arena.initialise();
  return side;
}

/** Attaches another participant. */
export function joinSlabRig(spec: SlabRigSpec, buffer: SharedArrayBuffer, id: number): SlabSide {
  const plan = planRig(spec);
  return attach(plan, attachRegion(plan.layout, buffer), id, spec.participants ?? 1);
}
