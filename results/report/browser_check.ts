/**
 * Opens the report in a real Chromium and looks at it as people do: in light and dark, on a wide and on a narrow screen, by
 * keyboard, without script, and printed. `deno task test:browser`; the pictures stay in the folder of `--pictures DIR`.
 *
 * Ends with status 1 at the first thing that is not as it should be, and says plainly where there is no Chromium.
 *
 * @module
 */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";
import { type Browser, chromium, type Page } from "playwright-core";
import { poolAcross } from "../across.ts";
import { count } from "../formats/numbers.ts";
import { Histogram } from "../histogram.ts";
import { histogramText } from "../histogram_text.ts";
import { LEVEL_NAMES, type Result } from "../result.ts";
import { exampleResult } from "../testdata/example.ts";
import { loadDrawing } from "./drawing.ts";
import { reportPage } from "./page.ts";

const EXECUTABLE = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";

const WIDE = { width: 1200, height: 900 };
const NARROW = { width: 360, height: 740 };

/** A result with a histogram of every level. */
function recorded(id: string, startedAt: string): Result {
  const result = exampleResult({ repeats: 6, pools: ["bio", "bvec"] });
  const histogram = new Histogram();
  for (let sample = 0; sample < 5000; sample++) histogram.record(100 + sample * sample % 1e6);
  const texts = [histogramText(histogram.toData()), ""];
  const of = { levels: LEVEL_NAMES.map(() => texts), response: texts };
  const runs = result.runs.map((run) => ({ ...run, histograms: { bio: of, bvec: of } }));
  return { ...result, id, startedAt, runs };
}

/** What a page asked for and complained about. */
interface Trouble {
  readonly requests: string[];
  readonly errors: string[];
}

async function opened(
  browser: Browser,
  url: string,
  options: { readonly viewport: typeof WIDE; readonly dark?: boolean; readonly script?: boolean },
): Promise<{ readonly page: Page; readonly trouble: Trouble }> {
  const context = await browser.newContext({
    viewport: options.viewport,
    colorScheme: options.dark ? "dark" : "light",
    javaScriptEnabled: options.script ?? true,
    offline: true,
  });
  const page = await context.newPage();
  const trouble: Trouble = { requests: [], errors: [] };
  page.on("request", (request) => trouble.requests.push(request.url()));
  page.on("pageerror", (error) => trouble.errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") trouble.errors.push(message.text());
  });
  await page.goto(url);
  return { page, trouble };
}

/** Content fits the width: only tables and pictures scroll, each in its own frame. */
async function assertFits(page: Page): Promise<void> {
  const [content, width] = await page.evaluate(
    "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
  ) as [number, number];
  assert(content <= width, `the page is ${content} wide in a window of ${width}`);
}

async function checkPictures(page: Page): Promise<void> {
  assertEquals(await page.locator("figure svg").count(), 1 + 2 * 3);
  const label = page.locator("svg title", { hasText: "reserve p99: " }).first();
  assertGreater((await label.textContent())!.length, "reserve p99: ".length);
  const cell = page.locator("tr", { hasText: "4 reserve" }).first().locator("td").first();
  const { runs } = recorded("a", "2026-01-01T00:00:00Z");
  assertEquals(await cell.textContent(), count(poolAcross(runs, "bio").levels[3]!.hits));
}

function numbersIn(text: string | null): number[] {
  return (text ?? "").split(" ").map((each) => Math.round(Number(each)));
}

async function checkKeyboard(page: Page): Promise<void> {
  const viewBox = () => page.locator("figure svg").first().getAttribute("viewBox");
  const before = await viewBox();
  await page.getByRole("button", { name: "zoom in" }).first().focus();
  await page.keyboard.press("Enter");
  assert(await viewBox() !== before, "zooming changes nothing");
  await page.getByRole("button", { name: "zoom out" }).first().press("Enter");
  assertEquals(numbersIn(await viewBox()), numbersIn(before));
  await page.locator("#filter").fill("2026-01-02");
  assertEquals(await page.locator("section[id^=result]:visible").count(), 1);
}

async function checkAll(browser: Browser, url: string, pictures: string | undefined) {
  const views = {
    light: { viewport: WIDE },
    dark: { viewport: WIDE, dark: true },
    narrow: { viewport: NARROW },
    "without-script": { viewport: NARROW, script: false },
  };
  for (const [name, options] of Object.entries(views)) {
    const { page, trouble } = await opened(browser, url, options);
    await checkPictures(page);
    await assertFits(page);
    if (name === "light") await checkKeyboard(page);
    assertEquals(trouble, { requests: [url], errors: [] });
    if (pictures !== undefined) {
      await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
    }
    await page.context().close();
    console.log(`report ${name}: as it should be`);
  }
}

async function launched(): Promise<Browser> {
  try {
    Deno.statSync(EXECUTABLE);
  } catch {
    console.error(
      `There is no Chromium at ${EXECUTABLE}, so the report was not looked at: install it ` +
        "(apt-get install chromium), or say where it is with CHROMIUM=FILE",
    );
    Deno.exit(1);
  }
  return await chromium.launch({ executablePath: EXECUTABLE, args: ["--no-sandbox"] });
}

const { pictures } = parseArgs(Deno.args, { string: ["pictures"] });
const folder = Deno.makeTempDirSync();
const results = [recorded("a", "2026-01-01T00:00:00Z"), recorded("b", "2026-01-02T00:00:00Z")];
Deno.writeTextFileSync(`${folder}/report.html`, reportPage(results, await loadDrawing()));
const browser = await launched();
try {
  await checkAll(browser, `file://${folder}/report.html`, pictures);
} finally {
  await browser.close();
  Deno.removeSync(folder, { recursive: true });
}
