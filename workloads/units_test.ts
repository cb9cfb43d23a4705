import { assertEquals, assertStrictEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Option } from "../allocators/option.ts";
import {
  parseBytes,
  parseCount,
  parseDuration,
  parseOption,
  parseProbability,
  parseRate,
  UnitError,
} from "./units.ts";

type Parser = (value: string | number) => number;

const parsers: Readonly<Record<string, Parser>> = {
  parseDuration,
  parseBytes,
  parseRate,
  parseProbability,
  parseCount,
};

/** What each parser makes of what users write. */
const examples: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  parseDuration: {
    "500us": 500e3,
    "2s": 2e9,
    "1.5ms": 1.5e6,
    "100ns": 100,
    "2m": 120e9,
    "1h": 3600e9,
    "1.1us": 1100,
    ".5s": 5e8,
    "7µs": 7e3,
    " 3 ms ": 3e6,
    "1e3us": 1e6,
    "0": 0,
    "250": 250,
  },
  parseBytes: {
    "64KiB": 65536,
    "4096": 4096,
    "1MiB": 1048576,
    "2GB": 2e9,
    "512B": 512,
    "1.5KiB": 1536,
    "3kB": 3000,
    "1TiB": 2 ** 40,
  },
  parseRate: {
    "20000/s": 20000,
    "20k/s": 20000,
    "5/ms": 5000,
    "1.2M/s": 1.2e6,
    "3/us": 3e6,
    "1G/s": 1e9,
    "120/m": 2,
    "3600/h": 1,
    "20000": 20000,
  },
  parseProbability: { "0.1%": 0.001, "0.001": 0.001, "100%": 1, "0": 0, "1": 1, "33.3 %": 0.333 },
  parseCount: { "4096": 4096, "1k": 1000, "1.5k": 1500, "2M": 2e6, "0": 0 },
};

for (const [name, cases] of Object.entries(examples)) {
  Deno.test(`${name}() reads every unit`, () => {
    for (const [text, expected] of Object.entries(cases)) {
      assertEquals(parsers[name]!(text), expected, text);
    }
  });
}

const nonsense: readonly (string | number)[] = [
  "",
  " ",
  "abc",
  "5 parsecs",
  "NaN",
  "Infinity",
  "-1",
  "-5%",
  "--5",
  "1.2.3",
  "5s5",
  "0x10",
  "1e400",
  "5 m s",
  "/s",
  "s",
  "1,000",
  "٣",
  NaN,
  Infinity,
  -Infinity,
  -1,
  -0.5,
];

for (const [name, parse] of Object.entries(parsers)) {
  Deno.test(`${name}() refuses garbage, NaN, infinities, negatives and nothing`, () => {
    for (const value of nonsense) {
      const error = assertThrows(() => parse(value), UnitError);
      assertStringIncludes(error.message, ": give ", String(value));
    }
  });

  Deno.test(`${name}() never gives anything but a finite number of 0 or more, or a UnitError`, () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.double(), mangled()), (value) => {
      try {
        const parsed = parse(value);
        return Number.isFinite(parsed) && parsed >= 0;
      } catch (error) {
        return error instanceof UnitError;
      }
    }));
  });

  Deno.test(`${name}() gives a bare number back, written or not`, () => {
    const plain = name === "parseProbability"
      ? fc.double({ min: 0, max: 1, noNaN: true })
      : fc.nat({ max: Number.MAX_SAFE_INTEGER });
    fc.assert(fc.property(plain, (value) => parse(value) === value && parse(`${value}`) === value));
  });
}

Deno.test("parseDuration() says what it found and what is allowed", () => {
  const error = assertThrows(() => parseDuration("5 parsecs"), UnitError);
  assertEquals(
    error.message,
    '"5 parsecs" is not a duration: give a number with ns, us, ms, s, m or h, such as 500us',
  );
});

Deno.test("parseDuration() scales a decimal without a rounding of its own", () => {
  fc.assert(fc.property(fc.nat({ max: 10 ** 9 }), fc.nat({ max: 999 }), (whole, thousandths) => {
    const text = `${whole}.${String(thousandths).padStart(3, "0")}`;
    assertEquals(parseDuration(`${text}us`), whole * 1000 + thousandths);
    assertEquals(parseDuration(`${text}s`), (whole * 1000 + thousandths) * 1e6);
  }));
});

Deno.test("parseDuration() knows one zero only", () => {
  assertStrictEquals(parseDuration("-0"), 0);
  assertStrictEquals(parseDuration(-0), 0);
});

Deno.test("parseBytes() refuses a part of a byte and more than can be counted", () => {
  assertThrows(() => parseBytes("1.5B"), UnitError, "whole number of bytes");
  assertThrows(() => parseBytes("0.3KiB"), UnitError, "whole number of bytes");
  assertThrows(() => parseBytes("9007199TiB"), UnitError, "whole number of bytes");
});

Deno.test("parseBytes() and parseDuration() tell upper from lower case", () => {
  assertThrows(() => parseBytes("64kib"), UnitError);
  assertThrows(() => parseDuration("5MS"), UnitError);
});

Deno.test("parseProbability() refuses more than 1", () => {
  assertThrows(() => parseProbability("101%"), UnitError, "0 to 1");
  assertThrows(() => parseProbability(1.01), UnitError, "0 to 1");
});

Deno.test("parseCount() refuses a part of one", () => {
  assertThrows(() => parseCount("0.5"), UnitError, "whole number");
  assertThrows(() => parseCount(0.5), UnitError, "whole number");
});

const summary = "under test";

/** An option, a value for it, and what comes of it: a value, or a part of the error's message. */
const options: readonly (readonly [Option, unknown, unknown])[] = [
  [{ type: "duration", summary }, "1ms", 1e6],
  [{ type: "bytes", summary }, "4KiB", 4096],
  [{ type: "rate", summary }, "1k/s", 1000],
  [{ type: "probability", summary }, "50%", 0.5],
  [{ type: "integer", summary }, "-3", -3],
  [{ type: "number", summary }, "-2.5", -2.5],
  [{ type: "boolean", summary }, "true", true],
  [{ type: "boolean", summary }, false, false],
  [{ type: "string", summary, oneOf: ["a", "b"] }, "b", "b"],
  [{ type: "name", summary }, "page", "page"],
  [{ type: "path", summary }, "./own.ts", "./own.ts"],
  [{ type: "path", summary, default: null }, null, null],
  [{ type: "duration", summary, default: null }, null, null],
  [{ type: "bytes", summary, powerOfTwo: true }, "4KiB", 4096],
  [{ type: "integer", summary, powerOfTwo: true }, 1, 1],
];

for (const [option, value, expected] of options) {
  Deno.test(`parseOption() reads ${JSON.stringify(value)} as ${option.type}`, () => {
    assertEquals(parseOption(option, value), expected as string);
  });
}

const refusals: readonly (readonly [Option, unknown, string])[] = [
  [{ type: "duration", summary }, null, "null is not a duration: give a number with ns"],
  [{ type: "duration", summary }, undefined, "undefined is not a duration"],
  [{ type: "duration", summary }, true, "true is not a duration"],
  [{ type: "integer", summary }, [1], "a list is not a whole number"],
  [{ type: "integer", summary }, {}, "an object is not a whole number"],
  [{ type: "integer", summary }, "0.5", '"0.5" is not a whole number'],
  [{ type: "integer", summary, min: 0 }, -1, "-1 is out of range: give 0 or more"],
  [{ type: "integer", summary, max: 10 }, 11, "11 is out of range: give 10 or less"],
  [
    { type: "duration", summary, min: 1000, max: 6e10 },
    "1h",
    '"1h" is out of range: give 1us to 1m',
  ],
  [{ type: "bytes", summary, min: 4096, max: 2 ** 21 }, 1, "1 is out of range: give 4KiB to 2MiB"],
  [
    { type: "bytes", summary, min: 1, max: 2 ** 16, powerOfTwo: true },
    24,
    "24 is not a power of two: give one from 1B to 64KiB",
  ],
  [
    { type: "integer", summary, min: 0, powerOfTwo: true },
    0,
    "0 is not a power of two: give one from 0 or more",
  ],
  [{ type: "rate", summary, min: 1 }, 0, "0 is out of range: give 1/s or more"],
  [{ type: "number", summary }, NaN, "NaN is not a number"],
  [{ type: "boolean", summary }, "yes", '"yes" is not a boolean: give true or false'],
  [{ type: "string", summary, oneOf: ["a", "b"] }, "c", '"c" is not known: give a or b'],
  [{ type: "string", summary }, 5, "5 is not a text"],
  [{ type: "path", summary }, 5, "5 is not a text"],
  [{ type: "path", summary }, "", '"" is not a path: give the path of a file'],
  [{ type: "name", summary }, "", '"" is not a name'],
  [{ type: "string", summary, oneOf: ["a"] }, "c".repeat(99), '"cccc'],
];

for (const [option, value, message] of refusals) {
  Deno.test(`parseOption() refuses ${JSON.stringify(value)?.slice(0, 20)}: ${message}`, () => {
    const error = assertThrows(() => parseOption(option, value), UnitError);
    assertStringIncludes(error.message, message);
  });
}

/** Texts that nearly look like values. */
function mangled(): fc.Arbitrary<string> {
  const pieces = fc.constantFrom(
    "1",
    "0",
    ".",
    "e",
    "-",
    "+",
    "k",
    "KiB",
    "ms",
    "/",
    "s",
    "%",
    " ",
  );
  return fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(""));
}
