/**
 * Seeded randomness for loads: xoroshiro128+ from pure-rand, one stream for each worker and purpose.
 *
 * Streams of one seed lie 2^64 draws apart on one orbit (the generator's jump), so they never overlap,
 * whoever draws how much. The seed is mixed before it becomes a state, since neighbouring seeds would
 * otherwise start with neighbouring draws. Nothing here is for secrets.
 *
 * Fractions are drawn in small batches, so that `uniform` and `normal` are a read of an array: small enough
 * to be inlined wherever they are called, since a fraction returned by a call that isn't inlined is boxed,
 * and a timed loop may not make garbage. The arithmetic is exact or V8's own (`Math.log`), so a seed gives the
 * same load on every platform.
 *
 * @module
 */
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/** A stream of random numbers. */
export interface Random {
  /** Uniform in (0, 1), 52 bits fine; never 0 or 1. */
  uniform(): number;
  /** A whole number, uniform in [0, n), for n from 1 to 2^52. */
  below(n: number): number;
  /** Standard normal: mean 0, deviation 1. */
  normal(): number;
}

const TWO_POW_32 = 2 ** 32;

/** Keeps the words of a seed apart before they are mixed: 2^32 over the golden ratio. */
const GOLDEN = 0x9e3779b9;

/** Fractions drawn at once, an even number; a batch takes about a third of a microsecond. */
const BATCH = 32;

/** Up to here a 32-bit draw times n is exact, so that below() can be exactly uniform. */
const EXACT_BELOW = 2 ** 21;

/**
 * Starts a stream.
 *
 * @param seed a whole number, the one that is printed with every result.
 * @param stream a whole number from 0 up; costs 128 steps for each stream passed over.
 */
export function createRandom(seed: number, stream: number): Random {
  const generator = xoroshiro128plusFromState(mixedState(seed));
  for (let passed = 0; passed < stream; passed++) generator.jump();
  const uniforms = new Float64Array(BATCH);
  const normals = new Float64Array(BATCH);
  let uniformsUsed = BATCH;
  let normalsUsed = BATCH;

  function uniform(): number {
    if (uniformsUsed === BATCH) drawUniforms();
    return uniforms[uniformsUsed++]!;
  }

  function normal(): number {
    if (normalsUsed === BATCH) drawNormals();
    return normals[normalsUsed++]!;
  }

  /** By Lemire's multiplication with rejection where it is exact; beyond, biased by n / 2^52 at most. */
  function below(n: number): number {
    if (n > EXACT_BELOW) return Math.floor(uniform() * n);
    for (;;) {
      const product = (generator.next() >>> 0) * n;
      const whole = Math.floor(product / TWO_POW_32);
      const rest = product - whole * TWO_POW_32;
      if (rest >= n || rest >= TWO_POW_32 % n) return whole;
    }
  }

  /** Each from two draws without their lowest bits, which are this generator's weakest. */
  function drawUniforms(): void {
    for (let i = 0; i < BATCH; i++) {
      const high = generator.next() >>> 6;
      const low = generator.next() >>> 6;
      uniforms[i] = (high * 2 ** 26 + low + 0.5) / 2 ** 52;
    }
    uniformsUsed = 0;
  }

  /** By Marsaglia's polar method: two normals for each point within the circle. */
  function drawNormals(): void {
    for (let i = 0; i < BATCH;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt(-2 * Math.log(square) / square);
      normals[i++] = x * scale;
      normals[i++] = y * scale;
    }
    normalsUsed = 0;
  }

  return { uniform, below, normal };
}

/** Two words from each half of the seed, so that every seed has a state of its own; never all zero. */
function mixedState(seed: number): [number, number, number, number] {
  const low = seed | 0;
  const first = mixed(low + GOLDEN);
  const high = Math.floor(seed / TWO_POW_32) ^ first;
  return [first, mixed(low + 2 * GOLDEN), mixed(high + GOLDEN), mixed(high + 2 * GOLDEN)];
}

/** SplitMix32's mixing: every bit of the word touches every bit of the outcome, and no two collide. */
function mixed(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  const twice = Math.imul(once ^ (once >>> 15), 0x735a2d97);
  return twice ^ (twice >>> 15);
}
