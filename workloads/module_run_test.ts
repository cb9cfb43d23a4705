/**
 * Runs over an allocator of the user's own, from the text of a scenario to its result.
 */
import { assert, assertEquals, assertGreater, assertRejects, assertThrows } from "@std/assert";
import { FREE_LIST, withModule } from "../allocators/testing/module_file.ts";
import { conserved } from "../results/conservation.ts";
import type { Result } from "../results/result.ts";
import { InputError } from "./input_error.ts";
import { parseScenario } from "./parse_scenario.ts";
import { registered } from "./registered.ts";
import { RunError, runScenario } from "./runner.ts";
import type { Scenario } from "./scenario.ts";

const QUIETLY = { signal: new AbortController().signal, onProgress() {}, revision: null };

/** A scenario over the module at a path, as a file in a folder has it. */
function scenarioOver(own: object, folder: string, changes: object = {}): Scenario {
  const text = JSON.stringify({
    allocators: { own: { kind: "module", ...own } },
    pools: { buffers: { over: "own", minReserve: 8 } },
    workload: {
      kind: "closed",
      take: "buffers",
      workers: 2,
      inFlight: 64,
      duration: "60ms",
      warmup: "10ms",
    },
    ...changes,
  });
  return parseScenario({ file: `${folder}/my.jsonc`, text }, {}, registered);
}

function assertConserved({ runs: [run] }: Result): void {
  for (const pool of Object.values(run!.pools)) assertEquals(conserved(pool), null);
  assertEquals(run!.leaked, 0);
}

/** Runs a scenario over a module with this text. */
function runOver(text: string, changes: object = {}): Promise<Result> {
  return withModule(text, async (path) => {
    const folder = path.slice(0, path.lastIndexOf("/"));
    return await runScenario(scenarioOver({ path: "./own.ts" }, folder, changes), QUIETLY);
  });
}

/** A free list of so many elements without bytes. */
function listOf(elements: number): string {
  return `export default function createAllocator() {
    const free = Array.from({ length: ${elements} }, (_, index) => ${elements} - index);
    return { allocate: () => free.pop() ?? 0, free: (handle) => void free.push(handle) };
  }`;
}

Deno.test("runScenario() runs over a user's own allocator, one for each worker, and conserves", async () => {
  const text = await Deno.readTextFile(new URL(FREE_LIST));
  const result = await runOver(text);
  assertConserved(result);
  const { pools: { buffers }, allocators: { own }, workers } = result.runs[0]!;
  assert(workers.every(({ allocs }) => allocs > 0));
  assertEquals([buffers!.held, buffers!.reserve.min, buffers!.reserve.bytes], [128, 16, 65536]);
  assertEquals([buffers!.levels[0]!.hits, buffers!.lock.acquisitions], [buffers!.allocs, 0]);
  assertEquals(own!.allocs - own!.frees, 128);
  assertEquals([own!.cacheHits, own!.peakInUse], [0, 2 * (64 + 8)]);
});

Deno.test("runScenario() shows the levels of a user's own allocator that runs short", async () => {
  const hold = { kind: "exponential", mean: "1ms" };
  const arrival = { kind: "poisson", rate: "24000/s" };
  const workload = { kind: "open", take: "buffers", workers: 2, duration: "150ms", warmup: 0 };
  const result = await runOver(listOf(16), {
    pools: { buffers: { over: "own", minReserve: 6 } },
    workload: { ...workload, arrival, hold, atomicShare: 0.2 },
  });
  assertConserved(result);
  const { pools: { buffers }, allocators: { own } } = result.runs[0]!;
  for (const level of [0, 1, 3, 4]) assertGreater(buffers!.levels[level]!.hits, 0, `${level}`);
  assertGreater(own!.atomicFailures, 0);
  assertGreater(own!.blockingFailures, 0);
  assertEquals(own!.peakInUse, 32);
});

for (
  const pressure of [
    { kind: "fail", atomic: 0.3, blocking: 0.3 },
    { kind: "outages", up: "10ms", down: "5ms" },
  ]
) {
  Deno.test(`runScenario() conserves a user's own allocator under ${pressure.kind}, pools on pools too`, async () => {
    const inner = { over: "own", minReserve: 6, policy: "linux" };
    const pools = { inner, buffers: { over: "inner", minReserve: 4 } };
    const workload = {
      kind: "open",
      take: "buffers",
      workers: 2,
      duration: "150ms",
      warmup: 0,
      arrival: "poisson:rate=5000/s",
      hold: "constant:1ms",
      atomicShare: 0.2,
      asyncShare: 0.2,
    };
    assertConserved(await runOver(listOf(64), { pools, pressure, workload }));
  });
}

Deno.test("runScenario() runs a scenario whose own allocator nobody uses", async () => {
  const unused = { own: { kind: "module", path: FREE_LIST }, fresh: { kind: "heap" } };
  const allocators = { ...unused, page: { kind: "page" } };
  const pools = { buffers: { over: "page", minReserve: 8 } };
  const result = await runOver("export default 1", { allocators, pools });
  assertConserved(result);
  assertEquals(result.runs[0]!.allocators.own!.allocs, 0);
});

Deno.test("runScenario() refuses a module before any worker starts, naming scenario, key and path", async () => {
  const text = "const inWorker = 'WorkerGlobalScope' in globalThis;\n" +
    "export default () => { throw new Error(inWorker ? 'too late' : 'in time'); }";
  await withModule(text, async (path) => {
    const scenario = scenarioOver({ path }, "/");
    const { message } = await assertRejects(() => runScenario(scenario, QUIETLY), InputError);
    assertEquals(
      message,
      `my: allocators.own: ${path}: createAllocator() throws (in time, at file://${path}:2:30): ` +
        "give an object with allocate(context) and free(handle)",
    );
  });
  const missing = scenarioOver({ path: "./nowhere.ts" }, "/none");
  const { message } = await assertRejects(() => runScenario(missing, QUIETLY), InputError);
  assert(message.startsWith("my: allocators.own: /none/nowhere.ts: there is no such file: give "));
});

Deno.test("runScenario() refuses a module that loads before the workers start and not in them", async () => {
  const text = "if ('WorkerGlobalScope' in globalThis) throw new Error('not here');\n" + listOf(99);
  const { message } = await assertRejects(() => runOver(text), InputError);
  assert(/^my: allocators\.own: \S+: this module cannot be loaded \(not here, at /.test(message));
});

Deno.test("runScenario() fails, naming the module, where it gives what is no handle in the middle of a run", async () => {
  const text = `export default () => {
    let calls = 0;
    return { allocate: () => ++calls > 60 ? calls / 2 ** 21 : calls, free() {} };
  }`;
  const { message } = await assertRejects(() => runOver(text), RunError);
  assert(
    /^my: worker \d died \d+ ms in: \S+own\.ts: allocate\(0\) gives 0\.00\d+: give an integer/.test(
      message,
    ),
    message,
  );
});

Deno.test("runScenario() goes on without a worker whose module throws, and says so with what is known", async () => {
  // The first worker that comes so far creates the file, and throws.
  const text = `export default () => {
    let calls = 0;
    const throwFirst = () => {
      try {
        Deno.writeTextFileSync(import.meta.dirname + "/thrown", "", { createNew: true });
      } catch {
        return;
      }
      throw new Error("out of order");
    };
    const free = Array.from({ length: 512 }, (_, index) => 512 - index);
    return {
      allocate() {
        if (++calls === 500) throwFirst();
        return free.pop() ?? 0;
      },
      free: (handle) => void free.push(handle),
    };
  }`;
  const error = await assertRejects(() => runOver(text), RunError);
  assert(/^my: worker \d died \d+ ms in: \S*out of order$/.test(error.message), error.message);
  const { partial, runs: [run], warnings } = error.result!;
  assertConserved(error.result!);
  assertEquals([partial, run!.workers.map(({ exit }) => exit).sort()], [true, ["died", "done"]]);
  const dead = run!.workers.find(({ exit }) => exit === "died")!;
  assert(dead.allocs > 0 && dead.died!.message!.endsWith("out of order"));
  assert(warnings.some(({ code }) => code === "worker-died"));
});

Deno.test("parseScenario() wants a path for a module, and a whole number of bytes", () => {
  const refusal = (own: object) =>
    assertThrows(() => scenarioOver(own, "."), InputError).message.replace(/^.*?: /, "");
  assertEquals(
    refusal({}),
    "allocators.own.path: missing: it must be given (the module, relative to this file)",
  );
  assertEquals(
    refusal({ path: "" }),
    'allocators.own.path: "" is not a path: give the path of a file',
  );
  assertEquals(refusal({ path: 5 }), "allocators.own.path: 5 is not a text: give a string");
  assertEquals(
    refusal({ path: "a.ts", objectBytes: 0 }),
    "allocators.own.objectBytes: 0 is out of range: give 1B to 1GiB",
  );
});
