import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { takeAllOrNone } from "./all_or_none.ts";
import { type Allocator, ATOMIC, BLOCKING, NONE } from "./allocator.ts";

/** Hands out 1, 2, 3 and so on until there are no more, or until it throws; what comes back is noted. */
function counting(last: number, ends: () => number) {
  const freed: number[] = [];
  const contexts: number[] = [];
  let next = 1;
  const from: Allocator = {
    allocate(context) {
      contexts.push(context);
      return next <= last ? next++ : ends();
    },
    free(handle) {
      freed.push(handle);
      next--;
    },
  };
  return { from, freed, contexts };
}

Deno.test("takeAllOrNone() fills the array, again and again, asking as its caller asks", () => {
  const { from, freed, contexts } = counting(5, () => NONE);
  const into = new Int32Array(2);
  const take = takeAllOrNone(from, into);
  assert(take(ATOMIC));
  assertEquals([...into], [1, 2]);
  assert(take(BLOCKING));
  assertEquals([...into], [3, 4]);
  assertEquals([freed, contexts], [[], [ATOMIC, ATOMIC, BLOCKING, BLOCKING]]);
});

Deno.test("takeAllOrNone() gives back what it has, the last first, where there are no more", () => {
  const { from, freed } = counting(3, () => NONE);
  const take = takeAllOrNone(from, new Int32Array(4));
  assertFalse(take(BLOCKING));
  assertEquals(freed, [3, 2, 1]);
});

Deno.test("takeAllOrNone() gives back what it has where the allocator throws", () => {
  const { from, freed } = counting(2, () => {
    throw new Error("it burns");
  });
  assertThrows(() => takeAllOrNone(from, new Int32Array(4))(BLOCKING), Error, "it burns");
  assertEquals(freed, [2, 1]);
});

Deno.test("takeAllOrNone() gives all of it back where a free throws, and throws what came first", () => {
  const burns = () => {
    throw new Error("it burns");
  };
  for (const [ends, message] of [[() => NONE, "3 is late"], [burns, "it burns"]] as const) {
    const { from, freed } = counting(3, ends);
    const free = (handle: number) => {
      from.free(handle);
      throw new Error(`${handle} is late`);
    };
    assertThrows(
      () => takeAllOrNone({ ...from, free }, new Int32Array(4))(BLOCKING),
      Error,
      message,
    );
    assertEquals(freed, [3, 2, 1]);
  }
});
