import { add, compile, float32, float64, matmul, mul, type Tensor, transpose } from '@hyperribbon/autodiff';
import { floatArray } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';

/** [jordan2024]: chosen for the slope at 0, so that small singular values grow fast; five steps leave all of them in [0.68, 1.13]. */
const [a, b, c] = [3.4445, -4.775, 2.0315];

/**
 * Plans the nearly orthogonal factor of matrices of one shape: O with the singular vectors of M, its singular values near 1 (those far below
 * ‖M‖ stay small: each step multiplies them by at most 3.4445).
 *
 * @param like an array of the element type
 * @returns a function of M (rows, columns), row-major: finite; O of zeros is zeros. What it returns is valid until the next call
 */
export function planOrthogonalize(
  rows: number,
  columns: number,
  {
    steps,
    like,
    deterministic,
  }: { readonly steps: number; readonly like: FloatArray; readonly deterministic: boolean },
): (matrix: FloatArray) => FloatArray {
  const spec = like.BYTES_PER_ELEMENT === 8 ? float64 : float32;
  const tall = rows > columns;
  const planned = compile(
    (scaled: Tensor) => {
      let x = tall ? transpose(scaled) : scaled;
      for (let step = 0; step < steps; step++) {
        const gram = matmul(x, transpose(x));
        x = add(mul(a, x), matmul(add(mul(b, gram), mul(c, matmul(gram, gram))), x));
      }
      return tall ? transpose(x) : x;
    },
    [spec(rows, columns)],
    { deterministic },
  );
  const input = floatArray(spec === float64 ? 'float64' : 'float32', rows * columns);
  return (matrix) => {
    let squares = 0;
    for (let i = 0; i < matrix.length; i++) squares += matrix[i] * matrix[i];
    const norm = Math.sqrt(squares);
    for (let i = 0; i < matrix.length; i++) input[i] = norm > 0 ? matrix[i] / norm : 0;
    return planned(input) as FloatArray;
  };
}
