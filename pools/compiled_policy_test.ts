import { assertEquals } from "@std/assert";
import { usesReserve } from "./compiled_policy.ts";
import type { Step } from "./policy.ts";
import { resolvePolicy } from "./composition_plan.ts";

Deno.test("usesReserve() is false of policies that neither take from a reserve nor wait", () => {
  const uses = (...steps: Step[]) => usesReserve({ ...resolvePolicy("five-level"), steps });
  assertEquals([uses("backend-atomic"), uses("backend-atomic", "backend-blocking")], [
    false,
    false,
  ]);
  assertEquals(uses("backend-atomic", "backend-blocking", "wait"), true);
  assertEquals(uses("reserve"), true);
  assertEquals(uses("backend-atomic", { reserve: { atLeast: 0.5 } }), true);
});
