import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { XMLParser } from "fast-xml-parser";
import { Histogram } from "../histogram.ts";
import { histogramText } from "../histogram_text.ts";
import { LEVEL_NAMES, type Result } from "../result.ts";
import { exampleResult } from "../testdata/example.ts";
import { loadDrawing } from "./drawing.ts";
import { reportPage } from "./page.ts";

const drawing = await loadDrawing();

/** The same result with histograms of so many samples at each level. */
function withHistograms(result: Result, samples = 20_000): Result {
  const histogram = new Histogram();
  for (let sample = 0; sample < samples; sample++) histogram.record(100 + sample * sample % 1e6);
  const text = histogramText(histogram.toData());
  const of = { levels: LEVEL_NAMES.map(() => [text, text]), response: [text, text] };
  const runs = result.runs.map((run) => ({
    ...run,
    histograms: Object.fromEntries(Object.keys(run.pools).map((name) => [name, of])),
  }));
  return { ...result, runs };
}

Deno.test("reportPage() has every pool's levels in a table beside the picture", () => {
  const page = reportPage([exampleResult({ pools: ["bio", "bvec"] })], drawing);
  assertEquals(page.match(/<caption>levels of (bio|bvec)<\/caption>/g)?.length, 2);
  assertEquals(page.match(/<th scope="row">4 reserve<\/th><td>17,406<\/td>/g)?.length, 2);
  assertEquals(page.match(/<figure>/g)?.length, 3);
  assertEquals(page.match(/role="img" tabindex="0" aria-label="[^"]{20,}"/g)?.length, 3);
});

Deno.test("reportPage() refers to nothing outside itself", () => {
  const page = reportPage([withHistograms(exampleResult())], drawing);
  const links = page.replaceAll("http://www.w3.org/", "").match(
    /(https?:)?\/\/[a-z]|@import|url\(/g,
  );
  assertEquals(links?.filter((each) => each !== "//") ?? [], []);
  assert(!/<(link|img|iframe|script src)/.test(page));
});

Deno.test("reportPage() of ten results is less than 1 MiB", () => {
  const results = Array.from({ length: 10 }, (_, index) => ({
    ...withHistograms(exampleResult({ repeats: 6, pools: ["bio", "bvec"] })),
    id: `r${index}`,
    startedAt: `2026-01-0${index % 9 + 1}T00:00:00Z`,
  }));
  const page = reportPage(results, drawing);
  assertLess(new TextEncoder().encode(page).length, 2 ** 20);
  assertStringIncludes(page, "canonical: from result to result");
});

Deno.test("reportPage() lets no name or sentence become markup", () => {
  const evil = `<b onclick="x">'&</b></style></script>`;
  const result = exampleResult({
    pools: [evil],
    warnings: [{ code: evil, message: evil, advice: evil }],
  });
  const page = reportPage([{ ...result, scenario: { ...result.scenario, name: evil } }], drawing);
  assert(!page.includes("<b onclick"));
  assertEquals(page.match(/<\/script>/g)?.length, 1);
});

Deno.test("reportPage() is well-formed apart from its style and script", () => {
  const page = reportPage(
    [withHistograms(exampleResult({ repeats: 6 })), exampleResult()],
    drawing,
  );
  const body = page.slice(page.indexOf("<main>"), page.indexOf("</main>") + 7)
    .replaceAll(/<(br|input)([^>]*)>/g, "<$1$2/>")
    .replaceAll(/<style>[^]*?<\/style>/g, "");
  const parsed = new XMLParser({ ignoreAttributes: false }).parse(body, true);
  assertEquals(Object.keys(parsed), ["main"]);
});

Deno.test("reportPage() draws a line for each level with samples enough, from histograms or summaries", () => {
  const strokes = (page: string) => new Set(page.match(/stroke="var\(--level-\d\)"/g) ?? []).size;
  assertEquals(strokes(reportPage([withHistograms(exampleResult())], drawing)), 5);
  assertEquals(strokes(reportPage([exampleResult()], drawing)), 5);
  assertEquals(strokes(reportPage([withHistograms(exampleResult(), 3)], drawing)), 0);
});

Deno.test("reportPage() shows a result without a run", () => {
  assertStringIncludes(
    reportPage([exampleResult({ repeats: 0 })], drawing),
    "nothing was measured",
  );
});
