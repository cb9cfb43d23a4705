import { assertEquals } from "@std/assert";
import type { LoadClock } from "./load_clock.ts";
import { SwapArea } from "./swap_area.ts";

/** A clock that passes at most 3 at a time. */
function slowClock(): LoadClock {
  let time = 0;
  return {
    now: () => time,
    pass: (until) => void (time = Math.min(until, time + 3)),
    millisecondsUntil: () => 0,
    nanosecondsSince: () => 0,
    real: true,
  };
}

function page(byte: number): Uint8Array {
  return new Uint8Array(16).fill(byte);
}

Deno.test("SwapArea.write() has the page's bytes, in another place each time until it comes round", () => {
  const swap = new SwapArea(16, slowClock(), () => false);
  const written = Array.from({ length: 65 }, (_, byte) => swap.write(page(byte), 0));
  assertEquals(written[1], page(1));
  assertEquals(written[63], page(63));
  assertEquals(written[0], page(64), "the first place holds the last page");
});

Deno.test("SwapArea.write() ends when the device is done, or the run over", () => {
  const clock = slowClock();
  let over = false;
  const swap = new SwapArea(16, clock, () => over);
  swap.write(page(1), 10);
  assertEquals(clock.now(), 10);
  over = true;
  swap.write(page(1), 10);
  assertEquals(clock.now(), 10);
});
