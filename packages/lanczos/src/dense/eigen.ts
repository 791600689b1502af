import type { KernelOptions } from '@hyperribbon/kernels/linear';

/** Eigenvalues, descending, and if asked for the eigenvectors. */
export interface Eigen {
  /** (n,), descending */
  readonly values: Float64Array;
  /** (n, n) row-major: row i is the unit eigenvector of values[i] */
  readonly vectors?: Float64Array;
}

/** Kernels are used from n = 96 on. */
export interface EigenOptions extends KernelOptions {
  /** also compute eigenvectors; default false */
  readonly vectors?: boolean;
}

/** The identity, (n, n). */
export function identityRows(n: number): Float64Array {
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rows[i * n + i] = 1;
  return rows;
}

/** The part of the options that chooses kernels. */
export function kernelOptions({ deterministic, engine }: KernelOptions): KernelOptions {
  return { deterministic, engine };
}
