import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { gunzip, isGzip } from "./gunzip.ts";

const text = Array.from({ length: 3000 }, (_, i) => `${i * 7919 % 10007},a,${i}\n`).join("");
const content = new TextEncoder().encode(text);
const packed = plain(gzipSync(content));

const CUT = "is cut short";
const DAMAGED = "is damaged";

/** A file, the bytes that come out of it, and what is said of it. */
const files: Readonly<Record<string, readonly [Uint8Array, number, string | null]>> = {
  "one member": [packed, 1, null],
  "three members": [joined(packed, packed, packed), 3, null],
  "an empty member": [plain(gzipSync(new Uint8Array())), 0, null],
  "padding of NULs": [joined(packed, new Uint8Array(3000)), 1, null],
  "foreign bytes behind the end": [joined(packed, new TextEncoder().encode("more")), 1, null],
  "a header with name, comment, extra field and checksum": [withLongHeader(packed), 1, null],
  "a trailer that is cut": [packed.subarray(0, -3), 1, CUT],
  "no trailer": [packed.subarray(0, -8), 1, CUT],
  "a header that is cut": [packed.subarray(0, 7), 0, CUT],
  "a second member with a cut header": [joined(packed, packed.subarray(0, 5)), 1, CUT],
  "a wrong checksum": [changed(packed, packed.length - 8), 1, DAMAGED],
  "a wrong length": [changed(packed, packed.length - 1), 1, DAMAGED],
  "an unknown method": [changed(packed, 2), 0, DAMAGED],
};

for (const [what, [file, members, damage]] of Object.entries(files)) {
  for (const chunkBytes of [1, 7, 1000, 65_536]) {
    Deno.test(`gunzip() reads ${what} in chunks of ${chunkBytes} bytes`, async () => {
      const outcome = await read(file, chunkBytes);
      assertEquals(outcome.damage, damage);
      assertEquals(outcome.bytes, joined(...Array<Uint8Array>(members).fill(content)));
    });
  }
}

Deno.test("gunzip() keeps what it decoded before the place of a cut", async () => {
  for (const length of [packed.length >> 1, packed.length - 20]) {
    const { bytes, damage } = await read(packed.subarray(0, length), 512);
    assertEquals(damage, CUT);
    assert(bytes.length > 0 && bytes.length < content.length);
    assertEquals(bytes, content.subarray(0, bytes.length));
  }
});

Deno.test("gunzip() ends and never throws, whatever a byte is changed to", async () => {
  const places = fc.array(fc.tuple(fc.nat(packed.length - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(places, fc.constantFrom(97, 65_536), async (changes, chunkBytes) => {
      const file = packed.slice();
      for (const [place, value] of changes) file[place] = value;
      if (!isGzip(file)) return;
      const { bytes, damage } = await read(file, chunkBytes);
      assert(damage !== null || bytes.length === content.length);
    }),
    { numRuns: 200, seed: 1 },
  );
});

Deno.test("isGzip() tells by the first two bytes", () => {
  assert(isGzip(packed));
  assert(!isGzip(content));
  assert(!isGzip(new Uint8Array()));
  assert(!isGzip(packed.subarray(0, 1)));
});

async function read(file: Uint8Array, chunkBytes: number) {
  let damage: string | null = null;
  const pieces = await Array.fromAsync(gunzip(chunks(file, chunkBytes), (what) => damage = what));
  return { bytes: joined(...pieces), damage: damage as string | null };
}

async function* chunks(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) {
    yield await Promise.resolve(bytes.slice(at, at + length));
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function changed(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at]! ^= 0x55;
  return copy;
}

function withLongHeader(member: Uint8Array): Uint8Array {
  const header = member.slice(0, 10);
  header[3] = 2 + 4 + 8 + 16;
  const extra = [3, 0, 1, 2, 3];
  const name = [...new TextEncoder().encode("trace.csv"), 0];
  const comment = [...new TextEncoder().encode("of a test"), 0];
  const more = Uint8Array.from([...extra, ...name, ...comment, 0xaa, 0xbb]);
  return joined(header, more, member.subarray(10));
}

function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
