import { assertEquals } from "@std/assert";
import { inShort, readWhole } from "./made_up.ts";

const spread = async (text: string) =>
  (await readWhole(text, { spread: true })).events.map(inShort);

Deno.test("Spreader moves the j-th of k completions of a grain by j/(k+1) of it", async () => {
  assertEquals(await spread("1, 100000, 0, 512\n1, 500000, 0, 512\n1, 0, 0, 512\n2, 7, 0, 512\n"), [
    "150000 i 512 +100000",
    "0 i 512 +500000",
    "750000 i 512 +0",
    "999993 i 512 +7",
  ]);
});

Deno.test("Spreader moves starts where starts were stamped, and leaves fine stamps alone", async () => {
  assertEquals(await spread("start_ms,latency_us\n5,100\n5,3\n6,1\n"), [
    "333333 i 0 +100000",
    "666666 i 0 +3000",
    "1000000 i 0 +1000",
  ]);
  assertEquals(await spread("start_ns,end_ns\n5,9\n5,7\n"), ["0 i 0 +4", "0 i 0 +2"]);
});
