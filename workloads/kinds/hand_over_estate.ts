/**
 * What becomes of the rings of a producer-consumer load when one of its workers is dead. Those of a dead producer are closed,
 * and what is in them still comes to its consumers. Out of those to a dead consumer the coordinator takes what comes, now and then,
 * and frees it: producers go on to hand over to it, since they do not know.
 *
 * @module
 */
import { attachRingConsumer, attachRingProducer, type RingConsumer } from "../../sync/mod.ts";
import type { Estate, EstateContext } from "../estate.ts";
import { bellOf, ringPlace, rolesOf } from "./hand_over.ts";

/** A ring that the coordinator reads. */
interface ReadRing {
  readonly producer: number;
  readonly consumer: number;
  readonly place: number;
}

/** The estate of a load with rings. */
export function handOverEstate(context: EstateContext): Estate {
  const { workload, region, takes } = context;
  const { producers, consumers, ring: capacity } = rolesOf(workload);
  const rings: ReadRing[] = Array.from({ length: producers * consumers }, (_, pair) => {
    const [producer, consumer] = [Math.floor(pair / consumers), pair % consumers];
    return { producer, consumer, place: ringPlace(context, { producer, consumer }) };
  });
  /** Rings to dead consumers, which the coordinator takes from. */
  const deserted = new Map<ReadRing, RingConsumer>();
  const handles = new Int32Array(capacity);

  /** What is in a ring, its pools in turn. */
  function contents(ring: RingConsumer): { readonly at: number; readonly handle: number }[] {
    const count = ring.peek(handles);
    return Array.from(handles.subarray(0, count), (handle, at) => ({ at, handle }));
  }
  const poolAt = (at: number) => takes[at % takes.length]!;

  function closeProducer(dead: number) {
    const kept = new Set<string>();
    for (const { producer, consumer, place } of rings) {
      if (producer !== dead) continue;
      for (const { at, handle } of contents(attachRingConsumer(region, place, capacity))) {
        kept.add(`${poolAt(at).name} ${handle}`);
      }
      attachRingProducer(region, place, capacity).close();
      bellOf(context, producers + consumer).ring();
    }
    return (pool: string, handle: number) => kept.has(`${pool} ${handle}`);
  }

  /** Some of what is in there may be the dead one's already: it is nobody's but the ring's. */
  function closeConsumer(dead: number) {
    for (const ring of rings.filter(({ consumer }) => producers + consumer === dead)) {
      const end = attachRingConsumer(region, ring.place, capacity);
      for (const { at, handle } of contents(end)) poolAt(at).adopt(handle);
      deserted.set(ring, end);
    }
    return () => false;
  }

  return {
    close: (dead) => dead < producers ? closeProducer(dead) : closeConsumer(dead),
    tend() {
      for (const [{ producer }, end] of deserted) {
        const found = contents(end);
        if (found.length === 0) continue;
        for (const { at, handle } of found) poolAt(at).adopt(handle);
        end.advance(found.length);
        bellOf(context, producer).ring();
        for (const { at, handle } of found) poolAt(at).free(handle);
      }
    },
  };
}
