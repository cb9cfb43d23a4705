import { assertEquals } from "@std/assert";
import type { Mempool } from "../../pools/mempool.ts";
import { attachRingConsumer, attachRingProducer, createRegion, Layout } from "../../sync/mod.ts";
import { plenty } from "../testing/scenarios.ts";
import { planHandOver, ringPlace } from "./hand_over.ts";
import { handOverEstate } from "./hand_over_estate.ts";

const RING = 8;

/** One producer, worker 0, two consumers, and what is done with the elements of their only pool. */
function rings() {
  const options = { kind: "producer-consumer", workers: 3, producers: 1, batch: 1, ring: RING };
  const { workload } = plenty(options);
  const layout = new Layout();
  const places = planHandOver(layout, workload);
  const region = createRegion(layout, 0);
  const done: string[] = [];
  const pool = {
    name: "buffers",
    adopt: (handle: number) => void done.push(`adopt ${handle}`),
    free: (handle: number) => void done.push(`free ${handle}`),
  } as unknown as Mempool;
  const context = { workload, places, region, program: null, takes: [pool] };
  const place = (consumer: number) => ringPlace(context, { producer: 0, consumer });
  const push = (consumer: number, ...handles: number[]) =>
    attachRingProducer(region, place(consumer), RING).push(
      Int32Array.from(handles),
      handles.length,
    );
  const isOver = (consumer: number) => attachRingConsumer(region, place(consumer), RING).isOver();
  return { estate: handOverEstate(context), push, isOver, done };
}

Deno.test("handOverEstate() leaves what a dead producer has handed over, and closes its rings", () => {
  const { estate, push, isOver } = rings();
  push(0, 5, 6);
  push(1, 7);
  const keep = estate.close(0);
  assertEquals([5, 6, 7, 8].map((handle) => keep("buffers", handle)), [true, true, true, false]);
  assertEquals(keep("other", 5), false);
  assertEquals([isOver(0), isOver(1)], [false, false], "consumers still have to take it");
  push(0);
  estate.close(2);
  estate.tend(false);
  assertEquals([isOver(0), isOver(1)], [false, true]);
});

Deno.test("handOverEstate() frees what comes to a dead consumer, for as long as it comes", () => {
  const { estate, push, done } = rings();
  push(0, 5, 6);
  push(1, 7);
  const keep = estate.close(1);
  assertEquals([keep("buffers", 5), done.splice(0)], [false, ["adopt 5", "adopt 6"]]);
  estate.tend(false);
  assertEquals(done.splice(0), ["adopt 5", "adopt 6", "free 5", "free 6"]);
  estate.tend(false);
  assertEquals(done, []);
  push(0, 9);
  estate.tend(true);
  assertEquals(done, ["adopt 9", "free 9"]);
});
