import { assertEquals } from "@std/assert";
import { cutOff } from "./cut_off.ts";

Deno.test("cutOff() counts what a death left uncounted, and nothing that it cannot have been", () => {
  const account = { allocs: 100, frees: 90, held: 9, leaked: 0 };
  const counted = (changes: Partial<typeof account>, most: number) => {
    const { allocs, frees, hits } = cutOff({ ...account, ...changes }, most);
    return { allocs, frees, level1: hits[0] };
  };
  assertEquals(counted({}, 1), { allocs: 0, frees: 1, level1: 0 });
  assertEquals(counted({ frees: 93 }, 2), { allocs: 2, frees: 0, level1: 2 });
  assertEquals(counted({ held: 10 }, 2), { allocs: 0, frees: 0, level1: 0 });
  assertEquals(counted({ frees: 80 }, 2), { allocs: 0, frees: 0, level1: 0 });
  assertEquals(counted({}, 0), { allocs: 0, frees: 0, level1: 0 });
});
