import { compile, constant, float32, float64, matmul, transpose } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import type { FloatArray } from '@hyperribbon/kernels';
import type { Examples } from '@hyperribbon/nn';

/**
 * Inputs in the coordinates of an orthonormal basis: X Aᵀ, a new array of the inputs' type.
 *
 * @param rows (features, features), rows are the basis vectors
 * Cost: 2 · count · features² flops
 */
export function rotateInputs({ inputs, count, features }: Examples, rows: FloatArray): FloatArray {
  const single = inputs instanceof Float32Array;
  const spec = single ? float32 : float64;
  const basis = constant(single ? Float32Array.from(rows) : Float64Array.from(rows), [features, features]);
  const out = single ? new Float32Array(inputs.length) : new Float64Array(inputs.length);
  const plan = (batch: number) => compile((x: Tensor) => matmul(x, transpose(basis)), [spec(batch, features)]);
  const batch = Math.min(500, count);
  const full = plan(batch);
  for (let from = 0; from < count; from += batch) {
    const rowsNow = Math.min(batch, count - from);
    const run = rowsNow === batch ? full : plan(rowsNow);
    const part = inputs.subarray(from * features, (from + rowsNow) * features);
    out.set(run(part) as FloatArray, from * features);
  }
  return out;
}
