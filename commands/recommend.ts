/**
 * `recommend`: the smallest reserve that meets a target, with its confidence, its price and the reason.
 *
 * @module
 */
import { Argument, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { RecommendationFormat } from "../results/recommendation_formats/format.ts";
import { examples } from "./declaration.ts";
import { Exit } from "./exit.ts";
import { formatName } from "./formats.ts";
import type { Io } from "./io.ts";
import { runningCommand } from "./options.ts";
import { progressBar } from "./progress.ts";
import type { RecommendOptions } from "./sizing.ts";

/** Declares `recommend`. */
export function recommend(io: Io): CommandUnknownOpts {
  return runningCommand("recommend")
    .summary("say how large a reserve must be, how surely, and what it costs")
    .description(
      "Simulates a pool on a virtual clock and says the smallest reserve (min_nr) that meets a target,\n" +
        "with a confidence and a price. Sizes a scenario, a recorded trace, given arrivals and holds,\n" +
        "or the scenario of a result.",
    )
    .addArgument(new Argument("[scenario]", "a built-in scenario by name, or a file"))
    .option("--result <file>", "size the scenario of a result that bench --json wrote")
    .option("--slo <target>", '"wait rate < 1%" or "wait p99.9 < 1ms"', "wait rate < 1%")
    .option("--backend <what>", "dead, budget=N or a pressure such as outages:up=50ms,down=5ms")
    .option("--confidence <share>", "how sure the recommendation must be", "99%")
    .option("--max-reserve <n>", "recommend nothing larger", "65536")
    .option("--element-bytes <size>", "what an element costs, where no scenario says")
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
        ["mempool-bench recommend outages --verify", "and a live run to see it"],
      ),
    );
}

async function size(named: string | undefined, options: RecommendOptions, io: Io): Promise<void> {
  const formats: Readonly<Record<string, RecommendationFormat>> = await import(
    "../results/recommendation_formats/mod.ts"
  );
  const format = formats[formatName(options, Object.keys(formats))]!;
  const [{ flagged, parseConfidence, sizingOf }, { recommend }, { parseTarget }, units] =
    await Promise.all([
      import("./sizing.ts"),
      import("../tuning/recommend.ts"),
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
  using interruption = io.interruption();
  using output = io.output(options.output);
  const answer = recommend(sizing.subject, { target, confidence, most });
  let { recommendation } = answer;
  if (options.verify) {
    const { verified } = await import("../tuning/live.ts");
    const { quiet = false } = options;
    using progress = progressBar(io.err, { name: "verify", quiet, now: io.now });
    recommendation = await verified(recommendation, {
      scenario: sizing.live,
      simulated: sizing.simulated,
      signal: interruption.signal,
      onProgress: progress.update,
      revision: null,
    });
  }
  const { color, columns } = output;
  output.write(format.print(recommendation, { color, columns }));
  if (interruption.signal.aborted) throw new Exit(130);
  if (answer.outOfReach) throw new Exit(1, `recommend: ${recommendation.because}`);
}
