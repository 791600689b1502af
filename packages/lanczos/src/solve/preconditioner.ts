import { fromMatvec } from '@hyperribbon/linop';
import { ScaledProduct } from './scaledProduct.js';
import type { SymmetricSolveOptions } from './solveOptions.js';

/** z ← M r, brought near the size of r by one power of two for all products; z is a copy of r where there is no preconditioner. */
export function preconditionerOf(
  { preconditioner, signal }: SymmetricSolveOptions,
  size: number,
  caller: string,
): (r: Float64Array, z: Float64Array) => Promise<Float64Array> {
  if (preconditioner === undefined)
    return async (r, z) => {
      z.set(r);
      return z;
    };
  const scaled = new ScaledProduct(fromMatvec(size, preconditioner), `${caller}: preconditioner`, signal);
  return (r, z) => scaled.multiply(r, z);
}
