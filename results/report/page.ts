/**
 * Results as one self-contained page: pictures with their numbers in tables beside them. It needs no network and no script to be
 * read; a script of its own only zooms and filters. Light, dark, narrow and printed it has the same content.
 *
 * @module
 */
import { poolAcross, poolNames } from "../across.ts";
import {
  allocatorFacts,
  type Fact,
  instrumentFacts,
  poolFacts,
  poolNote,
  reading,
  settings,
  throughput,
  workerFact,
} from "../formats/facts.ts";
import { count, duration, percentage } from "../formats/numbers.ts";
import { hitsOf } from "../conservation.ts";
import { type LatencySummary, LEVEL_NAMES, type PoolResult, type Result } from "../result.ts";
import { type Drawing, LEVEL_COLORS } from "./drawing.ts";
import { historyFigure, resultLabel } from "./history_figure.ts";
import { escaped, tableHtml } from "./html.ts";
import { latencyFigure } from "./latency_figure.ts";
import style from "./page.css" with { type: "text" };
import script from "./page.js" with { type: "text" };
import { rateFigure } from "./rate_figure.ts";

const PERCENTILES = ["p50", "p90", "p99", "p99.9", "max"] as const;

/** The page, as the text of an HTML file. */
export function reportPage(results: readonly Result[], drawing: Drawing): string {
  const title = `mempool-bench: ${
    [...new Set(results.map(({ scenario }) => scenario.name))].join(", ")
  }`;
  const byScenario = Map.groupBy(results, ({ scenario }) => scenario.name);
  const comparisons = [...byScenario].filter(([, same]) => same.length > 1)
    .map(([name, same]) => historySection(name, same, drawing));
  const sections = results.map((result, index) => resultSection(result, index, drawing));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
${style}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${contents(results)}
${[...comparisons, ...sections].join("\n")}
</main>
<script>
${script}</script>
</body>
</html>
`;
}

/** Links to the results, and where there is a script, a field to filter them. */
function contents(results: readonly Result[]): string {
  if (results.length < 2) return "";
  const links = results.map((result, index) =>
    `<li><a href="#result-${index}">${escaped(nameOf(result))}</a></li>`
  );
  return `<nav aria-label="results"><ul>${links.join("")}</ul></nav>
<div class="tools"><label for="filter">filter</label><input id="filter" type="search"></div>`;
}

function nameOf(result: Result): string {
  return `${result.scenario.name}, ${resultLabel(result)}`;
}

function historySection(name: string, results: readonly Result[], drawing: Drawing): string {
  const sorted = results.toSorted((a, b) => a.startedAt < b.startedAt ? -1 : 1);
  const rows = sorted.map((result) => {
    const { median, low, high } = result.summary.allocsPerSecond;
    const interval = low === null || high === null ? "-" : `${count(low)} to ${count(high)}`;
    return [resultLabel(result), `${result.runs.length}`, `${count(median)}/s`, interval];
  });
  return `<section data-name="${escaped(name)}">
<h2>${escaped(name)}: from result to result</h2>
${historyFigure(drawing, sorted)}
${tableHtml("throughput", ["result", "runs", "median", "interval"], rows)}
</section>`;
}

function resultSection(result: Result, index: number, drawing: Drawing): string {
  const { runs, scenario, warnings } = result;
  const pools = poolNames(runs).map((name) => [name, poolAcross(runs, name)] as const);
  const workers = workerFact(runs);
  const summary = scenario["summary"];
  return `<section id="result-${index}" data-name="${escaped(nameOf(result))}">
<h2>${escaped(nameOf(result))}</h2>
${typeof summary === "string" ? `<p>${escaped(summary)}</p>` : ""}
<p class="quiet">${escaped(settings(result).join(" · "))}</p>
<p><strong>${escaped(throughput(result).join(" · "))}</strong> ${
    result.partial ? "<strong>Partial: stopped before its end.</strong>" : ""
  } ${escaped(reading(result))}</p>
${warnings.map(warningHtml).join("\n")}
${pools.length > 0 ? legend() + rateFigure(drawing, pools) : ""}
${pools.map(([name, pool]) => poolHtml(result, name, pool, drawing)).join("\n")}
<h3>Allocators and measurement</h3>
${
    factsHtml([
      ...allocatorFacts(runs),
      ...(workers === null ? [] : [workers]),
      ...instrumentFacts(result),
    ])
  }
</section>`;
}

function legend(): string {
  const items = LEVEL_NAMES.map((name, index) =>
    `<li><span style="background:${LEVEL_COLORS[index]}"></span>${index + 1} ${name}</li>`
  );
  return `<ul class="legend" aria-label="levels">${items.join("")}</ul>`;
}

function warningHtml({ code, message, advice }: Result["warnings"][number]): string {
  return `<p class="warning"><strong>${escaped(code)}</strong>: ${escaped(message)}<br>${
    escaped(advice)
  }</p>`;
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
${factsHtml(poolFacts(runs, name))}`;
}

function factsHtml(facts: readonly Fact[]): string {
  const items = facts.map(({ label, items, mood, separator }) =>
    `<dt>${escaped(label)}</dt><dd class="${mood}">${escaped(items.join(separator))}</dd>`
  );
  return `<dl>${items.join("")}</dl>`;
}
