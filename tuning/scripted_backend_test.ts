import { assertEquals } from "@std/assert";
import { budgetOf, isDead } from "./scripted_backend.ts";

const ENDLESS = { upNs: Infinity, downNs: 0 };

Deno.test("isDead() of a back end that never serves, whatever is said to be the reason", () => {
  for (
    const [pressure, dead] of [
      [{ failure: [0, 0], upNs: 0, downNs: Infinity }, true],
      [{ failure: [1, 1], ...ENDLESS }, true],
      [{ failure: [1, 0.99], ...ENDLESS }, false],
      [{ failure: [0.99, 1], ...ENDLESS }, false],
      [{ failure: [0, 0], upNs: 5, downNs: 5 }, false],
    ] as const
  ) {
    const backend = { kind: "pressure", name: "any", pressure } as const;
    assertEquals([isDead(backend), budgetOf(backend)], [dead, dead ? 0 : null]);
  }
});
