/**
 * Who has each element: one word for each handle of an allocator. It makes double and foreign frees
 * detectable on the fast path (one load and one compare, 0.3 ns), names the culprit, and is what `leaked` is read from.
 *
 * | word | meaning |
 * |---|---|
 * | 0 | never handed out |
 * | > 0 | out: front * 256 + worker + 1; with bit 30 set: *carried* by that worker on its way from one place to another |
 * | < 0 | back; its last owner's tag, negated |
 *
 * Written with plain stores by whoever has the element, and handed on by whatever hands the element on.
 *
 * An element that lies nowhere, neither in a magazine nor in a reserve, a queue or the allocator, has the tag of the one who has it, who tags it before it
 * leaves the place where it lay, and takes the tag away once it lies in the next. So whatever a worker that died had is found here; what both lies
 * somewhere and has its tag, lies there.
 *
 * @module
 */
import type { Layout } from "../sync/region.ts";
import type { Handle } from "./allocator.ts";

/** Participants that a tag can tell apart. */
export const MAX_PARTICIPANTS = 255;

/** Shifts a tag to the front's number. */
export const FRONT_SHIFT = 8;

/** The tag of worker `participant` behind front `front` (1 and up). */
export function tagOf(front: number, participant: number): number {
  return front << FRONT_SHIFT | participant + 1;
}

/** In the tag of an element that is being moved: nobody can free it, and it is not counted as out. */
const CARRIED = 1 << 30;

/** The same tag while its worker moves the element. */
export function carriedTag(tag: number): number {
  return tag | CARRIED;
}

/** Whether a tag says that its worker was moving the element. */
export function isCarried(tag: number): boolean {
  return tag > 0 && (tag & CARRIED) !== 0;
}

/** The tag of an element that was out or carried, and has come to lie somewhere. */
export function restTag(tag: number): number {
  return -(tag & ~CARRIED);
}

/** The front and the participant of a tag of an element that is out or carried; null where it is neither. */
export function ownerOf(
  tag: number,
): { readonly front: number; readonly participant: number } | null {
  if (tag <= 0) return null;
  return { front: (tag & ~CARRIED) >> FRONT_SHIFT, participant: (tag & 255) - 1 };
}

/** Plans the table for handles 1 to `capacity`. @returns the index of the word for handle 0. */
export function planOwners(layout: Layout, name: string, capacity: number): number {
  return layout.words(`${name}/owners`, capacity + 1);
}

/** Elements out, as the table has it. */
export interface Outstanding {
  /** How many are out behind the front. */
  readonly total: number;
  /** The same by participant. */
  readonly byParticipant: ReadonlyMap<number, number>;
}

/** Counts what is out behind a front. Exact while nobody allocates or frees. */
export function outstanding(
  words: Int32Array,
  owners: number,
  capacity: number,
  front: number,
): Outstanding {
  const byParticipant = new Map<number, number>();
  let total = 0;
  for (let handle = 1; handle <= capacity; handle++) {
    const tag = words[owners + handle]!;
    if (tag <= 0 || tag >> FRONT_SHIFT !== front) continue;
    const participant = (tag & 255) - 1;
    byParticipant.set(participant, (byParticipant.get(participant) ?? 0) + 1);
    total++;
  }
  return { total, byParticipant };
}

/** A handle was freed that is not out: double, foreign or out of range. The state is unchanged. */
export class MisuseError extends Error {
  /** The class's name, for those who compare it across realms. */
  override readonly name = "MisuseError";
}

/** The error for a free of `handle`, which `pool` has not handed out. */
export function misuse(
  words: Int32Array,
  owners: number,
  capacity: number,
  handle: Handle,
  pool: string,
): MisuseError {
  const start = `Cannot free element ${handle} into "${pool}"`;
  if (!Number.isInteger(handle) || handle < 1 || handle > capacity) {
    return new MisuseError(`${start}: handles here are 1 to ${capacity}`);
  }
  const tag = words[owners + handle]!;
  if (tag === 0) return new MisuseError(`${start}: it was never handed out`);
  const owner = (Math.abs(tag) & 255) - 1;
  if (isCarried(tag)) {
    return new MisuseError(`${start}: worker ${owner} is just freeing it (freed twice?)`);
  }
  return new MisuseError(
    tag < 0
      ? `${start}: it is not out; worker ${owner} had it last (freed twice?)`
      : `${start}: it belongs to another pool of the same allocator; worker ${owner} has it`,
  );
}
