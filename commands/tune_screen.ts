/**
 * A session on a whole screen: keys in, lines out, simulations in a worker meanwhile, so that no key waits for one.
 *
 * @module
 */
import { hear, type News } from "../tuning/session/hear.ts";
import { press } from "../tuning/session/press.ts";
import { RemoteSimulator } from "../tuning/session/remote_simulator.ts";
import { type Effect, nextRequest, type Session } from "../tuning/session/session.ts";
import { view } from "../tuning/session/view.ts";
import type { Screen } from "./io.ts";
import { progressLine } from "./progress.ts";
import { realRun } from "./tune_run.ts";
import type { Sitting, TuneWorld } from "./tune_world.ts";
import { writeTuned } from "./tune_write.ts";

/** Sits with a user until he leaves. The screen is the caller's, to be disposed of after this. */
export async function sitAtScreen(
  begun: Session,
  screen: Screen,
  world: TuneWorld,
): Promise<Sitting> {
  using simulator = new RemoteSimulator(world.tuned.simulable);
  const { promise: left, resolve: leave, reject: fail } = Promise.withResolvers<boolean>();
  let session = begun;
  let isLooking = false;
  let isDrawn = true;
  let hasLeft = false;
  let stop = new AbortController();
  let run: Promise<void> = Promise.resolve();

  /** Draws once for all that changes in one turn. */
  function draw(): void {
    if (!isDrawn) return;
    isDrawn = false;
    queueMicrotask(() => {
      isDrawn = true;
      const { columns, rows } = screen;
      if (!hasLeft) screen.draw(view(session, { columns, rows, color: world.io.out.color }));
    });
  }
  function become(next: Session): void {
    session = next;
    draw();
    look().catch(fail);
  }
  async function look(): Promise<void> {
    const request = isLooking ? null : nextRequest(session);
    if (request === null) return;
    isLooking = true;
    const curve = await simulator.look(request);
    isLooking = false;
    become(hear(session, { kind: "curve", of: request, curve }));
  }
  const tell = (news: News) => become(hear(session, news));
  async function start(): Promise<void> {
    stop = new AbortController();
    const { keep, revision } = world;
    tell(
      await realRun(world.tuned, session, {
        ...{ keep, revision, signal: stop.signal },
        onProgress: (progress) => tell({ kind: "progress", text: progressLine(progress) }),
      }),
    );
  }
  function carryOut(effect: Effect): void {
    switch (effect.kind) {
      case "run":
        run = start();
        run.catch(fail);
        break;
      case "stop":
        stop.abort();
        break;
      case "write":
        tell(writeTuned(world.tuned, session, { ...effect, io: world.io }));
        break;
      case "leave":
        leave(effect.interrupted);
    }
  }

  screen.listen({
    pressed(key) {
      const { session: next, effects } = press(session, key);
      become(next);
      effects.forEach(carryOut);
    },
    resized: draw,
    ended: () => leave(false),
  });
  world.signal.addEventListener("abort", () => leave(true));
  become(session);
  const interrupted = await left;
  hasLeft = true;
  stop.abort();
  await run;
  return { session, interrupted };
}
