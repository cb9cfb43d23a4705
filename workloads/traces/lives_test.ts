import { assertEquals } from "@std/assert";
import { livesOf } from "./lives.ts";
import { withFile } from "./made_up.ts";
import { compileReplay } from "./program.ts";

Deno.test("livesOf() says of each element when, how long, how large, by whom, and who freed it", async () => {
  const content = "t_ns,op,id,size,worker\n" +
    "5,a,1,64,x\n6,a,2,32,y\n8,f,1,,y\n9,a,1,16,y\n12,f,2,,\n";
  const lives = livesOf(await withFile(content, compileReplay));
  assertEquals(lives.count, 3);
  assertEquals([...lives.startAt], [0, 1, 4]);
  assertEquals([...lives.hold], [3, 6, Infinity]);
  assertEquals([...lives.sizeBytes], [64, 32, 16]);
  assertEquals([...lives.allocator], [0, 1, 1]);
  assertEquals([...lives.freer], [1, 1, 1]);
});
