import { assert, assertEquals } from "@std/assert";
import { parse } from "@std/jsonc";
import { scenarioJsonSchema } from "./json_schema.ts";
import { parseScenario } from "./parse_scenario.ts";
import { registered } from "./registered.ts";
import { builtinNames, readBuiltin } from "./scenarios/mod.ts";
import { sampleWith } from "./testdata/sample.ts";

/** The words of JSON Schema that the scenario's schema uses. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
  readonly propertyNames?: Schema;
  readonly pattern?: string;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

const schema: Schema = await scenarioJsonSchema(registered);

/** Whether a schema accepts a value, by the rules of the words above. */
function accepts(schema: Schema, value: unknown): boolean {
  const { minimum = -Infinity, maximum = Infinity } = schema;
  return (schema.type === undefined || hasType(schema.type, value)) &&
    (!("const" in schema) || schema.const === value) &&
    (schema.enum?.includes(value) ?? true) &&
    (schema.anyOf?.some((one) => accepts(one, value)) ?? true) &&
    (schema.oneOf === undefined ||
      schema.oneOf.filter((one) => accepts(one, value)).length === 1) &&
    (typeof value !== "number" || (value >= minimum && value <= maximum)) &&
    (typeof value !== "string" || new RegExp(schema.pattern ?? "").test(value)) &&
    (!Array.isArray(value) || acceptsList(schema, value)) &&
    (!hasType("object", value) || acceptsObject(schema, Object.entries(Object(value))));
}

function acceptsList(schema: Schema, list: readonly unknown[]): boolean {
  const { items = {}, minItems = 0, maxItems = Infinity } = schema;
  return list.length >= minItems && list.length <= maxItems &&
    list.every((value) => accepts(items, value));
}

function acceptsObject(schema: Schema, entries: readonly [string, unknown][]): boolean {
  const { properties = {}, required = [], propertyNames = {} } = schema;
  const { minProperties = 0, maxProperties = Infinity, additionalProperties = {} } = schema;
  return required.every((key) => entries.some(([given]) => given === key)) &&
    entries.length >= minProperties && entries.length <= maxProperties &&
    entries.every(([key, value]) => {
      const inner = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
      return accepts(propertyNames, key) && inner !== undefined && inner !== false &&
        accepts(inner, value);
    });
}

function hasType(type: string, value: unknown): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }
  const actual: string = typeof value;
  return actual === type;
}

Deno.test("scenarioJsonSchema() accepts the built-in scenarios, as written and as resolved", () => {
  for (const name of builtinNames()) {
    assert(accepts(schema, parse(readBuiltin(name).text)), name);
    const resolved = parseScenario({ name }, {}, registered);
    assert(accepts(schema, JSON.parse(JSON.stringify(resolved))), `${name}, resolved`);
  }
});

Deno.test("scenarioJsonSchema() accepts policies of one's own and values with units", () => {
  const own = '{ "steps": ["backend-atomic", { "reserve": { "atLeast": "25%" } }, "wait"] }';
  assert(accepts(schema, parse(sampleWith('"linux"', own))));
});

Deno.test("scenarioJsonSchema() refuses what it can see to be wrong", () => {
  const spoilt: [part: string, by: string][] = [
    ['"pools": {', '"pool": {'],
    ['"over": "page", ', ""],
    ['"kind": "page"', '"kind": "pagee"'],
    ['"workers": 2', '"workers": 65'],
    ['"workers": 2', '"workers": 1.5'],
    ['"workers": 2', '"atomicShare": 1.5'],
    ['"linux"', '"linx"'],
    ['"linux"', '{ "steps": ["reserv"] }'],
    ['"linux"', '{ "steps": [{ "reserve": {} }] }'],
    ['"kind": "open"', '"kind": "closed"'],
    ['"inner": {', '"in ner": {'],
    ['"take": "outer"', '"take": []'],
  ];
  for (const [part, by] of spoilt) {
    assertEquals(accepts(schema, parse(sampleWith(part, by))), false, by);
  }
});

Deno.test("scenarioJsonSchema() says of each key what it is, from the registries", () => {
  const text = JSON.stringify(schema);
  for (const kinds of [registered.allocators, registered.arrivals, registered.pressures]) {
    for (const kind of Object.values(kinds)) {
      assert(text.includes(JSON.stringify(kind.summary)), kind.summary);
      for (const { summary } of Object.values(kind.options)) {
        assert(text.includes(JSON.stringify(summary)), summary);
      }
    }
  }
});
