/**
 * How a worker attaches to a pool under test: a composition, and behind it some words of the test's own.
 *
 * @module
 */
import { attachRegion, Layout, type Region } from "../../sync/mod.ts";
import { attachComposition, type Composition, joinComposition } from "../composition.ts";
import {
  type CompositionPlan,
  type CompositionSpec,
  planComposition,
} from "../composition_plan.ts";
import type { Mempool } from "../mempool.ts";
import { gated, planGate } from "./gated_backend.ts";

/** Words by which workers and test speak with each other. */
const BOARD_WORDS = 16;

/** What a worker needs to attach. */
export interface Joining {
  readonly spec: CompositionSpec;
  readonly buffer: SharedArrayBuffer;
  readonly id: number;
  /** Whether the pool stands on a layer that the test steers. */
  readonly gated: boolean;
}

/** A composition with the test's own words. */
export interface TestPlan {
  readonly layout: Layout;
  readonly plan: CompositionPlan;
  readonly gateAt: number;
  readonly boardAt: number;
  /** Who has each element, as its worker says itself: the word for handle 0. */
  readonly livesAt: number;
  /** The largest handle. */
  readonly capacity: number;
}

/** Plans them, the same in every worker. */
export function planTest(spec: CompositionSpec): TestPlan {
  const layout = new Layout();
  const plan = planComposition(layout, spec);
  const { capacity } = plan.pools.find(({ name }) => name === "pool")!.root.planned;
  return {
    layout,
    plan,
    gateAt: planGate(layout),
    boardAt: layout.words("test/board", BOARD_WORDS),
    livesAt: layout.words("test/lives", capacity + 1),
    capacity,
  };
}

/** A worker's side of a pool under test. */
export interface Joined extends TestPlan {
  readonly id: number;
  readonly region: Region;
  readonly composition: Composition;
  readonly pool: Mempool;
}

/** Attaches a worker. */
export function joinTest({ spec, buffer, id, gated: withGate }: Joining): Joined {
  const planned = planTest(spec);
  const { plan, layout, gateAt } = planned;
  const region = attachRegion(layout, buffer);
  const composition = attachComposition(
    plan,
    region,
    joinComposition(plan, region, id),
    withGate ? (inner) => gated(inner, region.words, gateAt) : null,
  );
  return { ...planned, id, region, composition, pool: composition.pool("pool") };
}
