import { assertEquals, assertRejects } from "@std/assert";
import { PACED_SCHEMA } from "./paced.ts";
import { PacedError, SlotsError, startPaced } from "./paced_process.ts";

/** A checkout whose command says that it is ready, and answers each line as `answer` has it, a line of code. */
function checkout(answer: string): { readonly folder: string } & Disposable {
  const folder = Deno.makeTempDirSync();
  Deno.writeTextFileSync(`${folder}/deno.json`, '{ "permissions": { "default": {} } }');
  Deno.writeTextFileSync(
    `${folder}/cli.ts`,
    `console.log(JSON.stringify({ schema: "${PACED_SCHEMA}", slots: true }));
    for await (const bytes of Deno.stdin.readable) {
      const line = new TextDecoder().decode(bytes);
      ${answer}
    }`,
  );
  return { folder, [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }) };
}

Deno.test("startPaced() asks for each slot by its kind, its length and its worker", async () => {
  const asked = 'line === "slots\\n" || line === "alone 10 1\\n"';
  using side = checkout(
    `console.log(JSON.stringify({ cpuNs: 1, allocsPerSecond: ${asked} ? 2 : "?" }));`,
  );
  await using source = startPaced({ folder: side.folder, args: [] });
  assertEquals(await source.ready(), true);
  await source.begin();
  const slot = await source.slot({ name: "alone", ms: 10, worker: 1 });
  assertEquals(slot, { name: "alone", cpuNs: 1, allocsPerSecond: 2 });
  await assertRejects(
    () => source.slot({ name: "all", ms: 10, worker: 0 }),
    PacedError,
    "it said nothing of what it did in a slot of 10 ms",
  );
});

Deno.test("startPaced() says where a side cannot go on in slots, and where it ended", async () => {
  using side = checkout(
    'if (line !== "slots\\n") { console.error("error: it broke"); Deno.exit(3); }' +
      'console.log(JSON.stringify({ stuck: "they wait" }));',
  );
  await using source = startPaced({ folder: side.folder, args: [] });
  await source.ready();
  await assertRejects(() => source.begin(), SlotsError, "they wait");
  const error = await assertRejects(() => source.slice(), PacedError, "it broke");
  assertEquals(error.status, 3);
});
