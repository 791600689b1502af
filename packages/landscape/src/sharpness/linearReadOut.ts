import { mul, sum } from '@hyperribbon/autodiff';
import type { FloatArray } from '@hyperribbon/kernels';
import type { AnyExamples, Loss } from '@hyperribbon/nn';

/** Σ_c t_c z_c of the targets t: its gradient by the weights is a combination of those of the outputs. */
export const linearReadOut: Loss = (outputs, coefficients) => sum(mul(outputs, coefficients), 1);

/**
 * Every example k times, each time with other coefficients for {@link linearReadOut}.
 *
 * @param coefficients (count, k, k): row (i, a) combines the outputs of example i
 */
export function examplesByRow(
  { inputs, features, count }: AnyExamples,
  coefficients: FloatArray,
  k: number,
): AnyExamples {
  const repeated = new Float64Array(count * k * features);
  for (let i = 0; i < count; i++) {
    const own = inputs.subarray(i * features, (i + 1) * features);
    for (let a = 0; a < k; a++) repeated.set(own, (i * k + a) * features);
  }
  return { inputs: repeated, features, count: count * k, targets: coefficients, outputs: k };
}
