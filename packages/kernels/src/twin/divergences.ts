import type { DivergenceKernels } from '../divergenceKernels.js';
import { arc } from '../scalar/arc.js';
import { highWord, powerOfTwo } from '../scalar/float64Bits.js';
import { log } from '../scalar/log.js';
import type { FloatArray } from '../workspace/workspace.js';
import type { TwinMemory } from './twinMemory.js';

type Divergences = Pick<DivergenceKernels, 'logOverlaps' | 'squares' | 'arcs' | 'jeffreys'>;

/** coefficients multiplied in the storage type before their product meets the others' */
const GROUP = 4;

/** Sums over samples for pairs of models; order of operations in summationOrder.md. */
export function divergenceTwins(memory: TwinMemory): Divergences {
  const { elements: x, float64, shift, round } = memory;
  /** numbers side by side in a panel: 32 bytes */
  const P = 32 >>> shift;
  const same = (q: number): number => q;

  /** adds Σ_n f(Σ_c (a − b)(a' − b')), a' `second` elements behind a, to every entry of the tiles */
  const pairSums =
    (step: number, second: number, f: (q: number) => number): Divergences['squares'] =>
    (tiles, samples, classes, a, b, out, ldout) => {
      const column = b >>> shift;
      for (let i = 0; i < 4 * tiles; i++) {
        const row = (a >>> shift) + Math.floor(i / P) * samples * classes * step + (i % P);
        for (let j = 0; j < P; j++) {
          const at = (out >>> 3) + i * ldout + j;
          float64[at] = float64[at]! + sumOverSamples(x, row, column + j, samples, classes, step, second, round, f);
        }
      }
    };

  return {
    logOverlaps(tiles, samples, classes, a, b, least, out, ldout) {
      const column = b >>> shift;
      // below it a coefficient may be below `least`, or digits may be lost
      const limit = round(Math.max(1.01 * least, 7.888609052210118e-31));
      let raised = 0;
      for (let i = 0; i < 4 * tiles; i++) {
        const row = (a >>> shift) + Math.floor(i / P) * samples * classes * P + (i % P);
        for (let j = 0; j < P; j++) {
          let mantissa = 1;
          let exponent = 0;
          let product = 1;
          let raisedProduct = 1;
          let low = 0;
          for (let n = 0; n < samples; n++) {
            const s = overlap(x, row + n * classes * P, column + j + n * classes * P, classes, P, round);
            product = round(product * s);
            raisedProduct *= s < least ? least : s;
            if (s < least) low += 1;
            if (n % GROUP < GROUP - 1 && n < samples - 1) continue;
            if (product < limit) raised += low;
            mantissa *= product < limit ? raisedProduct : product;
            const e = (highWord(mantissa) >>> 20) - 1023;
            mantissa *= powerOfTwo(-e);
            exponent += e;
            [product, raisedProduct, low] = [1, 1, 0];
          }
          const at = (out >>> 3) + i * ldout + j;
          float64[at] = float64[at]! + (log(mantissa) + exponent * Math.LN2);
        }
      }
      return raised;
    },
    squares: pairSums(P, 0, same),
    arcs: pairSums(P, 0, arc),
    jeffreys: pairSums(2 * P, P, same),
  };
}

function overlap(
  x: FloatArray,
  a: number,
  b: number,
  classes: number,
  step: number,
  round: (x: number) => number,
): number {
  let s = 0;
  for (let c = 0; c < classes; c++) s = round(s + round(x[a + c * step]! * x[b + c * step]!));
  return s;
}

function sumOverSamples(
  x: FloatArray,
  a: number,
  b: number,
  samples: number,
  classes: number,
  step: number,
  second: number,
  round: (x: number) => number,
  f: (q: number) => number,
): number {
  let sum = 0;
  for (let n = 0; n < samples; n++) {
    let q = 0;
    for (let c = 0; c < classes; c++) {
      const d = round(x[a]! - x[b]!);
      q = round(q + round(d * round(x[a + second]! - x[b + second]!)));
      a += step;
      b += step;
    }
    sum += f(q);
  }
  return sum;
}
