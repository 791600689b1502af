import { compile, float32, float64, matmul, transpose } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { typedArrayName } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { planBatches, type Examples } from '@hyperribbon/nn';

/**
 * Inputs in the coordinates of orthonormal bases, X Aᵀ: every call turns them anew, into one array of the inputs' type that it owns.
 *
 * @returns takes a basis (features, features), rows are the basis vectors. Cost: 2 · count · features² flops a call
 */
export function planRotation({ inputs, count, features }: Examples): (rows: FloatArray) => FloatArray {
  const single = typedArrayName(inputs) === 'Float32Array';
  const FloatArrays = single ? Float32Array : Float64Array;
  const spec = single ? float32 : float64;
  const batch = Math.min(500, count);
  const plans = planBatches(count, batch, (rows) =>
    compile(
      (x: Tensor, basis: Tensor) => matmul(x, transpose(basis)),
      [spec(rows, features), spec(features, features)],
    ),
  );
  const out = new FloatArrays(inputs.length);
  return (rows) => {
    const basis = FloatArrays.from(rows);
    for (let b = 0; b < plans.batches; b++) {
      const [from, to] = [b * batch, Math.min(count, (b + 1) * batch)].map((row) => row * features);
      out.set(plans.of(b)(inputs.subarray(from, to), basis) as FloatArray, from);
    }
    return out;
  };
}
