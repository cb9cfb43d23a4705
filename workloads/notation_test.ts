import { assertEquals, assertThrows } from "@std/assert";
import { KINDS } from "./testdata/kinds.ts";
import fc from "fast-check";
import type { Kind } from "../allocators/option.ts";
import * as arrivals from "./arrivals/mod.ts";
import * as holds from "./holds/mod.ts";
import { parseNotation } from "./notation.ts";
import { UnitError } from "./units.ts";

const bare: Readonly<Record<string, Kind>> = { none: { summary: "nothing", options: {} } };

const read: readonly (readonly [string, Readonly<Record<string, Kind>>, unknown])[] = [
  ["poisson:rate=10000/s", arrivals, { kind: "poisson", rate: 10000 }],
  ["constant:rate=5/ms", arrivals, { kind: "constant", rate: 5000 }],
  ["constant:20k/s", arrivals, { kind: "constant", rate: 20000 }],
  ["exponential:mean=1ms", holds, { kind: "exponential", mean: 1e6 }],
  ["constant:1ms", holds, { kind: "constant", time: 1e6 }],
  ["lognormal:median=200us,sigma=1.5", holds, { kind: "lognormal", median: 2e5, sigma: 1.5 }],
  ["lognormal:200us,sigma=1.5", holds, { kind: "lognormal", median: 2e5, sigma: 1.5 }],
  ["lognormal: median = 200us , sigma = 2", holds, { kind: "lognormal", median: 2e5, sigma: 2 }],
  ["lognormal:200us", holds, { kind: "lognormal", median: 2e5, sigma: 1 }],
  ["none", bare, { kind: "none" }],
];

for (const [text, registry, expected] of read) {
  Deno.test(`parseNotation() reads ${text}`, () => {
    assertEquals<unknown>(parseNotation(text, registry, "kind"), expected);
  });
}

const refused: readonly (readonly [string, Readonly<Record<string, Kind>>, string])[] = [
  [
    "poison:rate=1/s",
    arrivals,
    `"poison" is no known arrival: give ${KINDS.arrivals} (did you mean poisson?)`,
  ],
  ["", arrivals, '"" is no known arrival'],
  ["toString:1", arrivals, '"toString" is no known arrival'],
  ["poisson", arrivals, "poisson needs rate: give rate=RATE (arrivals per second"],
  [
    "poisson:rte=1/s",
    arrivals,
    'poisson has no option "rte": poisson takes rate (did you mean rate?)',
  ],
  ["poisson:__proto__=1/s", arrivals, 'poisson has no option "__proto__"'],
  ["poisson:rate=fast", arrivals, 'rate of poisson: "fast" is not a rate: give a number'],
  ["poisson:rate=0/s", arrivals, 'rate of poisson: "0/s" is out of range: give 0.001/s to'],
  ["poisson:1/s,rate=2/s", arrivals, "rate of poisson is given twice"],
  ["lognormal:sigma=1,200us", holds, '"200us" of lognormal has no key: give key=value'],
  ["lognormal:", holds, 'median of lognormal: "" is not a duration'],
  ["none:5", bare, '"5" of none has no key: give key=value, none takes no options'],
];

for (const [text, registry, message] of refused) {
  Deno.test(`parseNotation() refuses ${JSON.stringify(text)}`, () => {
    assertThrows(() => parseNotation(text, registry, "arrival"), UnitError, message);
  });
}

Deno.test("parseNotation() never fails with anything but a UnitError", () => {
  const pieces = fc.constantFrom(
    "lognormal",
    "constant",
    ":",
    "=",
    ",",
    "median",
    "sigma",
    "1ms",
    "1",
  );
  fc.assert(fc.property(fc.array(pieces, { maxLength: 10 }), (parts) => {
    try {
      return typeof parseNotation(parts.join(""), holds, "hold").kind === "string";
    } catch (error) {
      return error instanceof UnitError;
    }
  }));
});
