import { assertEquals, assertLess } from "@std/assert";
import fc from "fast-check";
import { type Retrying, WaitingLine } from "./waiting_line.ts";

const EVERY_NS = 5;

interface Named extends Retrying {
  readonly name: number;
}

/** The same as one would write it on paper: everybody is looked at each time. */
class PlainLine {
  waiting: Named[] = [];

  retry(nowNs: number, tries: (waiting: Named) => boolean): void {
    const due = this.waiting.filter(({ retryNs }) => retryNs <= nowNs);
    due.sort((a, b) => a.retryNs - b.retryNs);
    for (const each of due) {
      each.retryNs += EVERY_NS;
      if (tries(each)) this.waiting = this.waiting.filter((other) => other !== each);
    }
  }
}

Deno.test("WaitingLine lets the same try and leave as a list of all who wait", () => {
  const step = fc.constantFrom("join", "serve", "retry");
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 40, maxLength: 200 }),
      fc.integer({ min: 2, max: 5 }),
      (steps, nth) => {
        const line = new WaitingLine<Named>();
        const plain = new PlainLine();
        const told: [number[], number[]] = [[], []];
        const tries = (side: 0 | 1) => ({ name, retryNs }: Named) => {
          told[side].push(name, retryNs);
          return name % nth === 0;
        };
        steps.forEach((step, nowNs) => {
          line.retry(nowNs, EVERY_NS, tries(0));
          plain.retry(nowNs, tries(1));
          if (step === "join") {
            line.join({ name: nowNs, retryNs: nowNs + EVERY_NS });
            plain.waiting.push({ name: nowNs, retryNs: nowNs + EVERY_NS });
          } else if (step === "serve" && line.size > 0) {
            told[0].push(line.serveFirst().name);
            told[1].push(plain.waiting.shift()!.name);
          }
          assertEquals(line.size, plain.waiting.length);
          assertEquals(line.nextRetryNs, Math.min(...plain.waiting.map(({ retryNs }) => retryNs)));
        });
        assertEquals(told[0], told[1]);
      },
    ),
  );
});

Deno.test("WaitingLine looks at those alone whose time has come, however many wait", () => {
  const line = new WaitingLine<Named>();
  const many = 20_000;
  let looks = 0;
  for (let name = 0; name < many; name++) {
    line.join({
      name,
      get retryNs() {
        looks++;
        return many + name;
      },
      set retryNs(_) {
        // When each tries is the same for ever.
      },
    });
  }
  for (let nowNs = many; nowNs < many + 100; nowNs++) line.retry(nowNs, many, () => true);
  assertLess(looks, 1000);
  assertEquals(line.size, many - 100);
});
