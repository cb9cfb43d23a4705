/**
 * One result of a report: its settings and warnings, who served, and for each pool its latencies and how it went over time.
 *
 * @module
 */
import { poolAcross, poolNames } from "../across.ts";
import { hitsOf } from "../conservation.ts";
import {
  allocatorFacts,
  instrumentFacts,
  poolFacts,
  poolNote,
  reading,
  settings,
  throughput,
  workerFact,
} from "../formats/facts.ts";
import { count, duration, percentage } from "../formats/numbers.ts";
import { type LatencySummary, LEVEL_NAMES, type PoolResult, type Result } from "../result.ts";
import { type Drawing, LEVEL_COLORS } from "./drawing.ts";
import { escaped, factsHtml, sectionHtml, tableHtml, warningHtml } from "./html.ts";
import { latencyFigure } from "./latency_figure.ts";
import { rateFigure } from "./rate_figure.ts";
import { timelineHtml } from "./timeline_figure.ts";

const PERCENTILES = ["p50", "p90", "p99", "p99.9", "max"] as const;

/** The section, under the name that the contents have for it. */
export function resultSection(
  result: Result,
  { id, name, drawing }: { readonly id: string; readonly name: string; readonly drawing: Drawing },
): string {
  const { runs, scenario, warnings } = result;
  const pools = poolNames(runs).map((pool) => [pool, poolAcross(runs, pool)] as const);
  const workers = workerFact(runs);
  const summary = scenario["summary"];
  return sectionHtml(
    { id, name },
    `${typeof summary === "string" ? `<p>${escaped(summary)}</p>` : ""}
<p class="quiet">${escaped(settings(result).join(" · "))}</p>
<p><strong>${escaped(throughput(result).join(" · "))}</strong> ${
      result.partial ? "<strong>Partial: stopped before its end.</strong>" : ""
    } ${escaped(reading(result))}</p>
${warnings.map(warningHtml).join("\n")}
${pools.length > 0 ? legend() + rateFigure(drawing, pools) : ""}
${pools.map(([pool, across]) => poolHtml(result, pool, across, drawing)).join("\n")}
<h3>Allocators and measurement</h3>
${
      factsHtml([
        ...allocatorFacts(runs),
        ...(workers === null ? [] : [workers]),
        ...instrumentFacts(result),
      ])
    }`,
  );
}

function legend(): string {
  const items = LEVEL_NAMES.map((name, index) =>
    `<li><span style="background:${LEVEL_COLORS[index]}"></span>${index + 1} ${name}</li>`
  );
  return `<ul class="legend" aria-label="levels">${items.join("")}</ul>`;
}

function poolHtml(result: Result, name: string, pool: PoolResult, drawing: Drawing): string {
  const { runs } = result;
  const latencies = (latency: LatencySummary) => PERCENTILES.map((key) => duration(latency[key]));
  const rows = [
    ...pool.levels.map((level) => [
      ...[`${level.level} ${level.name}`, count(level.hits), percentage(level.rate)],
      ...latencies(level.latencyNs),
    ]),
    ["total", count(hitsOf(pool)), "", ...latencies(pool.latencyNs)],
    ...(pool.responseNs === null ? [] : [["response", "", "", ...latencies(pool.responseNs)]]),
  ];
  return `<h3>${escaped(name)}</h3>
<p class="quiet">${escaped(poolNote(result, name))}</p>
${latencyFigure(drawing, name, pool, runs)}
${tableHtml(`levels of ${name}`, ["level", "hits", "rate", ...PERCENTILES], rows)}
${timelineHtml(drawing, name, runs)}
${factsHtml(poolFacts(runs, name))}`;
}
