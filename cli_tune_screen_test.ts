/**
 * `tune` on a real pseudo-terminal, which `script` (util-linux, bsdutils) makes: keys in, a screen out, and the terminal as it
 * was before, however it ends.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";

const CLI = new URL("./cli.ts", import.meta.url).pathname;
const TERMINAL = new URL("./terminal.ts", import.meta.url).href;
const CONFIG = new URL("./deno.json", import.meta.url).pathname;
const TUNE = `'${Deno.execPath()}' run -q -P --config '${CONFIG}' '${CLI}' tune`;

/** Nobody waits for longer than this, whatever else the machine does. */
const PATIENCE_MS = 60_000;

const RIGHT = "\x1b[C";
const DOWN = "\x1b[B";
const END = "\x1b[F";
const LEAVES = "\x1b[?7h\x1b[?25h\x1b[?1049l";

function hasScript(): boolean {
  try {
    new Deno.Command("script", { args: ["--version"], stdout: "null" }).outputSync();
    return true;
  } catch {
    return false;
  }
}

/** A test that needs a pseudo-terminal, left out in so many words where nothing makes one. */
function onTerminal(name: string, fn: () => Promise<void>): void {
  const ignore = !hasScript();
  Deno.test({ name: ignore ? `${name} (left out: there is no script(1) here)` : name, ignore, fn });
}

/** What a terminal shows and how it is set, while a command runs in it. */
class Terminal implements AsyncDisposable {
  readonly folder = Deno.makeTempDirSync();
  raw = "";
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;
  #heard = Promise.withResolvers<void>();

  /** Runs a command of a shell in a terminal of 100 columns and 30 rows. */
  constructor(command: string, env: Record<string, string> = {}) {
    const script = [
      "stty cols 100 rows 30; stty -a > before; tty > tty",
      `sh -c 'echo $$ > pid; exec "$@"' sh ${command}`,
      'echo "status=$?"; stty -a > after',
    ].join("\n");
    this.#child = new Deno.Command("script", {
      args: ["-qefc", script, "/dev/null"],
      cwd: this.folder,
      env: { TERM: "xterm", NO_COLOR: "", ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reading = this.#read();
  }

  /** The lines of the screen. */
  get screen(): string {
    const lines: string[] = [];
    // deno-lint-ignore no-control-regex
    for (const [, row, line] of this.raw.matchAll(/\x1b\[(?:(\d+);1H(.*?)\x1b\[K|2J)/g)) {
      if (row === undefined) lines.length = 0;
      else lines[Number(row) - 1] = stripAnsiCode(line!);
    }
    return lines.join("\n");
  }

  async press(keys: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(keys));
  }

  /** Waits until the screen, or all that was ever written, matches. */
  async until(pattern: RegExp, where: "screen" | "raw" = "screen"): Promise<void> {
    const patience = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE_MS);
    while (!pattern.test(this[where])) {
      const { promise } = this.#heard;
      const isOver = await Promise.race([
        promise.then(() => false),
        this.#reading.then(() => true),
      ]);
      if (isOver && !pattern.test(this[where])) {
        throw new Error(
          `no ${pattern} on\n${this.screen}\n${JSON.stringify(this.raw.slice(-500))}`,
        );
      }
    }
    clearTimeout(patience);
  }

  /** Waits for the end. @returns the status of the command. */
  async end(): Promise<number> {
    await this.until(/status=\d+/, "raw");
    await this.#writer.close();
    await this.#reading;
    await this.#child.status;
    assertEquals(this.#settings("after"), this.#settings("before"));
    assertEquals(this.raw.split("\x1b[?1049h").length, this.raw.split(LEAVES).length);
    return Number(/status=(\d+)/.exec(this.raw)![1]);
  }

  signal(signal: Deno.Signal): void {
    Deno.kill(Number(Deno.readTextFileSync(`${this.folder}/pid`)), signal);
  }

  resize(columns: number, rows: number): void {
    const tty = Deno.readTextFileSync(`${this.folder}/tty`).trim();
    const args = ["-F", tty, "cols", String(columns), "rows", String(rows)];
    assert(new Deno.Command("stty", { args }).outputSync().success);
  }

  #settings(when: "before" | "after"): string {
    return Deno.readTextFileSync(`${this.folder}/${when}`).replace(/rows \d+; columns \d+;/, "");
  }

  async #read(): Promise<void> {
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      this.raw += text;
      const { resolve } = this.#heard;
      this.#heard = Promise.withResolvers();
      resolve();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reading;
    Deno.removeSync(this.folder, { recursive: true });
  }
}

onTerminal(
  "tune moves with the arrow keys, and leaves the terminal as it was",
  async () => {
    await using terminal = new Terminal(`${TUNE} dead`);
    await terminal.until(/◀ 28 ▶[^]*✘ missed: 7\.\d%/);
    await terminal.press(RIGHT + RIGHT);
    await terminal.until(/◀ 30 ▶ 120KiB[^]*missed: 3\.\d%/);
    await terminal.press(DOWN);
    await terminal.until(/▲ linux ▼[^]*missed: 3\.\d%[^]*share that misses/);
    await terminal.press(END);
    await terminal.until(/◀ (\d+) ▶.* \1 nobody waits[^]*met: 0% wait/);
    assertStringIncludes(terminal.raw, "\x1b[32m");
    await terminal.press("q");
    assertEquals(await terminal.end(), 0);
    assertMatch(terminal.raw, /mempool-bench bench dead --min-reserve 4\d --policy linux\r\n/);
  },
);

onTerminal(
  "tune lets one choose a scenario, fits a new size, runs and writes, without colours where none are wanted",
  async () => {
    await using terminal = new Terminal(`${TUNE} --duration 100ms --warmup 0`, { NO_COLOR: "1" });
    await terminal.until(/Which scenario\?[^]*▸ bio /);
    await terminal.press("conten\r");
    await terminal.until(/contended {2}closed load[^]*nothing is predicted of buffers/);
    terminal.resize(64, 20);
    await terminal.until(/^(?![^]*seed 1\n\n)[^]*contended {2}closed load[^]*q quit$/);
    assert(terminal.screen.split("\n").every((line) => line.length <= 64));
    await terminal.press("r");
    await terminal.until(/✔ measured: .*a second/);
    assertMatch(terminal.screen, /served by +predicted +measured/);
    await terminal.press("w\x15my.jsonc\r");
    await terminal.until(/my\.jsonc: written/);
    await terminal.press("w\x15my.jsonc\r");
    await terminal.until(/my\.jsonc is there already: write over it\?/);
    await terminal.press("n");
    await terminal.until(/left as it was/);
    await terminal.press("\x03");
    assertEquals(await terminal.end(), 130);
    // deno-lint-ignore no-control-regex
    assert(!/\x1b\[\d+m/.test(terminal.raw));
    assertStringIncludes(Deno.readTextFileSync(`${terminal.folder}/my.jsonc`), '"contended"');
  },
);

onTerminal("tune gives the terminal back when a signal ends it", async () => {
  await using terminal = new Terminal(`${TUNE} contended`);
  await terminal.until(/contended {2}closed load/);
  terminal.signal("SIGTERM");
  assertEquals(await terminal.end(), 143);
});

onTerminal("tune asks line by line where the terminal cannot be steered", async () => {
  await using terminal = new Terminal(`${TUNE} contended`, { TERM: "dumb" });
  await terminal.until(/predicted[^]*> $/, "raw");
  await terminal.press("reserve 9\nquit\n");
  assertEquals(await terminal.end(), 0);
  assertStringIncludes(terminal.raw, "9");
  assert(!terminal.raw.includes("\x1b[?"));
});

onTerminal("openScreen() gives the terminal back when an error is caught by nobody", async () => {
  const code = `import { openScreen } from "${TERMINAL}"; openScreen().draw(["drawn"]); ` +
    `setTimeout(() => { throw new Error("nobody catches this"); });`;
  await using terminal = new Terminal(`'${Deno.execPath()}' eval '${code}'`);
  assertEquals(await terminal.end(), 1);
  const [, after] = terminal.raw.split(LEAVES);
  assertStringIncludes(after!, "nobody catches this");
});
