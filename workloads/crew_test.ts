/** What the coordinator hears of its workers, and what it makes of their deaths: with workers that are none, whose lives are locks of this thread. */
import { assertEquals } from "@std/assert";
import { eventually } from "../pools/testing/eventually.ts";
import { Crew, type Death } from "./crew.ts";
import type { Job, WorkerReport } from "./report.ts";

interface Locks {
  request(name: string, whileHeld: () => Promise<void>): Promise<void>;
}
const { locks } = navigator as unknown as { readonly locks: Locks };

/** A worker as the coordinator sees it, which says what a test has it say. */
class Puppet {
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onerror: ((event: { readonly message: string; preventDefault(): void }) => void) | null = null;
  job: Job | null = null;
  isTerminated = false;
  /** Ends its life. */
  die: () => void = () => {};

  postMessage(job: Job): void {
    this.job = job;
  }

  terminate(): void {
    this.isTerminated = true;
    this.die();
  }

  say(type: string, more: object = {}): void {
    this.onmessage!({ data: { type, worker: this.job!.worker, ...more } });
  }

  /** Says that it lives, once it does. */
  async live(): Promise<void> {
    const { promise: living, resolve: lives } = Promise.withResolvers<void>();
    const { promise: life, resolve } = Promise.withResolvers<void>();
    this.die = resolve;
    void locks.request(this.job!.life, () => {
      lives();
      return life;
    });
    await living;
    this.say("alive");
  }
}

/** Three workers, the last of whom is the pressure's. */
async function three() {
  const puppets: Puppet[] = [];
  const run = crypto.randomUUID();
  const jobs = [0, 1, 2].map((worker) => ({ worker, life: `${run}/${worker}` }) as Job);
  const crew = new Crew(jobs, 2, () => {
    puppets.push(new Puppet());
    return puppets.at(-1) as unknown as Worker;
  });
  for (const puppet of puppets) await puppet.live();
  return { crew, puppets };
}

const DONE: Partial<WorkerReport> = { startMs: 1 };

Deno.test("Crew is finished once everybody has reported or is dead, and its load before that", async () => {
  const { crew, puppets } = await three();
  using _crew = crew;
  const deaths: Death[] = [];
  crew.open((death) => deaths.push(death));
  assertEquals([crew.unfinished, crew.isLoadFinished], [[0, 1, 2], false]);
  puppets[0]!.say("done", DONE);
  assertEquals([crew.unfinished, crew.reports[0]?.startMs], [[1, 2], 1]);
  puppets[1]!.die();
  await eventually("the death is known", () => deaths.length > 0);
  assertEquals([deaths[0]!.worker, crew.unfinished], [1, [2]]);
  assertEquals([crew.isLoadFinished, crew.isFinished], [true, false]);
  puppets[2]!.say("done", DONE);
  assertEquals([crew.isFinished, crew.failures], [true, []]);
});

Deno.test("Crew takes what a worker throws in the run for its last words, and not for a death yet", async () => {
  const { crew, puppets } = await three();
  using _crew = crew;
  const deaths: Death[] = [];
  crew.open((death) => deaths.push(death));
  puppets[1]!.say("failed", { message: "planted", input: false });
  assertEquals([crew.failures, deaths, crew.unfinished], [[], [], [0, 1, 2]]);
  assertEquals([crew.lastWords(1), crew.lastWords(0)], ["planted", null]);
  puppets[1]!.die();
  await eventually("the death is known", () => deaths.length > 0);
  assertEquals(crew.unfinished, [0, 2]);
});

Deno.test("Crew takes bad input, and whatever is said before the run, for what keeps it from going on", async () => {
  const { crew, puppets } = await three();
  using _crew = crew;
  let prevented = 0;
  puppets[0]!.onerror!({ message: "thrown", preventDefault: () => prevented++ });
  crew.open(() => {});
  puppets[1]!.say("failed", { message: "no such thing", input: true });
  const told = crew.failures.map(({ worker, message, input }) => [worker, message, input]);
  assertEquals(told, [[0, "thrown", false], [1, "no such thing", true]]);
  assertEquals(prevented, 1);
});

Deno.test("Crew says of a worker that ends before the run without a word that it did, and of one that spoke what that said", async () => {
  const { crew, puppets } = await three();
  using _crew = crew;
  puppets[0]!.die();
  puppets[1]!.die();
  puppets[1]!.say("failed", { message: "spoken late", input: false });
  await eventually("both are known", () => crew.failures.length === 2);
  const told = crew.failures.map(({ worker, message }) => [worker, message]).toSorted();
  assertEquals(told, [[0, "it ended before the run began"], [1, "spoken late"]]);
});

Deno.test("Crew takes no end of a worker that has reported for a death, and ends all in the end", async () => {
  const { crew, puppets } = await three();
  const deaths: Death[] = [];
  {
    using _crew = crew;
    crew.open((death) => deaths.push(death));
    puppets[0]!.say("done", DONE);
    puppets[0]!.die();
    puppets[1]!.die();
    await eventually("a death is known", () => deaths.length > 0);
  }
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(deaths.map(({ worker }) => worker), [1]);
  assertEquals(puppets.map(({ isTerminated }) => isTerminated), [true, true, true]);
});
