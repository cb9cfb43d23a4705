/**
 * `recommend`: the smallest reserve that meets a target, with its confidence, its price and the reason.
 *
 * @module
 */
import { Argument, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Joint, Recommendation } from "../results/recommendation.ts";
import type { RecommendationFormat } from "../results/recommendation_formats/format.ts";
import type { RecommendOptions as SizeOptions, Subject } from "../tuning/recommend.ts";
import { examples } from "./declaration.ts";
import { Exit } from "./exit.ts";
import { formatName } from "./formats.ts";
import type { Io } from "./io.ts";
import { runningCommand } from "./options.ts";
import { type ProgressBar, progressBar } from "./progress.ts";
import type { RecommendOptions, Sizing } from "./sized.ts";

/** Declares `recommend`. */
export function recommend(io: Io): CommandUnknownOpts {
  return runningCommand("recommend")
    .summary("say how large a reserve must be, how surely, and what it costs")
    .description(
      "Simulates a pool on a virtual clock and says the smallest reserve (min_nr) that meets a target,\n" +
        "with a confidence and a price. Sizes a scenario, a recorded trace, given arrivals and holds,\n" +
        "or the scenario of a result. Where tasks take from several pools, it sizes them together as well.",
    )
    .addArgument(new Argument("[scenario]", "a built-in scenario by name, or a file"))
    .option("--result <file>", "size the scenario of a result that bench --json wrote")
    .option("--slo <target>", '"wait rate < 1%" or "wait p99.9 < 1ms"', "wait rate < 1%")
    .option("--backend <what>", "dead, budget=N or a pressure such as outages:up=50ms,down=5ms")
    .option("--confidence <share>", "how sure the recommendation must be", "99%")
    .option("--max-reserve <n>", "recommend nothing larger", "65536")
    .option("--element-bytes <size>", "what an element costs, where no scenario says")
    .option("--no-joint", "size the measured pool only, where tasks take from several")
    .option("--verify", "run it with real workers at the recommended reserve and one below")
    .action((named, options) => size(named, options, io))
    .addHelpText(
      "after",
      examples(
        ["mempool-bench recommend --trace app.mtrace", "from a log to a reserve"],
        [
          "mempool-bench recommend --arrival poisson:rate=20000/s --hold exponential:mean=1ms",
          "from two numbers",
        ],
        ["mempool-bench recommend outages --slo 'wait p99.9 < 1ms'", "a scenario, another target"],
        ["mempool-bench recommend bio", "seven pools together, the cheapest in bytes"],
        ["mempool-bench recommend outages --verify", "and a live run to see it"],
      ),
    );
}

async function size(named: string | undefined, options: RecommendOptions, io: Io): Promise<void> {
  const formats: Readonly<Record<string, RecommendationFormat>> = await import(
    "../results/recommendation_formats/mod.ts"
  );
  const format = formats[formatName(options, Object.keys(formats))]!;
  const [{ parseConfidence, sizingOf }, { flagged }, { parseTarget }, units] = await Promise
    .all([
      import("./sizing.ts"),
      import("./flagged.ts"),
      import("../tuning/target.ts"),
      import("../workloads/units.ts"),
    ]);
  const target = parseTarget(options.slo);
  const confidence = parseConfidence(options.confidence);
  const most = flagged("--max-reserve", () => units.parseCount(options.maxReserve));
  const sizing = await sizingOf(named, options);
  if (target.kind === "wait-percentile" && !sizing.subject.timed) {
    throw new Exit(
      2,
      `--slo: ${options.slo}: this trace has no times, its waits count operations: give a wait rate`,
    );
  }
  using output = io.output(options.output);
  const { quiet = false } = options;
  const wanted = { target, confidence, most, joint: options.joint ?? true };
  const answer = await simulated(sizing, wanted, { io, quiet });
  let { recommendation } = answer;
  using interruption = io.interruption();
  if (options.verify) {
    const [{ verified }, { verifiedJointly }] = await Promise.all([
      import("../tuning/live.ts"),
      import("../tuning/joint_live.ts"),
    ]);
    using progress = progressBar(io.err, { name: "verify", quiet, now: io.now, isLong: true });
    const how = { signal: interruption.signal, onProgress: progress.update, revision: null };
    const { live: scenario, simulated, joint } = sizing;
    recommendation = await verified(recommendation, { ...how, scenario, simulated });
    if (joint !== null) {
      recommendation = await verifiedJointly(recommendation, { ...how, scenario: joint.live });
    }
  }
  const { color, columns } = output;
  output.write(format.print(recommendation, { color, columns }));
  if (interruption.signal.aborted) throw new Exit(130);
  if (answer.unmet !== null) throw new Exit(1, `recommend: ${answer.unmet}`);
}

/** How the virtual clock sizes. */
type SimulateOptions = SizeOptions & { readonly joint: boolean };

/** What it says, and where no reserve allowed meets the target, why. */
interface Simulated {
  readonly recommendation: Recommendation;
  readonly unmet: string | null;
}

/** Sizes on the virtual clock, which nothing interrupts but the end of the process: it keeps what has no half. */
async function simulated(
  { subject, joint }: Sizing,
  options: SimulateOptions,
  { io, quiet }: { readonly io: Io; readonly quiet: boolean },
): Promise<Simulated> {
  const [{ recommend }, { sizeJointly }, { jointOf }] = await Promise.all([
    import("../tuning/recommend.ts"),
    import("../tuning/joint.ts"),
    import("../tuning/joint_report.ts"),
  ]);
  using progress = progressBar(io.err, { name: "recommend", quiet, now: io.now, isLong: true });
  const onLook = counted(progress, io.now);
  // Before anything is simulated: it refuses what cannot be told.
  const pools = options.joint ? joint?.subject({ target: options.target, onLook }) ?? null : null;
  const { recommendation, outOfReach } = recommend(watched(subject, onLook), options);
  if (pools === null) return { recommendation, unmet: outOfReach ? recommendation.because : null };
  const together = jointOf(pools, sizeJointly(pools, options), options);
  const reached = together.recommended !== null || !isBounded(together, options.most);
  const unmet = outOfReach ? recommendation.because : reached ? null : together.because;
  return { recommendation: { ...recommendation, joint: together }, unmet };
}

/** Whether no more was allowed than what was tried. */
function isBounded({ pools }: Joint, most: number): boolean {
  return pools.some(({ neverWaits }) => neverWaits >= most);
}

/** Tells a line of progress of each simulation. */
function counted(progress: ProgressBar, now: () => number): () => void {
  const startMs = now();
  let runs = 0;
  return () => {
    const doneNs = (now() - startMs) * 1e6;
    const phase = `simulating, run ${++runs}`;
    progress.update({ phase, doneNs, totalNs: 0, repeat: 0, repeats: 1 });
  };
}

/** A subject whose simulations are told of. */
function watched(subject: Subject, onRun: () => void): Subject {
  const tell = (experiment: Subject["experiment"]): Subject["experiment"] => (limitNs) => {
    const inner = experiment(limitNs);
    return {
      ...inner,
      run(run) {
        onRun();
        return inner.run(run);
      },
    };
  };
  const { halves } = subject;
  return {
    ...subject,
    experiment: tell(subject.experiment),
    halves: halves === null ? null : halves.map(tell),
  };
}
