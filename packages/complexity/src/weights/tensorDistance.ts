import { refuse, requireFiniteEntries, requireFloatArray } from '@hyperribbon/contract';
import { type FloatArray, product } from '@hyperribbon/kernels';
import { weightMatrices, weightSpectrum } from './weightMatrices.js';

/** How far a layer moved between two checkpoints. */
export interface TensorDistance {
  /** ‖B − A‖_F and the same over ‖A‖_F */
  readonly distance: number;
  readonly relative: number;
  /** ⟨A, B⟩/(‖A‖ ‖B‖); NaN where one is zero */
  readonly cosine: number;
  /** largest singular value of B − A (slices of filters: the largest of them, scaled as their spectra are), and its stable rank; for arrays of one axis
   * the length of the difference, and 1 */
  readonly spectral: number;
  readonly stableRank: number;
}

/**
 * Distance of two arrays of one shape.
 *
 * @param A finite @param B finite, same length
 * @throws ArgumentError for lengths that differ from the shape's, NaN and infinities
 * @example tensorDistance([2, 2], Float64Array.of(1, 0, 0, 1), Float64Array.of(1, 0, 0, 3)).distance; // 2
 */
export function tensorDistance(shape: readonly number[], A: FloatArray, B: FloatArray): TensorDistance {
  requireFloatArray('tensorDistance', 'A', A, [...shape]);
  requireFloatArray('tensorDistance', 'B', B, [...shape]);
  requireFiniteEntries('tensorDistance', 'A', A);
  requireFiniteEntries('tensorDistance', 'B', B);
  const difference = Float64Array.from(A, (a, i) => B[i] - a);
  const [distance, lengthA, lengthB] = [lengthOf(difference), lengthOf(A), lengthOf(B)];
  let cosine = 0;
  for (let i = 0; i < A.length; i++) cosine += (A[i] / lengthA) * (B[i] / lengthB);
  const whole = { distance, relative: distance / lengthA, cosine };
  if (shape.length < 2 || distance === 0) return { ...whole, spectral: distance, stableRank: distance === 0 ? 0 : 1 };
  const { eigenvalues } = weightSpectrum(weightMatrices(shape, difference), false);
  const largest = eigenvalues[eigenvalues.length - 1];
  return {
    ...whole,
    spectral: Math.sqrt(largest),
    stableRank: eigenvalues.reduce((sum, x) => sum + x / largest, 0),
  };
}

function lengthOf(x: FloatArray): number {
  let [largest, sum] = [0, 0];
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]));
  if (largest === 0) return 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** Two arrays whose product is what an adapter adds to a layer. */
export interface LoraPair {
  /** of the layer */
  readonly name: string;
  /** (r, in) */
  readonly down: string;
  /** (out, r) */
  readonly up: string;
}

/**
 * Pairs of low-rank adapters by their names: lora_A and lora_B, lora_down and lora_up, with what surrounds them equal.
 *
 * @example loraPairs(['q.lora_A.weight', 'q.lora_B.weight'])[0].name; // 'q'
 */
export function loraPairs(names: readonly string[]): readonly LoraPair[] {
  const known = new Set(names);
  return names.flatMap((down) => {
    const up = down.replace(/lora_A(?=[._]|$)/, 'lora_B').replace(/lora_down(?=[._]|$)/, 'lora_up');
    return up === down || !known.has(up) ? [] : [{ name: down.replace(/[._]?lora_(A|down)([._].*)?$/, ''), down, up }];
  });
}

/**
 * What an adapter adds to its layer, without its factor α/r: up · down.
 *
 * @param up (out, r) @param down (r, in)
 * @throws ArgumentError where the two do not fit
 * @example loraDelta({ shape: [2, 1], data: Float64Array.of(1, 2) }, { shape: [1, 2], data: Float64Array.of(3, 4) }).data; // [3, 4, 6, 8]
 * Source: [hu2022lora]
 */
export function loraDelta(
  up: { readonly shape: readonly number[]; readonly data: FloatArray },
  down: { readonly shape: readonly number[]; readonly data: FloatArray },
): { readonly shape: readonly number[]; readonly data: Float64Array } {
  const [m, k] = up.shape;
  const [r, n] = down.shape;
  if (up.shape.length !== 2 || down.shape.length !== 2 || k !== r)
    refuse('loraDelta', `(${up.shape.join(', ')}) times (${down.shape.join(', ')}) is no product of two matrices`);
  const data = product({ m, n, k, a: Float64Array.from(up.data), b: Float64Array.from(down.data) });
  return { shape: [m, n], data };
}
