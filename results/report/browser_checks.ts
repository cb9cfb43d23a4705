/**
 * What must be so in an open report of {@linkcode exampleDocuments}: the charts are there and show what the documents say, the
 * keyboard does all that the mouse does, and paper has everything.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import type { Locator, Page } from "playwright-core";
import { poolAcross } from "../across.ts";
import { count } from "../formats/numbers.ts";
import { exampleJoint, exampleRecommendation, exampleSweep } from "../testdata/example_sizing.ts";
import { HISTORY, POOLS, recorded, STEP_AT } from "./browser_documents.ts";

/** Results in full: both with histograms, and the newest ten of the history. */
const FULL = 2 + 10;

/** For each result who served, and for each pool latencies, live elements and reserve. */
const FIGURES_OF_RESULTS = FULL + 3 * (2 * POOLS.length + 10);

/** Of the history of two results the throughput; of the other the throughput and what drifts; two curves; the fronts. */
const FIGURES = FIGURES_OF_RESULTS + 1 + 2 + 2 + 2;

/** Every chart is there, has a name, a caption and words, and is no empty frame. */
export async function checkPictures(page: Page): Promise<void> {
  const figures = page.locator("figure");
  const captions = await figures.locator("figcaption").allTextContents();
  assertEquals(captions.length, FIGURES);
  assertEquals(captions.filter((caption) => caption.trim() === ""), []);
  const marks = await page.evaluate(
    `[...document.querySelectorAll("figure svg")].map((svg) => svg.querySelectorAll("path, circle, rect").length)`,
  ) as number[];
  assertEquals([marks.length, marks.filter((each) => each < 2).length], [captions.length, 0]);
  assertEquals(await page.locator(`[role=img]:not([aria-label])`).count(), 0);
  for (const role of ["live elements over time", "elements in reserve over time"]) {
    assertEquals(
      captions.filter((caption) => caption.includes(role)).length,
      2 * POOLS.length + 10,
    );
  }
}

function figure(page: Page, caption: string): Locator {
  return page.locator("figure", { has: page.locator("figcaption", { hasText: caption }) }).first();
}

/** Letters in charts are as large as small print, however narrow the screen is. */
export async function checkLetters(page: Page): Promise<void> {
  const scales = await page.evaluate(
    `[...document.querySelectorAll("figure svg")].map((svg) => svg.getScreenCTM().a)`,
  ) as number[];
  assertGreater(12 * Math.min(...scales), 9.5);
}

/** The charts and their tables show the numbers of the documents. */
export async function checkValues(page: Page): Promise<void> {
  const label = page.locator("svg title", { hasText: "reserve p99: " }).first();
  assertGreater((await label.textContent())!.length, "reserve p99: ".length);
  const cell = page.locator("tr", { hasText: "4 reserve" }).last().locator("td").first();
  const { runs } = recorded("b", "2026-01-02T00:00:00Z");
  assertEquals(await cell.textContent(), count(poolAcross(runs, "bio").levels[3]!.hits));
  await checkTimeline(page, runs[0]!.timeline!.pools["bio"]!.live);
  await checkCurve(page);
  await checkFront(page);
  await checkHistory(page);
}

/** A dot for each moment, higher for more elements, in proportion. */
async function checkTimeline(page: Page, live: readonly number[]): Promise<void> {
  const chart = figure(page, "bio: live elements over time");
  const dots = await chart.locator("circle").all();
  assertEquals(dots.length, live.length);
  const places = await Promise.all(dots.map(async (dot) => Number(await dot.getAttribute("cy"))));
  const [most, least] = [live.indexOf(Math.max(...live)), live.indexOf(Math.min(...live))];
  const perElement = (places[least]! - places[most]!) / (live[most]! - live[least]!);
  for (const [index, elements] of live.entries()) {
    assertAlmostEquals(
      places[index]!,
      places[least]! - (elements - live[least]!) * perElement,
      0.5,
    );
  }
}

async function checkCurve(page: Page): Promise<void> {
  const { curve, recommended } = exampleRecommendation();
  const chart = figure(page, "share that misses by reserve");
  assertEquals(await chart.locator("circle").count(), curve.length);
  const titles = await chart.locator("title").allTextContents();
  assert(titles.includes("reserve 16: 0.39% (0.20% to 0.78%), recommended"), titles.join("\n"));
  assertEquals(await chart.getByText(`recommended ${recommended}`, { exact: true }).count(), 1);
  assertEquals(await chart.getByText("target: 1.0%").count(), 1);
  const words = await chart.locator("[role=img]").getAttribute("aria-label");
  assert(words!.includes("chosen: 16"), words!);
}

async function checkFront(page: Page): Promise<void> {
  const { rows } = exampleSweep();
  const chart = figure(page, "filled: the Pareto front");
  assertEquals(await chart.locator("circle").count(), rows.length);
  const front = rows.filter(({ pareto }) => pareto).length;
  assertEquals(await chart.locator("g[fill='var(--accent)'] circle").count(), front);
  const { frontier } = exampleJoint().joint!;
  const together = figure(page, "share of tasks that miss against bytes");
  assertEquals(await together.locator("circle").count(), frontier.length);
  assertEquals(await together.getByText("recommended", { exact: true }).count(), 1);
  const marked = page.locator("section[id^=sweep] tbody tr", { hasText: "yes" });
  assertEquals(await marked.count(), front);
}

async function checkHistory(page: Page): Promise<void> {
  const section = page.locator("section", {
    has: page.getByRole("heading", { name: "branch: from result to result" }),
  });
  const charts = section.locator("figure");
  assertGreater(await charts.count(), 1);
  assertEquals(await charts.first().locator("circle").count(), HISTORY);
  const row = section.locator("table").first().locator("tr", { hasText: "throughput" });
  const cells = await row.locator("td").allTextContents();
  assertEquals([cells[0], cells[2], cells.at(-1)], [`r${STEP_AT}`, "step", "slower"]);
  const change = await charts.first().locator("text", { hasText: `from r${STEP_AT}` })
    .textContent();
  assert(change!.startsWith("-"), change!);
  assertEquals(await section.locator("tr", { hasText: "drift over" }).count() > 0, true);
}

function numbersIn(text: string | null): number[] {
  return (text ?? "").split(" ").map((each) => Math.round(Number(each)));
}

/** Zoom, way and filter, by keys alone. */
export async function checkKeyboard(page: Page): Promise<void> {
  for (const chart of [page.locator("figure").first(), figure(page, "live elements over time")]) {
    const viewBox = () => chart.locator("svg").getAttribute("viewBox");
    const before = await viewBox();
    await chart.locator("[role=img]").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert(await viewBox() !== before, "zooming changes nothing");
    const zoomed = await viewBox();
    await chart.getByRole("button", { name: "right" }).press("Enter");
    assert(await viewBox() !== zoomed, "nothing moves");
    await chart.getByRole("button", { name: "left" }).press("Enter");
    await chart.getByRole("button", { name: "zoom out" }).press("Enter");
    assertEquals(numbersIn(await viewBox()), numbersIn(before));
  }
  await page.locator("#filter").focus();
  await page.keyboard.type("2026-01-02");
  assertEquals(await page.locator("section:visible").count(), 1);
  await page.locator("#filter").fill("recommendation");
  assertEquals(await page.locator("section[id^=recommendation]:visible").count(), 2);
  assertEquals(await page.locator("section[id^=result]:visible").count(), 0);
  await page.locator("#filter").fill("");
  const scroll = page.locator("section:visible .scroll").first();
  await scroll.focus();
  assertEquals(await page.evaluate("document.activeElement.className"), "scroll");
}

/** On paper nothing is cut off: tables have their whole height, and there is nothing to press. */
export async function checkPrinted(page: Page, path: string | undefined): Promise<void> {
  await page.emulateMedia({ media: "print" });
  const cut = await page.evaluate(
    `[...document.querySelectorAll(".scroll")].filter((each) => each.scrollHeight > each.clientHeight + 1).length`,
  );
  assertEquals([cut, await page.locator("button:visible").count()], [0, 0]);
  const pdf = await page.pdf(path === undefined ? {} : { path });
  assertGreater(pdf.length, 10_000);
  await page.emulateMedia({ media: "screen" });
}
