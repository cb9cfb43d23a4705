import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import { widthOf } from "../../results/formats/columns.ts";
import { hear } from "./hear.ts";
import { press } from "./press.ts";
import { type Measured, type Session, settingsKey } from "./session.ts";
import { curve, freshSession, knownSession, predicted, TUNED } from "./testing/sessions.ts";
import { view } from "./view.ts";

const MEASURED: Measured = {
  rates: [0.92, 0.03, 0.01, 0.03, 0.01],
  waitRate: 0.0123,
  latencyNs: { p50: 231, p99: 1100, "p99.9": null, max: 1.4e6 },
  isTheLoad: true,
};

function measured(session: Session): Session {
  return hear(session, {
    kind: "ran",
    settings: settingsKey(session),
    measured: { buffers: MEASURED, requests: MEASURED },
    note: { mood: "good", text: "measured: 19,614 allocations a second" },
  });
}

function pressed(session: Session, ...names: readonly string[]): Session {
  return names.reduce((each, name) => {
    const text = name.length === 1 ? name : "";
    return press(each, { name, text, shift: false, ctrl: false }).session;
  }, session);
}

const LONG = {
  ...TUNED,
  name: "名前".repeat(40),
  facts: Array.from({ length: 20 }, (_, index) => `fact ${index}`),
  pools: Array.from({ length: 9 }, (_, index) => ({ ...TUNED.pools[0]!, name: `pool-${index}` })),
};

const SESSIONS: Readonly<Record<string, Session>> = {
  fresh: freshSession(),
  known: knownSession(),
  measured: measured(knownSession()),
  unpredicted: measured(pressed(knownSession(), "tab")),
  running: { ...knownSession(), running: "measuring, 3s left" },
  help: pressed(knownSession(), "?"),
  asking: pressed(knownSession(), "t"),
  refused: pressed(knownSession(), "t", "x", "return"),
  confirming: hear(knownSession(), { kind: "exists", file: "/a/very/long/path".repeat(9) }),
  beyond: pressed(knownSession(), "2", "0", "0", "return"),
  below: pressed(knownSession(), "0", "return"),
  long: {
    ...freshSession(),
    tuned: LONG,
    settings: LONG.pools.map(() => ({ minReserve: 7, policy: 2 })),
  },
  steering: {
    ...freshSession(),
    tuned: { ...TUNED, name: "a\x1b[2Jb\n\u0007", facts: ["\x1b]0;x"] },
  },
};

function text(session: Session, columns = 80, rows = 24): string {
  return view(session, { columns, rows, color: false }).join("\n");
}

Deno.test("view() fits every screen, and steers no terminal but by colours", () => {
  const size = fc.record({
    columns: fc.integer({ min: 20, max: 200 }),
    rows: fc.integer({ min: 1, max: 60 }),
    color: fc.boolean(),
  });
  fc.assert(fc.property(fc.constantFrom(...Object.keys(SESSIONS)), size, (name, screen) => {
    const lines = view(SESSIONS[name]!, screen);
    assertEquals(lines.length, screen.rows);
    for (const line of lines) {
      assert(widthOf(line) <= screen.columns, `${name}: ${line}`);
      // deno-lint-ignore no-control-regex
      const rest = screen.color ? line.replace(/\x1b\[\d+m/g, "") : line;
      assert(!/\p{Cc}/u.test(rest), `${name}: ${JSON.stringify(line)}`);
    }
  }));
});

Deno.test("view() shows the choice, its verdict, the levels, the waits and the keys on 80 columns", () => {
  const shown = text(measured(knownSession(curve(3, 8, 16, 24, 32, 40))));
  for (
    const part of [
      "pipeline  open load · 2 workers",
      "pool     [buffers]  requests",
      "◀ 16 ▶ 64KiB of 64.5KiB",
      "40 nobody waits",
      "▲ five-level ▼",
      "wait rate < 1%",
      "1 backend-atomic        90.0%  █",
      "q quit",
    ]
  ) assertStringIncludes(shown, part);
  assertMatch(shown, /served by +predicted +measured/);
  assertMatch(shown, /4 reserve +4\.0% .* 3\.0%/);
  assertMatch(shown, /predicted +0ns +0ns +49\.9us +1\.25ms +2\.8%/);
  assertMatch(shown, /measured +231ns +1\.1us +- +1\.4ms +1\.2% +✘ missed/);
  assertMatch(shown, /[•◆].*\n.*[•◆]/);
});

Deno.test("view() judges by the limits: met, missed or unsure", () => {
  const with16 = (change: Parameters<typeof predicted>[1]) =>
    text(knownSession({ neverWaits: 40, points: [predicted(16, change)] }));
  const cases: readonly (readonly [number | null, number | null, string])[] = [
    [0.001, 0.009, "✔ met: 2.8% wait (99%: 0.10% to 0.90%)"],
    [0.01, 0.02, "✘ missed: "],
    [0.009, 0.02, "~ unsure: "],
    [null, null, "~ unsure: 2.8% wait (too few of 114,688 to say more)"],
  ];
  for (const [missLow, missHigh, says] of cases) {
    assertStringIncludes(with16({ missLow, missHigh }), says);
  }
});

Deno.test("view() shows what is nearest, without numbers, while an answer is still to come", () => {
  const shown = text(pressed(knownSession(), "right"));
  assertMatch(shown, /target +wait rate < 1% +…/);
  assertMatch(shown, /1 backend-atomic +… +█/);
  assert(!shown.includes("90.0%"));
});

Deno.test("view() says why nothing is predicted, and what was measured all the same", () => {
  const shown = text(SESSIONS.unpredicted!);
  assertStringIncludes(
    shown,
    "! nothing is predicted of requests: tasks do not take from requests",
  );
  assertMatch(shown, /1 backend-atomic +- +█+.* 92\.0%/);
});

Deno.test("view() stands the picture beside the numbers where there is room, and leaves it out where there is none", () => {
  const wide = text(knownSession(), 140, 30).split("\n");
  assert(wide.some((line) => /^ {2}pool .* share that misses/.test(line)));
  assert(text(knownSession(), 80, 40).includes("share that misses"));
  assert(!text(knownSession(), 80, 16).includes("┤\n"));
  assertStringIncludes(text(SESSIONS.beyond!, 100, 40), "(◆ chosen, beyond this)");
});

Deno.test("view() says that a reserve below the floor may end in waits for ever", () => {
  assertStringIncludes(text(SESSIONS.below!), "below 3 tasks may wait for each other for ever");
});
