/**
 * Builds elements out of their parts and takes them apart, in words of which each element has one for each part: in order,
 * 0 where there is none. Whoever builds an element or takes it apart writes them, checks read them.
 *
 * A part with a count is taken as a bulk, all or none, and from the reserve of a pool under one lock. So nobody holds some of that reserve
 * while he finds that there is no more. Told with W1 and W2 who both need two requests and a page while back ends are dead, of a
 * reserve of two: taken one by one, each could have one request, find no other, give it back and go to sleep, with
 * nobody left to free anything. As a bulk, one of them has both. And since all take their parts in the same order, whoever has
 * requests but no page waits for somebody who has that page and all before it, and frees them in the end.
 *
 * @module
 */
import { type Context, type Handle, NONE } from "./allocator.ts";
import { freeAll, type TakeBulk } from "./all_or_none.ts";
import type { AttachContext, ElementPart, PartHome } from "./kind.ts";
import type { PartSpec } from "./option.ts";

/** Where the parts of all elements are. */
export interface PartsPlan {
  readonly parts: readonly PartSpec[];
  /** Elements of others in one element: words for each. */
  readonly width: number;
  /** The words of handle 1. */
  readonly at: number;
}

/** A part with its place among the words of an element. */
interface AttachedPart {
  readonly of: string;
  readonly home: PartHome;
  readonly first: number;
  readonly count: number;
  /** Where a bulk arrives. */
  readonly arrived: Int32Array;
  readonly takeBulk: TakeBulk;
}

/** Builds elements and takes them apart. */
export interface Builder {
  /**
   * Takes all parts, in order. @returns whether it has; else, and where a part throws, the element has the first few.
   */
  build(handle: Handle, context: Context): boolean;
  /**
   * Gives back what an element has, the last part first.
   *
   * @throws what a part throws, once everything went back.
   */
  takeApart(handle: Handle): void;
  /** What an element is put together of in the end, in order: the parts of a part in its place. */
  parts(handle: Handle): ElementPart[];
  /** How many of its parts an element has. */
  built(handle: Handle): number;
  /** The parts, as their homes know them, that elements up to a handle have. */
  inUse(last: Handle): { readonly of: string; readonly handle: Handle }[];
}

/** The parts with their homes, found once all of them are attached: when the first element is built. */
function partsWithHomes({ parts }: PartsPlan, context: AttachContext): () => AttachedPart[] {
  let attached: AttachedPart[] | null = null;
  return () => {
    let first = 0;
    return attached ??= parts.map(({ of, count }) => {
      const home = context.part!(of);
      const arrived = new Int32Array(count);
      const part = { of, home, first, count, arrived, takeBulk: home.bulk(arrived) };
      first += count;
      return part;
    });
  };
}

/** Attaches a worker to the words of the parts. */
export function attachBuilder(plan: PartsPlan, context: AttachContext): Builder {
  const { words } = context.region;
  const { width } = plan;
  const parts = partsWithHomes(plan, context);
  const recordOf = (handle: Handle) => plan.at + (handle - 1) * width;

  function take(
    { home, first, count, arrived, takeBulk }: AttachedPart,
    at: number,
    kind: Context,
  ) {
    if (count > 1) {
      if (!takeBulk(kind)) return false;
      words.set(arrived, at + first);
      return true;
    }
    const handle = home.allocate(kind);
    words[at + first] = handle;
    return handle !== NONE;
  }

  function partsOf({ of, home, first, count }: AttachedPart, at: number): ElementPart[] {
    return Array.from(words.subarray(at + first, at + first + count)).flatMap((handle) =>
      home.parts?.(handle) ?? [{ of, handle, bytes: home.bytes(handle) }]
    );
  }

  return {
    build(handle, kind) {
      const at = recordOf(handle);
      for (const part of parts()) if (!take(part, at, kind)) return false;
      return true;
    },
    takeApart(handle) {
      const at = recordOf(handle);
      let error: unknown = null;
      for (let index = parts().length - 1; index >= 0; index--) {
        const { home, first, count } = parts()[index]!;
        // While the element still has them.
        for (const part of words.subarray(at + first, at + first + count)) {
          if (part !== NONE) home.adopt?.(part);
        }
        const thrown = freeAll(home, words, { first: at + first, count });
        error ??= thrown;
      }
      if (error !== null) throw error;
    },
    parts: (handle) => parts().flatMap((part) => partsOf(part, recordOf(handle))),
    inUse(last) {
      const places = Array.from({ length: last }, (_, index) => recordOf(index + 1)).flatMap(
        (at) => parts().map(({ of, first, count }) => ({ of, at: at + first, count })),
      );
      return places.flatMap(({ of, at, count }) =>
        Array.from(words.subarray(at, at + count)).filter((handle) => handle !== NONE)
          .map((handle) => ({ of, handle }))
      );
    },
    built(handle) {
      const record = words.subarray(recordOf(handle), recordOf(handle) + width);
      return record.reduce((built, part) => built + (part === NONE ? 0 : 1), 0);
    },
  };
}
