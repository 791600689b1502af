import { fisher, gaussNewton, hessian } from '@hyperribbon/curvature';
import { eigh } from '@hyperribbon/lanczos';
import { materialize } from '@hyperribbon/linop';
import { mlp, type Examples } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import type { CurvatureName } from '../src/index.js';

/** A tanh network of 39 weights with float32 weights and 40 examples: small enough for every matrix to be formed. */
export const network = mlp([5, 4, 3], { activation: 'tanh' });
export const size = network.size;
export const params = network.init(3, 'float32').map((w) => 2 * w) as Float32Array;
export const examples: Examples = sloppy(40, 2);

/** Inputs whose features are ever smaller, with labels that depend on them. */
export function sloppy(count: number, seed: number): Examples {
  const inputs = Float32Array.from(stream({ seed, purpose: 'inputs' }).normal(new Float64Array(5 * count)), (x, i) =>
    Math.fround(x * 0.7 ** (i % 5)),
  );
  const labels = Int32Array.from(
    { length: count },
    (_, i) => (inputs[5 * i] > 0 ? 1 : 0) + (inputs[5 * i + 1] > 0.5 ? 1 : 0),
  );
  return { inputs, labels, count, features: 5, classes: 3 };
}

/** Eigenpairs of the whole matrix in float64, (size,) and (size, size). */
export async function dense(
  operator: CurvatureName | 'exact-fisher',
  seed: number,
): Promise<{ readonly values: Float64Array; readonly vectors: Float64Array }> {
  const weights = Float64Array.from(params);
  const options = { dtype: 'float64' } as const;
  const matrix = {
    hessian: () => hessian(network, weights, examples, options),
    ggn: () => gaussNewton(network, weights, examples, options),
    fisher: () => fisher(network, weights, examples, { ...options, kind: 'sampled', seed }),
    'exact-fisher': () => fisher(network, weights, examples, { ...options, kind: 'exact' }),
    'empirical-fisher': () => fisher(network, weights, examples, { ...options, kind: 'empirical' }),
  }[operator]();
  const { values, vectors } = eigh(Float64Array.from(await materialize(matrix)), size, { vectors: true });
  return { values, vectors: vectors! };
}

/** Share of each row in the span of the others' first `count` rows, both orthonormal. */
export function sharesIn(rows: ArrayLike<number>, others: Float64Array, count: number): number[] {
  return Array.from({ length: rows.length / size }, (_, i) => {
    let share = 0;
    for (let j = 0; j < count; j++) {
      let product = 0;
      for (let c = 0; c < size; c++) product += rows[i * size + c] * others[j * size + c];
      share += product * product;
    }
    return share;
  });
}
