import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createRegion, Layout } from "../sync/mod.ts";
import { type Allocator, ATOMIC, BLOCKING, NONE } from "./allocator.ts";
import { LoadError } from "./load_error.ts";
import { moduleKind } from "./module.ts";
import { memoryOf } from "./testing/memory.ts";
import { FREE_LIST, withModule } from "./testing/module_file.ts";
import { createRig } from "./testing/page_rig.ts";
import { isMarked, mark } from "./testing/sentinel.ts";

/** The kind planned for a module, and how a worker attaches to it. */
function planned(path: string, objectBytes: number) {
  const memory = memoryOf({ pages: 1 });
  const { arena, participant } = createRig({ memory, participants: 1, orders: [], rounds: 1 });
  const layout = new Layout();
  const context = { layout, name: "own", memory, participants: 1 };
  const plan = moduleKind.plan({ path, objectBytes }, context);
  const region = createRegion(layout, 0);
  return {
    plan,
    attach: () => plan.attach({ region, arena, participant, reclaim: () => false }),
  };
}

/** A module whose allocator gives what it is told, one after the other, and then none. */
function giving(values: string) {
  return `export default () => {
    const values = [1, ${values}];
    return { allocate: () => values.length > 0 ? values.shift() : 0, free() {} };
  };`;
}

/** Runs `use` with an attached allocator that gives these values. */
function withValues(values: string, use: (direct: Allocator, path: string) => void): Promise<void> {
  return withModule(giving(values), async (path) => {
    const { plan, attach } = planned(path, 64);
    await plan.load!();
    use(attach().direct!, path);
  });
}

Deno.test("moduleKind has every worker make an allocator of its own, of elements apart from one another", async () => {
  const { plan, attach } = planned(FREE_LIST, 100);
  assertEquals([plan.capacity, plan.elementBytes, plan.elementPages], [2 ** 20, 100, 0]);
  assertEquals(moduleKind.scope, "worker");
  await plan.load!();
  const backend = attach();
  const handles = Array.from({ length: 1024 }, () => backend.direct!.allocate(ATOMIC));
  assertEquals(new Set(handles).size, 1024);
  assertEquals(backend.direct!.allocate(BLOCKING), NONE);
  handles.forEach((handle) => mark(backend.bytes(handle), handle));
  assert(handles.every((handle) => isMarked(backend.bytes(handle), handle)));
  assertEquals(backend.bytes(1).length, 100);
  handles.forEach((handle) => backend.direct!.free(handle));
  assertEquals(backend.direct!.allocate(ATOMIC), handles.at(-1));
});

Deno.test("moduleKind counts failures by the kind of caller, and the most in use", async () => {
  const { plan, attach } = planned(FREE_LIST, 8);
  await plan.load!();
  const backend = attach();
  const direct = backend.direct!;
  for (let pair = 0; pair < 10; pair++) direct.free(direct.allocate(ATOMIC));
  assertEquals(backend.counts().peakInUse, 1);
  for (let taken = 0; taken < 1024; taken++) direct.allocate(ATOMIC);
  for (const context of [ATOMIC, BLOCKING, BLOCKING] as const) direct.allocate(context);
  const { peakInUse, atomicFailures, blockingFailures } = backend.counts();
  assertEquals([peakInUse, atomicFailures, blockingFailures], [1024, 1, 2]);
  backend.resetCounts();
  assertEquals(backend.counts().atomicFailures, 0);
  assertEquals([backend.shrink(), backend.hoarded(), backend.source], [0, 0, null]);
  assertEquals(backend.footprint(), { pages: 0, elements: 0 });
});

Deno.test("moduleKind passes on what the caller may do, and what it frees", async () => {
  const text = `const calls = [];
    export { calls };
    export default () => ({
      allocate(context) { calls.push(context); return 7; },
      free(handle) { calls.push("free " + handle); },
    });`;
  await withModule(text, async (path) => {
    const { plan, attach } = planned(path, 8);
    await plan.load!();
    const { direct, bytes } = attach();
    direct!.allocate(ATOMIC);
    direct!.allocate(BLOCKING);
    direct!.free(7);
    const { calls } = await import(`file://${path}`);
    assertEquals(calls.slice(2), [0, 1, "free 7"]);
    assertEquals(bytes(7).length, 0, "a module without bytes has none");
  });
});

for (
  const [value, shown] of [
    ["-1", "-1"],
    ["0.5", "0.5"],
    ["1.5", "1.5"],
    ["2 ** 20 + 1", "1048577"],
    ["2 ** 32 + 1", "4294967297"],
    ["NaN", "NaN"],
    ["undefined", "undefined"],
    ["null", "null"],
    ["'2'", '"2"'],
    ["Promise.resolve(2)", "a promise"],
  ] as const
) {
  Deno.test(`moduleKind refuses ${value} as a handle at any time, naming the module`, async () => {
    await withValues(`2, ${value}, 3`, (direct, path) => {
      assertEquals(direct.allocate(ATOMIC), 2);
      assertThrows(
        () => direct.allocate(BLOCKING),
        Error,
        `${path}: allocate(1) gives ${shown}: give an integer from 1 to 1048576, or 0 where there is none`,
      );
      assertEquals(direct.allocate(ATOMIC), 3);
    });
  });
}

Deno.test("moduleKind takes handles in any order, the last that is allowed included", async () => {
  await withValues("5, 2, 2 ** 20, 3, 0, 5", (direct) => {
    const handles = Array.from({ length: 6 }, () => direct.allocate(ATOMIC));
    assertEquals(handles, [5, 2, 2 ** 20, 3, NONE, 5]);
  });
});

Deno.test("moduleKind refuses a module that is none when it is loaded, and to attach before that", async () => {
  const { plan, attach } = planned("/nowhere/own.ts", 8);
  assertThrows(attach, Error, 'Cannot attach allocator "own" before its module is loaded');
  await assertRejects(() => plan.load!(), LoadError, "/nowhere/own.ts: there is no such file: ");
});
