import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { bucketOf, BUCKETS, highestIn } from "./bucket.ts";

const anyMagnitude = fc.tuple(fc.double({ min: 0, max: 53, noNaN: true }), fc.nat(1023)).map(
  ([power, offset]) => Math.min(Number.MAX_SAFE_INTEGER, Math.floor(2 ** power) + offset),
);

Deno.test("bucketOf() gives every integer below 256 a bucket of its own", () => {
  for (let value = 0; value < 256; value++) {
    assertEquals(bucketOf(value), value);
    assertEquals(highestIn(value), value);
  }
});

Deno.test("bucketOf() goes on without a gap or an overlap across every power of two", () => {
  for (let power = 7; power < 53; power++) {
    const below = bucketOf(2 ** power - 1);
    assertEquals(highestIn(below), 2 ** power - 1);
    assertEquals(bucketOf(2 ** power), below + 1, `at 2^${power}`);
  }
  assertEquals(bucketOf(Number.MAX_SAFE_INTEGER), BUCKETS - 1);
});

Deno.test("highestIn() is at most 1 % above any value of the bucket, and in that bucket", () => {
  fc.assert(fc.property(anyMagnitude, (value) => {
    const bucket = bucketOf(value);
    const highest = highestIn(bucket);
    assert(highest >= value && highest <= value * 1.01);
    assertEquals(bucketOf(highest), bucket);
  }));
});

Deno.test("highestIn() is one below the first value of the next bucket", () => {
  fc.assert(fc.property(fc.nat(BUCKETS - 2), (bucket) => {
    assertEquals(bucketOf(highestIn(bucket) + 1), bucket + 1);
  }));
});
