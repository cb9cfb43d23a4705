import { assertEquals } from "@std/assert";
import { conserved, hitsOf } from "./conservation.ts";
import { examplePool } from "./testdata/example.ts";

const sound = examplePool();

Deno.test("conserved() is null where hits = allocs = frees + held + leaked", () => {
  assertEquals(conserved(sound), null);
  assertEquals(conserved({ ...sound, frees: sound.frees - 3, leaked: 3 }), null);
});

Deno.test("conserved() says which side of the equation is off, with the numbers", () => {
  const { allocs, frees, held } = sound;
  assertEquals(
    conserved({ ...sound, levels: sound.levels.slice(1) }),
    `${allocs - sound.levels[0]!.hits} hits over the levels do not match ${allocs} allocs`,
  );
  assertEquals(
    conserved({ ...sound, leaked: 1 }),
    `${allocs} allocs do not match ${
      allocs + 1
    }, which is ${frees} frees + ${held} held + 1 leaked`,
  );
});

Deno.test("hitsOf() sums the levels", () => {
  assertEquals(hitsOf(sound), sound.allocs);
});
