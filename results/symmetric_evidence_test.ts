/**
 * The claims of the intervals, played over: with looks after every block, and noise of many kinds.
 *
 * In earnest: `deno test -P=test results/symmetric_evidence_test.ts -- --sessions 20000`.
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import {
  blocksLeast,
  type Contrast,
  detectableShift,
  evidenceAbove,
  shiftInterval,
} from "./symmetric_evidence.ts";

const SESSIONS = Number(parseArgs(Deno.args, { string: ["sessions"] }).sessions ?? 400);
const BLOCKS = 30;
const ALPHA = 0.05;

/** Uniform in (0, 1), from a seed. */
function uniforms(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => ((generator.next() >>> 0) + 0.5) / 2 ** 32;
}

function normals(uniform: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Speeds of a machine, slice by slice, in logarithms. */
type Machine = (uniform: () => number) => () => number;

const MACHINES: Readonly<Record<string, Machine>> = {
  "normal noise": normals,
  "heavy tails (Cauchy)": (uniform) => () => Math.tan(Math.PI * (uniform() - 0.5)),
  "noise on one side (exponential)": (uniform) => () => -Math.log(uniform()),
  "steady drift": (uniform) => {
    const normal = normals(uniform);
    let at = 0;
    return () => 0.5 * at++ + normal();
  },
  "noise that remembers": (uniform) => {
    const normal = normals(uniform);
    let last = 0;
    return () => last = 0.95 * last + normal();
  },
  "two speeds": (uniform) => {
    const normal = normals(uniform);
    let slow = 0;
    return () => (slow = uniform() < 0.1 ? 1 - slow : slow) * 8 + 0.1 * normal();
  },
  "every fifth slice disturbed": (uniform) => {
    const normal = normals(uniform);
    let at = 0;
    return () => (at++ % 5 === 0 ? 20 : 0) + normal();
  },
  "a first slice that is slower": (uniform) => {
    const normal = normals(uniform);
    let at = 0;
    return () => (at++ % 4 === 0 ? 3 : 0) + normal();
  },
};

/** Blocks of a session, the order of each by lot; processes have luck of their own. */
function session(
  machine: Machine,
  uniform: () => number,
  { shift = 0, blocks = BLOCKS } = {},
): Contrast[] {
  const speed = machine(uniform);
  const normal = normals(uniform);
  return Array.from({ length: blocks }, () => {
    const luck = [0.5 * normal(), 0.5 * normal()];
    const [one, two, three, four] = [speed(), speed(), speed(), speed()];
    const [outer, inner] = [[one, four], [two, three]];
    const [base, head] = uniform() < 0.5 ? [outer, inner] : [inner, outer];
    return {
      difference: (head[0]! + head[1]! - base[0]! - base[1]!) / 2 + luck[0]! - luck[1]! + shift,
      noise: [base[0]! - base[1]!, head[0]! - head[1]!],
    };
  });
}

function share<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.filter(holds).length / items.length;
}

function sessionsOn(machine: Machine, seed: number, options = {}): Contrast[][] {
  const uniform = uniforms(seed);
  return Array.from({ length: SESSIONS }, () => session(machine, uniform, options));
}

function negated(contrasts: readonly Contrast[]): Contrast[] {
  return contrasts.map(({ difference, noise }) => ({ difference: -difference, noise }));
}

/** How far a share of so many sessions may lie above the truth: four deviations. */
const CHANCE = 4 * Math.sqrt(ALPHA * (1 - ALPHA) / SESSIONS);

for (const [name, machine] of Object.entries(MACHINES)) {
  Deno.test(`evidenceAbove() finds a shift where there is none no more often than it says: ${name}`, () => {
    const sessions = sessionsOn(machine, 7);
    for (const side of [sessions, sessions.map(negated)]) {
      const rate = share(side, (blocks) => Math.max(...evidenceAbove(0, blocks)) >= 1 / ALPHA);
      assert(rate <= ALPHA + CHANCE, `${rate} of ${ALPHA}`);
    }
  });

  Deno.test(`shiftInterval() has the shift in it at the end as often as it says: ${name}`, () => {
    const few = sessionsOn(machine, 11, { shift: 2 }).slice(0, Math.max(100, SESSIONS / 10));
    const missed = share(few, (blocks) => {
      const { low, high } = shiftInterval(blocks, ALPHA / 2);
      return low > 2 || high < 2;
    });
    assert(missed <= ALPHA + 4 * Math.sqrt(ALPHA / few.length), `${missed} of ${ALPHA}`);
  });
}

/** Processor time for each allocation, ns, slice by slice in blocks of four, on two cores that a dozen others wanted. */
const RECORDED = [
  [263.8, 3336, 1170, 1618.9],
  [1577.6, 1870.8, 1193.2, 1782],
  [536.6, 2090.2, 306.8, 127.5],
  [4240, 1105.7, 1184.2, 879.8],
  [12245.4, 415.3, 443.8, 1157.3],
  [2599.7, 1913.8, 1158.3, 299.1],
  [324.3, 5481.4, 280.2, 872.5],
  [151.9, 138.9, 81.1, 120.2],
  [815.5, 1097, 1263.4, 174],
  [168.7, 82.3, 105.8, 297],
];

Deno.test("evidenceAbove() is 1 on the mean of all lots that might have been drawn, of what a real machine did", () => {
  const lots = 2 ** RECORDED.length;
  const evidence = Array.from({ length: lots }, (_, lot) => {
    const contrasts = RECORDED.map((slices, block): Contrast => {
      const [one, two, three, four] = slices.map(Math.log) as [number, number, number, number];
      const sign = (lot >> block & 1) === 0 ? 1 : -1;
      return {
        difference: sign * (two + three - one - four) / 2,
        noise: [one - four, two - three],
      };
    });
    return evidenceAbove(0, contrasts);
  });
  for (const block of RECORDED.keys()) {
    const mean = evidence.reduce((sum, each) => sum + each[block]!, 0) / lots;
    assertAlmostEquals(mean, 1, 1e-9);
  }
  const wrong = share(evidence, (each) => Math.max(...each) >= 1 / ALPHA);
  assert(wrong > 0 && wrong <= ALPHA, `${wrong} of ${ALPHA}`);
});

Deno.test("evidenceAbove() comes close to what it says where it can, so it is not merely timid", () => {
  // Signs without sizes are the worst case: all gamblers stake nearly all that they have.
  const uniform = uniforms(3);
  const sessions = Array.from(
    { length: SESSIONS },
    () =>
      Array.from({ length: BLOCKS }, (): Contrast => ({
        difference: uniform() < 0.5 ? 1 : -1,
        noise: [1, 1],
      })),
  );
  const rate = share(sessions, (blocks) => Math.max(...evidenceAbove(0, blocks)) >= 1 / ALPHA);
  assert(rate > ALPHA / 5, `${rate} of ${ALPHA}`);
});

Deno.test("evidenceAbove() shows a shift of twice the noise in a dozen blocks", () => {
  const uniform = uniforms(5);
  const normal = normals(uniform);
  const shown = share(
    Array.from({ length: SESSIONS }, () =>
      Array.from({ length: 12 }, (): Contrast => ({
        difference: 2 + normal(),
        noise: [Math.SQRT2 * normal(), Math.SQRT2 * normal()],
      }))),
    (blocks) => Math.max(...evidenceAbove(0, blocks)) >= 300,
  );
  assert(shown > 0.85, `${shown}`);
});

Deno.test("evidenceAbove() is not ruined by what one process has that another one has not, and slots do not show", () => {
  const uniform = uniforms(21);
  const normal = normals(uniform);
  const sessions = Array.from(
    { length: SESSIONS },
    () =>
      Array.from({ length: 40 }, (): Contrast => ({
        difference: 0.7 + normal(),
        noise: [0.05 * normal(), 0.05 * normal()],
      })),
  );
  const shown = share(sessions, (blocks) => Math.max(...evidenceAbove(0, blocks)) >= 160);
  // With the noise of slots alone every bet is all or nothing, and it is less than a half.
  assert(shown > 0.6, `${shown}`);
});

Deno.test("shiftInterval() agrees with the evidence, and lies around its estimate", () => {
  const uniform = uniforms(9);
  for (let round = 0; round < 20; round++) {
    const blocks = session(normals, uniform, { shift: 1, blocks: 12 });
    const { low, high, estimate } = shiftInterval(blocks, ALPHA);
    assert(low < estimate && estimate < high, `${low} ${estimate} ${high}`);
    assertAlmostEquals(evidenceAbove(low, blocks).at(-1)!, 1 / ALPHA, 1e-6);
    assertAlmostEquals(evidenceAbove(-high, negated(blocks)).at(-1)!, 1 / ALPHA, 1e-6);
  }
});

Deno.test("shiftInterval() has no limits below the fewest blocks, and has them from there on", () => {
  assertEquals([blocksLeast(0.5), blocksLeast(0.05), blocksLeast(0.02 / 6)], [2, 5, 9]);
  const blocks = Array.from({ length: 9 }, () => ({ difference: 1, noise: [0.001, 0.002] }));
  const limits = (count: number) => shiftInterval(blocks.slice(0, count), 0.02 / 6);
  assertEquals(limits(8), { ...limits(8), low: -Infinity, high: Infinity });
  assert(limits(9).low > 0.9 && limits(9).high < 1.1);
});

Deno.test("shiftInterval() is moved by an outlier no further than by its sign", () => {
  const blocks = session(normals, uniforms(13), { shift: 1, blocks: 20 });
  const far = (size: number) => blocks.with(3, { difference: size, noise: [size, -size] });
  const [near, farther] = [shiftInterval(far(100), ALPHA), shiftInterval(far(1e6), ALPHA)];
  assertAlmostEquals(near.low, farther.low, 1e-6);
  assertAlmostEquals(near.estimate, farther.estimate, 1e-6);
});

Deno.test("detectableShift() is shown in the share of sessions that it says", () => {
  const uniform = uniforms(17);
  const normal = normals(uniform);
  const block = (shift: number): Contrast => ({
    difference: shift + 0.05 * normal(),
    noise: [0.05 * Math.SQRT2 * normal(), 0.05 * Math.SQRT2 * normal()],
  });
  const options = { alpha: 0.02 / 6, blocks: 15, margin: 0.03, power: 0.9, sessions: 400 };
  const shift = detectableShift(Array.from({ length: 200 }, () => block(0)), {
    ...options,
    random: uniform,
  })!;
  const sessions = Array.from(
    { length: SESSIONS },
    () => Array.from({ length: options.blocks }, () => block(shift)),
  );
  const shown = share(
    sessions,
    (blocks) => Math.max(...evidenceAbove(0, blocks)) >= 1 / options.alpha,
  );
  assert(Math.abs(shown - 0.9) < 0.06, `${shown} at ${shift}`);
});

Deno.test("detectableShift() knows none where blocks are too few", () => {
  const options = { alpha: 0.05, margin: 0.03, power: 0.9, sessions: 20, random: uniforms(1) };
  const contrasts = [{ difference: 0, noise: [0.01] }];
  assertEquals(detectableShift(contrasts, { ...options, blocks: 4 }), null);
  assertEquals(detectableShift([], { ...options, blocks: 10 }), null);
  assert(detectableShift(contrasts, { ...options, blocks: 10 })! >= 0.03);
});
