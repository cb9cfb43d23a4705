/**
 * Page allocators over one arena, without pools: a magazine for each worker and allocator in front of its
 * depot, and reclaim across all of them. Planned by the same code in the test and in its workers.
 *
 * @module
 */
import {
  attachParticipant,
  attachRegion,
  createRegion,
  Layout,
  type Participant,
  planParticipants,
  type Region,
} from "../../sync/mod.ts";
import { type Arena, type ArenaPlan, attachArena, type MemorySpec, planArena } from "../arena.ts";
import { blockOf, fixedRounds, type FrontPlan, initialiseFront, planFront, TOP } from "../front.ts";
import type { Backend, PlannedAllocator } from "../kind.ts";
import { attachExchange } from "../magazine.ts";
import { planOwners, tagOf } from "../owner_table.ts";
import { page } from "../page.ts";
import { attachRaw, type RawAllocator } from "../raw.ts";

/** What to rig up. */
export interface RigSpec {
  readonly memory: MemorySpec;
  readonly participants: number;
  /** The order of each allocator. */
  readonly orders: readonly number[];
  /** Rounds in each magazine. */
  readonly rounds: number;
}

interface PlannedPages {
  readonly planned: PlannedAllocator;
  readonly owners: number;
  readonly front: FrontPlan;
}

interface RigPlan {
  readonly layout: Layout;
  readonly participantsAt: number;
  readonly arenaPlan: ArenaPlan;
  readonly allocators: readonly PlannedPages[];
}

/** One allocator of a rig. */
export interface RiggedPages {
  readonly planned: PlannedAllocator;
  readonly backend: Backend;
  readonly raw: RawAllocator;
  /** Elements in a participant's magazine. */
  cachedBy(participant: number): number;
}

/** One worker's view of a rig. */
export interface Rig {
  readonly region: Region;
  readonly participant: Participant;
  readonly arena: Arena;
  readonly pages: readonly RiggedPages[];
  /** How often an allocator reclaimed. */
  reclaims(): number;
}

function planRig({ memory, participants, orders, rounds }: RigSpec): RigPlan {
  const layout = new Layout();
  return {
    layout,
    participantsAt: planParticipants(layout, "rig", participants),
    arenaPlan: planArena(layout, "memory", memory),
    allocators: orders.map((order, index) => {
      const name = `pages-${index}`;
      const planned = page.plan({ order }, { layout, name, memory, participants });
      return {
        planned,
        owners: planOwners(layout, name, planned.capacity),
        front: planFront(layout, name, { participants, ...fixedRounds(rounds) }),
      };
    }),
  };
}

function attach(plan: RigPlan, region: Region, id: number, count: number): Rig {
  const participant = attachParticipant(region, plan.participantsAt, id, count);
  const arena = attachArena(region, plan.arenaPlan, id);
  const pages: RiggedPages[] = [];
  let reclaims = 0;

  function drain(other: number): void {
    pages.forEach(({ backend }, index) => {
      attachExchange(region, plan.allocators[index]!.front, other, backend.source!).drain();
    });
  }

  function reclaim(): boolean {
    reclaims++;
    drain(id);
    const running = participant.requestDrain(drain);
    for (const { backend } of pages) backend.shrink();
    return running > 0;
  }

  plan.allocators.forEach(({ planned, owners, front }, index) => {
    const backend = planned.attach({ region, arena, participant, reclaim });
    const raw = attachRaw({
      name: `pages-${index}`,
      region,
      participant,
      front,
      source: backend.source!,
      owners,
      capacity: planned.capacity,
      tag: tagOf(index + 1, id),
    });
    pages.push({
      planned,
      backend,
      raw,
      cachedBy: (other) => region.words[blockOf(front, other) + TOP]!,
    });
  });
  participant.onDrain(() => drain(id));
  return { region, participant, arena, pages, reclaims: () => reclaims };
}

/** Makes a rig and attaches its first participant. */
export function createRig(spec: RigSpec): Rig {
  const plan = planRig(spec);
  const { memory, participants } = spec;
  const region = createRegion(plan.layout, memory.growTo * memory.pageBytes);
  for (const { front } of plan.allocators) initialiseFront(region, front);
  const rig = attach(plan, region, 0, participants);
  rig.arena.initialise();
  return rig;
}

/** Attaches another participant. */
export function joinRig(spec: RigSpec, buffer: SharedArrayBuffer, id: number): Rig {
  const plan = planRig(spec);
  return attach(plan, attachRegion(plan.layout, buffer), id, spec.participants);
}
