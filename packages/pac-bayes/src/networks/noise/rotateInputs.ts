import { compile, float32, float64, matmul, transpose } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import type { FloatArray } from '@hyperribbon/kernels';
import type { Examples } from '@hyperribbon/nn';

/**
 * Inputs in the coordinates of an orthonormal basis: X Aᵀ, a new array of the inputs' type.
 *
 * @param rows (features, features), rows are the basis vectors
 * Cost: 2 · count · features² flops
 */
export function rotateInputs(examples: Examples, rows: FloatArray): FloatArray {
  return planRotation(examples)(rows);
}

/** The same for bases that change: every call turns the inputs anew, into one array that it owns. */
export function planRotation({ inputs, count, features }: Examples): (rows: FloatArray) => FloatArray {
  const single = inputs instanceof Float32Array;
  const FloatArrays = single ? Float32Array : Float64Array;
  const spec = single ? float32 : float64;
  const plan = (batch: number) =>
    compile(
      (x: Tensor, basis: Tensor) => matmul(x, transpose(basis)),
      [spec(batch, features), spec(features, features)],
    );
  const batch = Math.min(500, count);
  const rest = count % batch;
  const full = plan(batch);
  const tail = rest === 0 ? full : plan(rest);
  const out = new FloatArrays(inputs.length);
  return (rows) => {
    const basis = FloatArrays.from(rows);
    for (let from = 0; from < count; from += batch) {
      const to = Math.min(count, from + batch);
      const run = to - from === batch ? full : tail;
      out.set(run(inputs.subarray(from * features, to * features), basis) as FloatArray, from * features);
    }
    return out;
  };
}
