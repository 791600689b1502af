import { refuse } from '@hyperribbon/contract';
import { apply } from '../trace/apply.js';
import type { Tensor } from '../trace/tensor.js';
import { requireTensor } from './broadcasting.js';

/**
 * One entry per row: result[i] = x[i, labels[i]].
 *
 * @param x (m, n)
 * @param labels int32 (m,), each in [0, n)
 * @returns (m,)
 * @example evaluateFunction(gatherRows, [{ data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] }, Int32Array.of(1, 0)]); // [2, 3]
 */
export function gatherRows(x: Tensor, labels: Tensor): Tensor {
  return apply('gatherRows', [requireTensor('gatherRows', x), requireTensor('gatherRows', labels)]);
}

/**
 * One-hot rows scaled by x: result[i, labels[i]] = x[i], zero elsewhere; (m,) → (m, columns).
 * @example evaluateFunction((x, i) => scatterRows(x, i, 3), [[5, 6], Int32Array.of(2, 0)]); // [0, 0, 5, 6, 0, 0]
 */
export function scatterRows(x: Tensor, labels: Tensor, columns: number): Tensor {
  if (!Number.isSafeInteger(columns) || columns < 0)
    refuse('scatterRows', `columns must be an integer ≥ 0, got ${columns}`);
  return apply('scatterRows', [requireTensor('scatterRows', x), requireTensor('scatterRows', labels)], { columns });
}
