/** How a run is watched and ended, with everything that is watched played by the test. */
import { assertEquals, assertGreater, assertGreaterOrEqual } from "@std/assert";
import type { Composition } from "../pools/composition.ts";
import type { Burial } from "./burials.ts";
import type { Deadlock } from "./deadlock.ts";
import { supervise, type Supervision } from "./supervision.ts";

const DEADLOCK = {} as Deadlock;
const BURIAL = {} as Burial;

/** A run of one worker that stops when it is told to; each test has some of it go otherwise. */
function played(changes: {
  readonly crew?: Partial<Supervision["crew"]>;
  readonly composition?: Partial<Pick<Composition, "adapt" | "check">>;
  readonly watch?: Partial<Supervision["watch"]>;
  readonly burials?: Partial<Supervision["burials"]>;
  readonly endsAfterMs?: number;
  readonly graceMs?: number;
} = {}) {
  const { endsAfterMs = 0, graceMs } = changes;
  let isStopped = false;
  const said: string[] = [];
  const participant = { stopped: () => isStopped, stop: () => isStopped = true };
  const supervision: Supervision = {
    crew: define({
      get isFinished() {
        return isStopped;
      },
      get isLoadFinished() {
        return isStopped;
      },
      get unfinished() {
        return isStopped ? [] : [0];
      },
      failures: [],
    }, changes.crew),
    composition: {
      participant: participant as unknown as Composition["participant"],
      adapt: () => true,
      check() {
        said.push("check");
      },
      ...changes.composition,
    },
    watch: { look: () => null, keepsFromEnding: () => false, ...changes.watch },
    burials: define({
      areUnderWay: false,
      all: [],
      goOn: () => true,
      giveUp: (reason: string) => void said.push(reason),
      blame: (complaint: string) => void said.push(`blamed: ${complaint}`),
    }, changes.burials),
    settings: { signal: new AbortController().signal, onProgress() {}, graceMs },
    endsAfterMs,
    stock: null,
    recorder: { look() {} },
  };
  return { supervision, said, isStopped: () => isStopped };
}

/** With what stands in `changes` in the place of the same in `base`, getters too. */
function define<T extends object>(base: T, changes: Partial<T> = {}): T {
  return Object.defineProperties(base, Object.getOwnPropertyDescriptors(changes)) as T;
}

Deno.test("supervise() ends a run whose time is over, and looks at no books where nobody died", async () => {
  const { supervision, said } = played();
  const end = await supervise(supervision);
  assertEquals([end.ending, end.unstopped, end.complaint, said], ["done", [], null, []]);
});

Deno.test("supervise() keeps a run from its end for as long as it may be deadlocked, and tells where it was", async () => {
  let looks = 0;
  let asked = 0;
  const watch = {
    look: () => ++looks > 4 ? DEADLOCK : null,
    keepsFromEnding: () => ++asked > 0,
  };
  // Somebody has a lock at every moment at which the coordinator looks: that says nothing of a deadlock.
  const { supervision } = played({ watch, composition: { adapt: () => false } });
  const { ending, deadlock } = await supervise(supervision);
  assertEquals([ending, deadlock], ["deadlock", DEADLOCK]);
  assertEquals(asked, 4);
});

Deno.test("supervise() has reserves adapt at each look, and soon where that could not be", async () => {
  let calls = 0;
  let callsByLook = 0;
  const byLook: number[] = [];
  const adapt = () => ++calls > 3;
  const watch = {
    look() {
      byLook.push(calls - callsByLook);
      callsByLook = calls;
      return null;
    },
  };
  const { supervision } = played({ composition: { adapt }, watch, endsAfterMs: 120 });
  await supervise(supervision);
  assertEquals(byLook[0], 1, "somebody has a lock");
  assertGreaterOrEqual(byLook[1]!, 2, "tried in between, and at the look");
  assertGreater(byLook.length, 2);
});

Deno.test("supervise() says who did not stop, tries all the same to bury who died, and looks at the books while that one goes on", async () => {
  const unfinished = [1];
  let buried = 0;
  let checks = 0;
  const { supervision, said } = played({
    graceMs: 5,
    crew: {
      get isFinished() {
        return false;
      },
      get unfinished() {
        return unfinished;
      },
    },
    burials: {
      goOn: (isOver = false) => {
        if (isOver) buried++;
        return isOver;
      },
    },
    composition: {
      check() {
        if (++checks < 3) throw new Error("an element is on its way");
      },
    },
  });
  const end = await supervise(supervision);
  assertEquals([end.ending, end.unstopped, end.complaint], ["failed", [1], null]);
  assertEquals([buried, checks, said], [1, 3, []]);
});

Deno.test("supervise() gives a burial up that one keeps from being done who did not stop, and says what is missing for good", async () => {
  let isUnderWay = true;
  const { supervision, said } = played({
    graceMs: 5,
    crew: {
      get unfinished() {
        return [1];
      },
    },
    burials: {
      get areUnderWay() {
        return isUnderWay;
      },
      all: [BURIAL],
      goOn: () => false,
      giveUp(reason) {
        isUnderWay = false;
        said.push(reason);
      },
    },
    composition: {
      check() {
        throw new Error("an element is lost");
      },
    },
  });
  const { ending, complaint } = await supervise(supervision);
  assertEquals([ending, complaint], ["failed", "an element is lost"]);
  assertEquals(said, [
    "it was not put right: somebody who did not stop has what is needed for that",
    "blamed: an element is lost",
  ]);
});

Deno.test("supervise() fails a run in which somebody died, once the books are looked at", async () => {
  const { supervision, said } = played({ burials: { all: [BURIAL] } });
  const { ending, complaint } = await supervise(supervision);
  assertEquals([ending, complaint, said], ["failed", null, ["check"]]);
});

Deno.test("supervise() ends at once where the run is interrupted, or somebody cannot go on", async () => {
  const interrupted = played({ endsAfterMs: Infinity });
  const settings = { ...interrupted.supervision.settings, signal: AbortSignal.abort() };
  assertEquals(
    (await supervise({ ...interrupted.supervision, settings })).ending,
    "interrupted",
  );
  const failures = [{ type: "failed", worker: 0, message: "planted", input: false }] as const;
  const failed = played({ endsAfterMs: Infinity, crew: { failures: [...failures] } });
  assertEquals((await supervise(failed.supervision)).ending, "failed");
});
