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
 */
export function gatherRows(x: Tensor, labels: Tensor): Tensor {
  return apply('gatherRows', [requireTensor('gatherRows', x), requireTensor('gatherRows', labels)]);
}

/** One-hot rows scaled by x: result[i, labels[i]] = x[i], zero elsewhere; (m,) → (m, columns). */
export function scatterRows(x: Tensor, labels: Tensor, columns: number): Tensor {
  if (!Number.isSafeInteger(columns) || columns < 0)
    refuse('scatterRows', `columns must be an integer ≥ 0, got ${columns}`);
  return apply('scatterRows', [requireTensor('scatterRows', x), requireTensor('scatterRows', labels)], { columns });
}
