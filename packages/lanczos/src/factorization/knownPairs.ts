import { refuse, requireFiniteEntries, requireFloatArray } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels/linear';

/** Eigenpairs that are known, such as a report of eigsh. */
export interface KnownPairs {
  readonly values: ArrayLike<number>;
  /** (values.length, n) row-major, orthonormal rows */
  readonly vectors: FloatArray;
}

/** Their vectors, (n,) each: views. @throws ArgumentError where there are n or more, or not n numbers for each */
export function knownRows(pairs: KnownPairs | undefined, n: number, caller: string): FloatArray[] {
  if (pairs === undefined) return [];
  // null has no vectors either
  requireFloatArray(caller, 'deflate.vectors', (pairs as KnownPairs | null)?.vectors);
  const { values, vectors } = pairs;
  requireFiniteEntries(caller, 'deflate.values', values);
  const count = values.length;
  if (vectors.length !== count * n || count >= n)
    refuse(
      caller,
      `deflate must hold fewer than n values and n vector entries for each, got ${count} values, n=${n}, ${vectors.length} entries`,
    );
  return Array.from({ length: count }, (_, i) => vectors.subarray(i * n, (i + 1) * n));
}
