/** Grows an arena in a worker. */
import type { Region } from "../../sync/mod.ts";
import { type ArenaPlan, attachArena } from "../arena.ts";

/** What a grower is told. */
export interface GrowerTask {
  readonly region: Region;
  readonly plan: ArenaPlan;
  readonly order: number;
}

self.onmessage = ({ data: { region, plan, order } }: MessageEvent<GrowerTask>) => {
  self.postMessage(attachArena(region, plan, 1).grow(order));
};
