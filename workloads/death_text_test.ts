import { assertEquals } from "@std/assert";
import type { DeathResult } from "../results/result.ts";
import { deathSentence, deathWarning } from "./death_text.ts";

const NOTHING: DeathResult["recovered"] = {
  locks: [],
  undone: 0,
  returned: {},
  adopted: {},
  inTransit: 0,
  queue: {},
  kept: 0,
  unrecovered: [],
};

const SILENT: DeathResult = {
  atNs: 312.4e6,
  message: null,
  during: "load",
  recoveryNs: 0.4e6,
  recovered: NOTHING,
};

Deno.test("deathWarning() says what a dead worker had, what became of it, and how long that took", () => {
  const { code, message } = deathWarning(2, {
    ...SILENT,
    message: "planted",
    during: "lock",
    recoveryNs: 3.2e6,
    recovered: {
      ...NOTHING,
      locks: ["bio"],
      undone: 2,
      returned: { bio: 3, "bvec-16": 1 },
      adopted: { bio: 12 },
    },
  });
  assertEquals(code, "worker-died");
  assertEquals(
    message,
    "worker 2 died 312 ms in (planted), with the lock of bio, 3 elements of bio, " +
      "1 element of bvec-16 and 12 cached elements: its lock was released, its elements were given back and " +
      "what it had cached went back, within 4 ms; nothing is lost",
  );
});

Deno.test("deathWarning() says of a worker that had nothing, and of what could not be put right", () => {
  assertEquals(
    deathWarning(0, SILENT).message,
    "worker 0 died 312 ms in (it ended without a word), with nothing that others share; nothing is lost",
  );
  const lossy = { ...SILENT, recovered: { ...NOTHING, kept: 2, unrecovered: ["1 page is lost"] } };
  assertEquals(
    deathWarning(0, lossy).message,
    "worker 0 died 312 ms in (it ended without a word), with 2 elements handed to others: " +
      "they keep what they were handed, within 1 ms; 1 page is lost",
  );
});

Deno.test("deathSentence() tells the first in full, and who else", () => {
  const { atNs, message } = SILENT;
  const [a, b, c] = [3, 4, 0].map((worker) => ({ worker, atNs, message }));
  const first = "worker 3 died 312 ms in: it ended without a word";
  assertEquals(deathSentence([a!]), first);
  assertEquals(
    deathSentence([a!, { ...b!, message: "planted" }]),
    `${first}; so did worker 4 after that`,
  );
  assertEquals(deathSentence([a!, b!, c!]), `${first}; so did workers 4 and 0 after that`);
});
