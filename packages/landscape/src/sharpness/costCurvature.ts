import { compile, float32, float64, grad, jvp, sum, type Tensor } from '@hyperribbon/autodiff';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { eigvalsh } from '@hyperribbon/lanczos';
import { type AnyExamples, answersOf, type Loss, planBatches, rowsWithin } from '@hyperribbon/nn';

type Arithmetic = { readonly dtype: Dtype; readonly deterministic: boolean };

/**
 * ‖D²c_i‖₂ of every example, D²c_i the Hessian of its loss by its outputs: 1 for squared errors, at most 1/2 for cross-entropy, where it goes to 0 as the
 * example is fitted.
 *
 * @param outputs (count, k) of the network
 * @returns (count,)
 * Cost: k tangent passes of the loss, and count eigenvalue problems of order k
 */
export function costCurvature(
  outputs: FloatArray,
  examples: AnyExamples,
  loss: Loss,
  arithmetic: Arithmetic,
): Float64Array {
  const hessians = costHessians(outputs, examples, loss, arithmetic);
  const { count } = examples;
  const k = outputs.length / count;
  return Float64Array.from({ length: count }, (_, i) =>
    largestMagnitude(hessians.slice(i * k * k, (i + 1) * k * k), k, arithmetic.deterministic),
  );
}

/**
 * D²c_i of every example.
 *
 * @returns (count, k, k)
 */
export function costHessians(
  outputs: FloatArray,
  examples: AnyExamples,
  loss: Loss,
  { dtype, deterministic }: Arithmetic,
): Float64Array {
  const { count } = examples;
  const k = outputs.length / count;
  const answers = answersOf(examples, dtype);
  const spec = dtype === 'float64' ? float64 : float32;
  const chunk = Math.min(count, rowsWithin(500, k * k));
  const slope =
    (y: Tensor) =>
    (z: Tensor): Tensor =>
      grad((at: Tensor) => sum(loss(at, y)))(z);
  const plans = planBatches(count, chunk, (rows) =>
    compile(
      (z: Tensor, v: Tensor, y: Tensor) => jvp(slope(y))([z], [v])[1],
      [spec(rows, k), spec(rows, k), answers.spec(rows)] as never,
      { deterministic },
    ),
  );
  const hessians = new Float64Array(count * k * k);
  for (let batch = 0; batch < plans.batches; batch++) {
    const [from, to] = [batch * chunk, Math.min(count, (batch + 1) * chunk)];
    const rows = to - from;
    const run = plans.of(batch) as unknown as (...all: readonly unknown[]) => FloatArray;
    for (let c = 0; c < k; c++) {
      const unit = outputs.slice(0, rows * k).fill(0);
      for (let i = 0; i < rows; i++) unit[i * k + c] = 1;
      const column = run(outputs.subarray(from * k, to * k), unit, answers.of(from, to));
      for (let i = 0; i < rows; i++)
        for (let b = 0; b < k; b++) hessians[((from + i) * k + b) * k + c] = column[i * k + b];
    }
  }
  return hessians;
}

function largestMagnitude(a: Float64Array, n: number, deterministic: boolean): number {
  if (a.some(Number.isNaN)) return NaN;
  const values = eigvalsh(a, n, { deterministic });
  return Math.max(Math.abs(values[0]), Math.abs(values[n - 1]));
}
