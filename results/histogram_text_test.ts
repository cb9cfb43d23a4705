import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Histogram } from "./histogram.ts";
import { binsOf, HISTOGRAM_TEXT, histogramText, mergeBins } from "./histogram_text.ts";

function recorded(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

const latency = fc.oneof(fc.nat(1000), fc.nat(1e6), fc.integer({ min: 0, max: 2 ** 52 }));

Deno.test("histogramText() is lossless: the bins have the histogram's counts and percentiles", () => {
  fc.assert(
    fc.property(fc.array(latency, { maxLength: 100 }), (values) => {
      const histogram = recorded(values);
      const text = histogramText(histogram.toData());
      assert(HISTOGRAM_TEXT.test(text), text);
      const again = new Histogram();
      for (const [value, samples] of binsOf(text)) {
        for (let sample = 0; sample < samples; sample++) again.record(value);
      }
      assertEquals(again.toData().counts, histogram.toData().counts);
      assertEquals(histogramText(again.toData()), text);
    }),
  );
});

Deno.test("histogramText() of nothing is empty, and has no bins", () => {
  assertEquals(histogramText(new Histogram().toData()), "");
  assertEquals([binsOf(""), mergeBins(["", ""])], [[], []]);
});

Deno.test("mergeBins() adds up what several histograms have", () => {
  assertEquals(mergeBins(["1*2 9*1", "1*3 5*1"]), [[1, 5], [5, 1], [9, 1]]);
});

Deno.test("HISTOGRAM_TEXT refuses what is no histogram", () => {
  for (const text of ["1", "1*0", "1*", "*2", "1*2  3*4", "1.5*2", "-1*2", "1*2,3*4", "x"]) {
    assert(!HISTOGRAM_TEXT.test(text), text);
  }
});
