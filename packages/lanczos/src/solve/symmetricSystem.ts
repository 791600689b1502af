import { type LinearOperator } from '@hyperribbon/linop';
import type { System } from './corrections.js';
import { ScaledProduct } from './scaledProduct.js';

/** The system of a symmetric operator A − shift. */
export function symmetricSystem(
  op: LinearOperator,
  caller: string,
  signal: AbortSignal | undefined,
  shift: number,
): System {
  const scaled = new ScaledProduct(op, caller, signal, shift);
  const product: System['product'] = (x, out) => scaled.multiply(x, out);
  return {
    caller,
    dtype: op.dtype,
    unknowns: op.size,
    equations: op.size,
    product,
    transposed: product,
    matvecs: () => scaled.matvecs,
    exponent: () => scaled.exponent ?? 0,
    keepScale: () => void (scaled.exponent ??= 0),
  };
}
