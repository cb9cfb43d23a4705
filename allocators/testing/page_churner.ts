/**
 * Takes and gives back elements of a rig at random in a worker, more often the former until there is none, and looks at each
 * before it goes.
 */
import { ATOMIC, BLOCKING, NONE } from "../allocator.ts";
import { joinRig, type RigSpec } from "./page_rig.ts";
import { isMarked, mark } from "./sentinel.ts";

/** What a churner is told. */
export interface ChurnerTask {
  readonly spec: RigSpec;
  readonly buffer: SharedArrayBuffer;
  readonly me: number;
  readonly rounds: number;
  /** Most elements that it holds at once. */
  readonly most: number;
}

/** What it saw. */
export interface ChurnerAnswer {
  readonly allocations: number;
  readonly refusals: number;
  /** Elements that somebody else wrote into. */
  readonly overwritten: number;
}

/** Numbers that look random enough to mix takes and frees (xorshift32). */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

self.onmessage = ({ data }: MessageEvent<ChurnerTask>) => {
  const { spec, buffer, me, rounds, most } = data;
  const { participant, pages } = joinRig(spec, buffer, me);
  const draw = draws(me);
  const held: { readonly which: number; readonly handle: number; readonly number: number }[] = [];
  let [allocations, refusals, overwritten] = [0, 0, 0];

  function take(): void {
    const which = draw() % pages.length;
    const { raw, backend } = pages[which]!;
    const handle = raw.allocate(draw() % 4 === 0 ? BLOCKING : ATOMIC);
    if (handle === NONE) {
      refusals++;
      return;
    }
    const number = me << 24 | allocations++;
    mark(backend.bytes(handle), number);
    held.push({ which, handle, number });
  }

  function give(): void {
    const [{ which, handle, number }] = held.splice(draw() % held.length, 1) as [typeof held[0]];
    const { raw, backend } = pages[which]!;
    if (!isMarked(backend.bytes(handle), number)) overwritten++;
    raw.free(handle);
  }

  for (let round = 0; round < rounds; round++) {
    if (held.length === 0 || held.length < most && draw() % 3 > 0) take();
    else give();
  }
  while (held.length > 0) give();
  participant.detach();
  const answer: ChurnerAnswer = { allocations, refusals, overwritten };
  self.postMessage(answer);
};
