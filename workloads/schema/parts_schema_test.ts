import { assertEquals } from "@std/assert";
import { scenarioJsonSchema } from "../json_schema.ts";
import { parsed, refusal, sampleWith } from "../testdata/sample.ts";
import { registered } from "../registered.ts";

const WHOLE = sampleWith(
  '"fresh": { "kind": "heap" }',
  `"fresh": { "kind": "heap" },
    "buffer": { "kind": "composite", "parts": PARTS }`,
).replace('"inner": {', '"buffers": { "over": "buffer", "minReserve": 4 },\n"inner": {');

function withParts(parts: string): string {
  return WHOLE.replace("PARTS", () => parts);
}

Deno.test("partsSchema() takes names, alone or with a count, and yields both alike", () => {
  const parts = [{ of: "inner", count: 1 }, { of: "page", count: 16 }, { of: "page", count: 1 }];
  const written = '["inner", { "of": "page", "count": "16" }, { "of": "page" }]';
  const { allocators } = parsed(withParts(written));
  assertEquals(allocators.buffer, { kind: "composite", parts });
  const again = parsed(withParts(JSON.stringify(parts)));
  assertEquals(again.allocators.buffer, { kind: "composite", parts });
});

Deno.test("partsSchema() has its counts set by key", () => {
  const set = { set: ["allocators.buffer.parts.1.count=8"] };
  const { allocators } = parsed(withParts('["inner", { "of": "page", "count": 16 }]'), set);
  const parts = [{ of: "inner", count: 1 }, { of: "page", count: 8 }];
  assertEquals(allocators.buffer, { kind: "composite", parts });
});

Deno.test("partsSchema() refuses what is no list of parts, with the place and what is allowed", () => {
  const all = "give page, fresh, buffer, buffers, inner or outer";
  const one = 'give a name, or {"of": name, "count": n}';
  for (
    const [parts, said] of [
      ['"page"', '"page" is not allowed: give a list of names, or of {"of": name, "count": n}'],
      ["[]", 'an empty list is not allowed: give a list of names, or of {"of": name, "count": n}'],
      ["[5]", `.0: 5 is not allowed: ${one}`],
      ['["page", { "off": "page" }]', ".1.off: unknown key: give of or count (did you mean of?)"],
      [
        '["page", "pagee"]',
        `.1: "pagee" is neither an allocator nor a pool of this scenario: ${all} (did you mean page?)`,
      ],
      ['[{ "of": "page", "count": 0 }]', ".0.count: 0 is out of range: give 1 to 1048576"],
      [
        '[{ "of": "page", "count": 1.5 }]',
        ".0.count: 1.5 is not a whole number: give a whole number, " +
        "with k, M or G if need be, such as 64 or 4k",
      ],
    ] as const
  ) {
    const place = said.startsWith(".") ? "" : ": ";
    assertEquals(refusal(withParts(parts)), `my.jsonc:7: allocators.buffer.parts${place}${said}`);
  }
  assertEquals(
    refusal(WHOLE.replace(', "parts": PARTS', "")),
    "my.jsonc:7: allocators.buffer.parts: missing: it must be given " +
      "(what an element is put together of, in this order)",
  );
});

Deno.test("partsSchema() is seen in the JSON Schema as a list of names or objects", async () => {
  const text = JSON.stringify(await scenarioJsonSchema(registered));
  const parts = text.slice(text.indexOf('"parts":{')).slice(0, 600);
  for (const word of ['"type":"array"', '"minItems":1', '"anyOf":[{"type":"string"', '"of":{']) {
    assertEquals(parts.includes(word), true, `${word} in ${parts}`);
  }
});
