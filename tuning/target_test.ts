import { assertEquals, assertThrows } from "@std/assert";
import { targetText } from "../results/recommendation_formats/facts.ts";
import { allowedShare } from "../results/recommendation.ts";
import { InputError } from "../workloads/input_error.ts";
import { isMet, limitOf, parseTarget } from "./target.ts";

Deno.test("parseTarget() reads a rate of waits and a percentile of them", () => {
  const rate = parseTarget(" wait rate <0.1%");
  assertEquals(rate, { kind: "wait-rate", below: 0.001 });
  assertEquals([limitOf(rate), allowedShare(rate), targetText(rate)], [
    0,
    0.001,
    "wait rate < 0.1%",
  ]);
  const percentile = parseTarget("wait p99.9 < 1ms");
  assertEquals(percentile, { kind: "wait-percentile", percentile: 99.9, belowNs: 1e6 });
  assertEquals([limitOf(percentile), targetText(percentile)], [999_999, "wait p99.9 < 1ms"]);
});

Deno.test("isMet() is strict for a rate and by nearest rank for a percentile", () => {
  const rate = parseTarget("wait rate < 1%");
  assertEquals([9, 10, 11].map((many) => isMet(rate, many, 1000)), [true, false, false]);
  const percentile = parseTarget("wait p99 < 1us");
  assertEquals([9, 10, 11].map((many) => isMet(percentile, many, 1000)), [true, true, false]);
});

Deno.test("parseTarget() refuses what is no target, in a sentence", () => {
  const refusals = [
    ["wait", '--slo: "wait" is no target: give "wait rate < 1%" or "wait p99.9 < 1ms"'],
    ["wait rate < 0", "give a share above 0 and below 1 (that nobody waits takes neverWaits"],
    ["wait rate < 2", "--slo: "],
    ["wait p100 < 1ms", "give a percentile above 0 and below 100"],
    ["wait p99 < soon", "--slo: "],
  ];
  for (const [text, says] of refusals) assertThrows(() => parseTarget(text!), InputError, says!);
});
