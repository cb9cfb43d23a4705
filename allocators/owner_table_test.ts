import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { createRegion, Layout } from "../sync/mod.ts";
import {
  FRONT_SHIFT,
  MAX_PARTICIPANTS,
  misuse,
  MisuseError,
  outstanding,
  planOwners,
  tagOf,
} from "./owner_table.ts";

const CAPACITY = 10;

function tableOf(tags: Readonly<Record<number, number>>) {
  const layout = new Layout();
  layout.words("before", 3);
  const owners = planOwners(layout, "test", CAPACITY);
  const { words } = createRegion(layout, 0);
  for (const [handle, tag] of Object.entries(tags)) words[owners + Number(handle)] = tag;
  return { words, owners };
}

Deno.test("tagOf() is positive, names its front by a shift, and no two are alike", () => {
  const participants = [0, 1, 100, MAX_PARTICIPANTS - 1];
  const tags = [1, 2, 255, 1000].flatMap((front) =>
    participants.map((participant) => {
      const tag = tagOf(front, participant);
      assert(tag > 0);
      assertEquals(tag >> FRONT_SHIFT, front);
      return tag;
    })
  );
  assertEquals(new Set(tags).size, tags.length);
});

Deno.test("tagOf() negated names no front, so that one compare finds a double free", () => {
  for (const participant of [0, MAX_PARTICIPANTS - 1]) {
    assert(-tagOf(1, participant) >> FRONT_SHIFT < 0);
  }
});

Deno.test("planOwners() has a word for every handle, the last included", () => {
  const layout = new Layout();
  const owners = planOwners(layout, "test", 31);
  assertEquals(layout.blockAt(owners + 31)?.name, "test/owners");
});

Deno.test("outstanding() counts what is out behind one front, by participant", () => {
  const { words, owners } = tableOf({
    1: tagOf(2, 0),
    2: tagOf(2, 254),
    3: -tagOf(2, 0),
    4: tagOf(3, 0),
    [CAPACITY]: tagOf(2, 0),
  });
  assertEquals(outstanding(words, owners, CAPACITY, 2), {
    total: 3,
    byParticipant: new Map([[0, 2], [254, 1]]),
  });
  assertEquals(outstanding(words, owners, CAPACITY, 1).total, 0);
});

const SENTENCES: readonly {
  readonly handle: number;
  readonly tag?: number;
  readonly ends: string;
}[] = [
  { handle: 0, ends: "handles here are 1 to 10" },
  { handle: -1, ends: "handles here are 1 to 10" },
  { handle: 11, ends: "handles here are 1 to 10" },
  { handle: 1.5, ends: "handles here are 1 to 10" },
  { handle: NaN, ends: "handles here are 1 to 10" },
  { handle: 4, ends: "it was never handed out" },
  {
    handle: 10,
    tag: -tagOf(5, 3),
    ends: "it is not out; worker 3 had it last (freed twice?)",
  },
  {
    handle: 1,
    tag: tagOf(7, 254),
    ends: "it belongs to another pool of the same allocator; worker 254 has it",
  },
];

for (const { handle, tag = 0, ends } of SENTENCES) {
  Deno.test(`misuse() of ${handle} ${tag} says that ${ends}`, () => {
    const { words, owners } = tableOf({ [handle]: tag });
    const error = misuse(words, owners, CAPACITY, handle, "bio");
    assertInstanceOf(error, MisuseError);
    assertEquals(error.name, "MisuseError");
    assertEquals(error.message, `Cannot free element ${handle} into "bio": ${ends}`);
  });
}
