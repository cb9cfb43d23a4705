import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import { hear } from "./hear.ts";
import { type Key, press } from "./press.ts";
import { chosen, type Effect, type Session } from "./session.ts";
import { curve, freshSession, knownSession, TUNED } from "./testing/sessions.ts";

function key(name: string, held: Partial<Key> = {}): Key {
  return { name, text: name.length === 1 ? name : "", shift: false, ctrl: false, ...held };
}

/** Presses several, written as names with a blank between them; `S-` and `C-` hold shift or ctrl. */
function pressed(session: Session, names: string): { session: Session; effects: Effect[] } {
  const effects: Effect[] = [];
  for (const name of names.split(" ")) {
    const bare = name.replace(/^[SC]-/, "");
    const step = press(session, key(bare, { shift: /^S-/.test(name), ctrl: /^C-/.test(name) }));
    session = step.session;
    effects.push(...step.effects);
  }
  return { session, effects };
}

function reserveAfter(names: string, from = knownSession()): number {
  return chosen(pressed(from, names).session).minReserve;
}

const check = (session: Session) => {
  const { tuned, settings, selected } = session;
  assert(selected >= 0 && selected < tuned.pools.length);
  settings.forEach(({ minReserve, policy }, index) => {
    const { most, policies } = tuned.pools[index]!;
    assert(Number.isInteger(minReserve) && minReserve >= 0 && minReserve <= most, `${minReserve}`);
    assert(policies[policy] !== undefined);
  });
};

Deno.test("press() moves the reserve by one, by a tenth of the way, to the floor and to where nobody waits", () => {
  const moves: readonly (readonly [names: string, reserve: number])[] = [
    ["right", 17],
    ["left left", 14],
    ["S-right", 18], // a tenth of 40 is 4, the round number below it 2
    ["S-left", 14],
    ["pageup", 18],
    ["pagedown pagedown", 12],
    ["+ +", 18],
    ["-", 15],
    ["home", 3],
    ["home left left left left", 0],
    ["end", 40],
    ["3 7 return", 37],
    ["3 7 escape", 16],
    ["9 9 9 return", 16], // more than there is: refused
  ];
  for (const [names, reserve] of moves) {
    assertEquals([names, reserveAfter(names)], [names, reserve]);
  }
  assertEquals(reserveAfter("S-right", freshSession()), 26);
});

Deno.test("press() goes round the policies and the pools, each with a setting of its own", () => {
  const { session } = pressed(knownSession(), "down right tab right up tab");
  assertEquals(session.settings, [{ minReserve: 17, policy: 1 }, { minReserve: 5, policy: 1 }]);
  assertEquals(chosen(session).pool.name, "buffers");
  assertEquals(chosen(pressed(session, "S-tab").session).pool.name, "requests");
  assertEquals(chosen(pressed(freshSession(), "up").session).policy.name, "reserve-first");
});

Deno.test("press() says why there is nowhere to go where it is not known with how many nobody waits", () => {
  const said = (session: Session) => pressed(session, "end").session.note?.text ?? "";
  assertEquals(said(freshSession()), "with how many nobody waits is not known yet");
  const { session } = pressed(freshSession(), "tab");
  assertStringIncludes(said(session), "tasks do not take from requests themselves");
  const hopeless = knownSession({ ...curve(16), neverWaits: null });
  assertStringIncludes(said(hopeless), "under five-level, whatever the reserve is");
});

Deno.test("press() takes a target, and refuses what is none without losing what was written", () => {
  const typed = "t C-u w a i t".split(" ");
  let session = knownSession();
  for (const name of typed) session = pressed(session, name).session;
  for (const text of " p99.9 < 1ms") session = press(session, key("", { text })).session;
  assertEquals(pressed(session, "return").session.target, {
    kind: "wait-percentile",
    percentile: 99.9,
    belowNs: 1e6,
  });
  const refused = pressed(session, "backspace backspace backspace return").session;
  assert(refused.mode.kind === "asking" && refused.mode.text === "wait p99.9 < ");
  assertStringIncludes(refused.mode.refusal!, 'give "wait rate < 1%"');
  assertEquals(refused.target, knownSession().target);
  const untimed = freshSession({ ...TUNED, timed: false });
  const asked = { ...session, tuned: untimed.tuned };
  const { mode } = pressed(asked, "return").session;
  assertStringIncludes(mode.kind === "asking" ? mode.refusal! : "", "no times");
});

Deno.test("press() asks for effects: a run, one at a time, its stop, a file, leave", () => {
  const running = pressed(knownSession(), "r");
  assertEquals(running.effects, [{ kind: "run" }]);
  assertEquals(pressed(running.session, "r").effects, []);
  assertEquals(pressed(running.session, "escape").effects, [{ kind: "stop" }]);
  assertEquals(pressed(knownSession(), "escape").effects, []);
  assertEquals(pressed(knownSession(), "w return").effects, [
    { kind: "write", file: "pipeline-tuned.jsonc", force: false },
  ]);
  assertEquals(pressed(knownSession(), "q").effects, [{ kind: "leave", interrupted: false }]);
  for (const before of ["?", "t", "w", "r"]) {
    const { effects } = pressed(knownSession(), `${before} C-c`);
    assertEquals(effects.at(-1), { kind: "leave", interrupted: true });
  }
});

Deno.test("press() writes over a file only where the answer is yes", () => {
  const session = hear(knownSession(), { kind: "exists", file: "my.jsonc" });
  assertEquals(pressed(session, "y").effects, [{ kind: "write", file: "my.jsonc", force: true }]);
  for (const no of ["n", "escape", "return"]) {
    const { session: after, effects } = pressed(session, no);
    assertEquals([after.mode.kind, effects], ["browsing", []]);
  }
  assertEquals(pressed(session, "x right q").session.mode.kind, "confirming");
});

Deno.test("press() keeps every reserve, policy and pool within what there is, whatever is pressed", () => {
  const names = [
    ...["left", "right", "up", "down", "home", "end", "pageup", "pagedown", "tab", "return"],
    ...["escape", "backspace", "", "f5", "__proto__", "constructor", "toString"],
    ...[
      "t",
      "r",
      "w",
      "q",
      "y",
      "n",
      "u",
      "c",
      "?",
      "0",
      "5",
      "9",
      "<",
      "%",
      "ä",
      "\u001b",
      "\u0000",
    ],
  ];
  const anyKey = fc.record({
    name: fc.constantFrom(...names),
    text: fc.oneof(fc.constantFrom(...names.filter((name) => name.length < 2)), fc.string()),
    shift: fc.boolean(),
    ctrl: fc.boolean(),
  });
  const news = fc.constantFrom(
    { kind: "exists", file: "a.jsonc" } as const,
    { kind: "progress", text: "50%" } as const,
    {
      kind: "curve",
      of: { pool: "buffers", policy: "linux", limitNs: 0 },
      curve: curve(9),
    } as const,
    {
      kind: "ran",
      settings: "x",
      measured: null,
      note: { mood: "bad", text: "it failed" },
    } as const,
  );
  fc.assert(fc.property(fc.array(fc.oneof({ weight: 9, arbitrary: anyKey }, news)), (events) => {
    let session = knownSession();
    for (const event of events) {
      session = "kind" in event ? hear(session, event) : press(session, event).session;
      check(session);
    }
  }));
});
