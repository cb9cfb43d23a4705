/**
 * Opens the report in a real Chromium and looks at it as people do: in light and dark, on a wide and on a narrow screen, by
 * keyboard, without script, and printed. `deno task test:browser`; the pictures stay in the folder of `--pictures DIR`.
 *
 * Ends with status 1 at the first thing that is not as it should be, and says plainly where there is no Chromium.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";
import jstat from "jstat";
import { type Browser, chromium, type Page } from "playwright-core";
import {
  checkKeyboard,
  checkLetters,
  checkPictures,
  checkPrinted,
  checkValues,
} from "./browser_checks.ts";
import { exampleDocuments } from "./browser_documents.ts";
import { loadDrawing } from "./drawing.ts";
import { reportPage } from "./page.ts";

const EXECUTABLE = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";

const WIDE = { width: 1200, height: 900 };
const NARROW = { width: 360, height: 740 };

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
    if (["error", "warning"].includes(message.type())) trouble.errors.push(message.text());
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

/** Writes stand out from what they are written on: by 4.5 to 1 at least (WCAG 2.1, 1.4.3). */
async function assertContrast(page: Page): Promise<void> {
  const contrasts = await page.evaluate(`(() => {
    const channel = (c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const luminance = (text) => {
      const [r, g, b] = text.match(/[0-9.]+/g).map(Number).map(channel);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const paper = luminance(getComputedStyle(document.body).backgroundColor);
    return [...document.querySelectorAll("p, td, th, dt, dd, figcaption, a, svg text")].map((each) => {
      const style = getComputedStyle(each);
      const ink = luminance(each.tagName === "text" ? style.fill : style.color);
      return [each.tagName, (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)];
    });
  })()`) as [string, number][];
  const faint = contrasts.filter(([, contrast]) => contrast < 4.5);
  assertEquals(faint.slice(0, 3), []);
}

async function checkAll(browser: Browser, url: string, pictures: string | undefined) {
  const views = {
    light: { viewport: WIDE },
    dark: { viewport: WIDE, dark: true },
    narrow: { viewport: NARROW },
    "narrow-dark": { viewport: NARROW, dark: true },
    "without-script": { viewport: NARROW, script: false },
  };
  for (const [name, options] of Object.entries(views)) {
    const { page, trouble } = await opened(browser, url, options);
    await checkPictures(page);
    await checkValues(page);
    await assertFits(page);
    await assertContrast(page);
    await checkLetters(page);
    if (pictures !== undefined) {
      await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
    }
    if (name === "light" || name === "narrow") await checkKeyboard(page);
    if (name === "light") await checkPrinted(page, pictures && `${pictures}/printed.pdf`);
    assertEquals(trouble, { requests: [url], errors: [] });
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
const options = { drawing: await loadDrawing(), tQuantile: jstat.studentt.inv };
Deno.writeTextFileSync(`${folder}/report.html`, reportPage(exampleDocuments(), options));
const browser = await launched();
try {
  await checkAll(browser, `file://${folder}/report.html`, pictures);
} finally {
  await browser.close();
  Deno.removeSync(folder, { recursive: true });
}
