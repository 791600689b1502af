import { floatArray } from '@hyperribbon/contract';
import { inputJacobian } from '@hyperribbon/curvature';
import type { FloatArray } from '@hyperribbon/kernels';
import { eigvalsh } from '@hyperribbon/lanczos';
import type { Network } from '@hyperribbon/nn';

/**
 * J f(x) of every row of inputs, formed in float64.
 *
 * @param inputs (count, features)
 * @returns (count, outputs, features)
 * Cost: `outputs` products over all rows
 */
export function exampleJacobians(
  network: Network,
  params: FloatArray,
  inputs: FloatArray,
  { deterministic }: { readonly deterministic: boolean },
): Float64Array {
  const { inputs: features, classes: outputs } = network;
  const count = inputs.length / features;
  const rows = { inputs, count, features, labels: new Int32Array(count), classes: 1 };
  const J = inputJacobian(network, params, rows, { dtype: 'float64', deterministic });
  const formed = new Float64Array(count * outputs * features);
  const [unit, row] = [floatArray('float64', count * outputs), floatArray('float64', count * features)];
  for (let a = 0; a < outputs; a++) {
    unit.fill(0);
    for (let i = 0; i < count; i++) unit[i * outputs + a] = 1;
    J.applyTranspose(unit, row);
    for (let i = 0; i < count; i++)
      formed.set(row.subarray(i * features, (i + 1) * features), (i * outputs + a) * features);
  }
  return formed;
}

/** ‖A‖₂ of a matrix (rows, columns), at any scale. */
export function spectralNorm(A: Float64Array, rows: number, columns: number, deterministic: boolean): number {
  let most = 0;
  for (let i = 0; i < A.length; i++) {
    const size = Math.abs(A[i]);
    if (!(size <= most)) most = size;
  }
  if (most === 0 || !Number.isFinite(most)) return most;
  const byRows = rows <= columns;
  const [n, along] = byRows ? [rows, columns] : [columns, rows];
  const [step, stride] = byRows ? [columns, 1] : [1, columns];
  const gram = new Float64Array(n * n);
  for (let a = 0; a < n; a++)
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let k = 0; k < along; k++) sum += (A[a * step + k * stride] / most) * (A[b * step + k * stride] / most);
      gram[a * n + b] = gram[b * n + a] = sum;
    }
  return most * Math.sqrt(n === 1 ? gram[0] : Math.max(0, eigvalsh(gram, n, { deterministic })[0]));
}
