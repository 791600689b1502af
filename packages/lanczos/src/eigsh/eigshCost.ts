import { asDtype, type LinearOperator } from '@hyperribbon/linop';
import { factorizationBytes } from '../factorization/basisRows.js';
import { denseBytes } from './eigshDense.js';
import type { EigshOptions } from './eigshOptions.js';
import { reserveOf, resolveEigshOptions, type ResolvedEigshOptions } from './resolveEigshOptions.js';

/** What a run will take. */
export interface EigshCost {
  /** vectors kept */
  readonly capacity: number;
  /** of the solver; what the operator takes is not in it */
  readonly bytes: number;
  /** around each product with the operator */
  readonly flopsPerMatvec: number;
  /** products after which the run ends in any case */
  readonly mostMatvecs: number;
}

/**
 * What a run will reserve and do, known before it starts. eigsh refuses to start where `bytes` is above its `memoryLimit`.
 *
 * Time: at most mostMatvecs times a product of the operator and flopsPerMatvec; `eigshTime` of `@hyperribbon/lanczos/time` measures
 * both. How many products will do depends on the spectrum, and is told by `onProgress` once residuals shrink.
 */
export function eigshCost(op: LinearOperator, options: EigshOptions): EigshCost {
  const resolved = resolveEigshOptions(op, options, 'eigshCost');
  const { basisSize, maxMatvecs } = resolved;
  return {
    ...sizeOf(storedAs(op, options), resolved),
    flopsPerMatvec: 4 * basisSize * op.size,
    mostMatvecs: maxMatvecs,
  };
}

/** The operator on vectors of the dtype that is asked for. */
export function storedAs(op: LinearOperator, { storage }: EigshOptions): LinearOperator {
  return storage === undefined ? op : asDtype(op, storage);
}

export function sizeOf(op: LinearOperator, resolved: ResolvedEigshOptions): { capacity: number; bytes: number } {
  const { basisSize, known, denseBelow } = resolved;
  const { size: n } = op;
  const direct = isDense(op, resolved);
  const capacity = direct ? n : Math.min(n + 2, known + basisSize + reserveOf(basisSize) + 1);
  const matrix = direct || n <= denseBelow ? denseBytes(n) : 0;
  return { capacity, bytes: matrix + (direct ? 0 : factorizationBytes(op, capacity)) };
}

/** Whether a basis would be most of the space: n products give the matrix at once. */
export function isDense({ size: n }: LinearOperator, { known, basisSize, maxMatvecs }: ResolvedEigshOptions): boolean {
  return n - known <= basisSize + reserveOf(basisSize) && maxMatvecs >= n;
}
