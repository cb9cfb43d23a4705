import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import { COMMAND_TEXTS, type Reply, reply } from "./dialogue.ts";
import { chosen, type Session } from "./session.ts";
import { freshSession, knownSession } from "./testing/sessions.ts";

function after(...lines: readonly string[]): Reply {
  let session: Session = knownSession();
  let answer = reply(session, "");
  for (const line of lines) {
    answer = reply(session, line);
    session = answer.session;
  }
  return answer;
}

Deno.test("reply() moves what the keys move", () => {
  const moves: readonly (readonly [line: string, reserve: number])[] = [
    ["reserve 12", 12],
    ["  reserve   0  ", 0],
    ["reserve +5", 21],
    ["reserve -100", 0],
    ["reserve +999", 200],
    ["reserve floor", 3],
    ["reserve nobody-waits", 40],
    ["reserve +", 17],
    ["+", 17],
    ["-", 15],
    ["+ 5", 21],
    ["-3", 13],
    ["12", 12],
  ];
  for (const [line, reserve] of moves) {
    const { session, shows, refusal } = after(line);
    assertEquals([line, chosen(session).minReserve, shows, refusal], [
      line,
      reserve,
      "state",
      null,
    ]);
  }
  assertEquals(chosen(after("policy linux").session).policy.name, "linux");
  assertEquals(chosen(after("policy previous").session).policy.name, "reserve-first");
  assertEquals(chosen(after("pool requests").session).pool.name, "requests");
  assertEquals(after("target wait p99 < 1ms").session.target, {
    kind: "wait-percentile",
    percentile: 99,
    belowNs: 1e6,
  });
});

Deno.test("reply() asks for what is to be done to the world", () => {
  assertEquals(after("run").effect, { kind: "run" });
  assertEquals(after("quit").effect, { kind: "leave", interrupted: false });
  for (const [key, name] of [["q", "quit"], ["?", "help"], ["r", "run"], ["w", "write"]]) {
    assertEquals(after(key!), after(name!));
  }
  assertEquals(after("t wait p99 < 1ms"), after("target wait p99 < 1ms"));
  const does = new Map(COMMAND_TEXTS);
  for (const [command, key] of [["quit", "q"], ["help", "?"], ["run", "r"]]) {
    assertStringIncludes(does.get(command!)!, `(or ${key})`);
  }
  const write = (line: string) => after(line).effect;
  assertEquals(write("write"), { kind: "write", file: "pipeline-tuned.jsonc", force: false });
  assertEquals(write("write a b.jsonc"), { kind: "write", file: "a b.jsonc", force: false });
  assertEquals(write("write a.jsonc --force"), { kind: "write", file: "a.jsonc", force: true });
});

Deno.test("reply() refuses in one sentence, and leaves everything as it was", () => {
  const refusals: readonly (readonly [line: string, says: string])[] = [
    ["reserv 3", '"reserv" is no command: give reserve, policy'],
    ["reserv 3", "(did you mean reserve?)"],
    ["reserve", '"" is no reserve of buffers: give 0 to 200, +N, -N, floor or nobody-waits'],
    ["reserve 201", '"201" is no reserve of buffers: give 0 to 200'],
    ["reserve 1.5", '"1.5" is no reserve'],
    ["policy lunix", '"lunix" is no policy for this pool: give five-level, linux or reserve-first'],
    ["pool nothing", '"nothing" is no pool: give buffers or requests'],
    ["target soon", '"soon" is no target: give "wait rate < 1%"'],
    ["constructor", '"constructor" is no command'],
  ];
  for (const [line, says] of refusals) {
    const { session, effect, shows, refusal } = after(line);
    assertStringIncludes(refusal ?? "", says);
    assertEquals({ ...session, note: null }, knownSession());
    assertEquals([effect, shows], [null, "nothing"]);
  }
  assertStringIncludes(
    reply(freshSession(), "reserve nobody-waits").refusal ?? "",
    "not known yet",
  );
});

Deno.test("reply() leaves blank lines and comments alone, and explains every command", () => {
  for (const line of ["", "   ", "# reserve 3"]) {
    assertEquals(after(line), { ...after(""), session: knownSession() });
  }
  for (const [command] of COMMAND_TEXTS) {
    const name = command.split(" ")[0]!;
    assert(!(after(name).refusal ?? "").includes("no command"), name);
  }
});

Deno.test("reply() takes any line without an error", () => {
  const words = fc.constantFrom(
    "reserve",
    "policy",
    "pool",
    "target",
    "write",
    "wait rate <",
    "1%",
  );
  const line = fc.oneof(
    fc.string(),
    fc.array(fc.oneof(words, fc.string())).map((all) => all.join(" ")),
  );
  fc.assert(fc.property(fc.array(line), (lines) => {
    const { session } = after(...lines);
    const { pool, minReserve } = chosen(session);
    assert(minReserve >= 0 && minReserve <= pool.most);
  }));
});
