/**
 * Takes batches of objects of a rig in a worker until there are no more, gives most of them back, and so on, at random; it looks
 * at each object when it comes and before it goes.
 *
 * @module
 */
import { ATOMIC, BLOCKING, type Handle } from "../allocator.ts";
import { joinSlabRig, type SlabRigSpec } from "./slab_rig.ts";

/** What a churner is told. */
export interface SlabChurnerTask {
  readonly spec: SlabRigSpec;
  readonly buffer: SharedArrayBuffer;
  readonly me: number;
  readonly rounds: number;
}

/** What it saw. */
export interface SlabChurnerAnswer {
  readonly taken: number;
  readonly refusals: number;
  /** Objects that somebody else wrote into, or that were not as their last user left them. */
  readonly spoilt: number;
}

/** With fewer objects than some number below this it begins to take again. */
const RESTING = 32;

/** What a user leaves in an object: the object's own handle, so that whoever has it next can tell. */
function isLeftBy(bytes: Uint8Array, handle: Handle): boolean {
  const [low, high] = [handle & 255, handle >> 8];
  return bytes.every((byte, index) => byte === (index % 2 === 0 ? low : high));
}

function leave(bytes: Uint8Array, handle: Handle): void {
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = index % 2 === 0 ? handle & 255 : handle >> 8;
  }
}

self.onmessage = ({ data }: MessageEvent<SlabChurnerTask>) => {
  const { spec, buffer, me, rounds } = data;
  const { backend, refill, spill } = joinSlabRig(spec, buffer, me);
  const held: Handle[] = [];
  let [taken, refusals, spoilt, state] = [0, 0, 0, me];

  /** Numbers that look random enough to mix takes and frees (xorshift32). */
  function draw(below: number): number {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  }

  /** @returns whether there was something. */
  function take(): boolean {
    const got = refill(1 + draw(12), draw(4) === 0 ? BLOCKING : ATOMIC);
    for (const handle of got) {
      const bytes = backend.bytes(handle);
      if (!isLeftBy(bytes, handle) && bytes.some((byte) => byte !== 0)) spoilt++;
      bytes.fill(me);
      taken++;
    }
    held.push(...got);
    if (got.length === 0) refusals++;
    return got.length > 0;
  }

  function give(count: number): void {
    const going = held.splice(draw(held.length), count);
    for (const handle of going) {
      const bytes = backend.bytes(handle);
      if (bytes.some((byte) => byte !== me)) spoilt++;
      leave(bytes, handle);
    }
    spill(going);
  }

  let filling = true;
  for (let round = 0; round < rounds; round++) {
    if (held.length === 0) filling = true;
    if (filling) filling = take();
    else give(1 + draw(16));
    if (held.length < draw(RESTING)) filling = true;
    if (draw(64) === 0) backend.shrink();
  }
  while (held.length > 0) give(16);
  const answer: SlabChurnerAnswer = { taken, refusals, spoilt };
  self.postMessage(answer);
};
