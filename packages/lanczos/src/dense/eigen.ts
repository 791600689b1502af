/** Eigenvalues, descending, and if asked for the eigenvectors. */
export interface Eigen {
  /** (n,), descending */
  readonly values: Float64Array;
  /** (n, n) row-major: row i is the unit eigenvector of values[i] */
  readonly vectors?: Float64Array;
}

export interface EigenOptions {
  /** also compute eigenvectors; default false */
  readonly vectors?: boolean;
  /** of the kernels used from n = 96 on; see createLinearWorkspace */
  readonly deterministic?: boolean;
  readonly engine?: 'wasm' | 'typescript';
}

/** The identity, (n, n). */
export function identityRows(n: number): Float64Array {
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rows[i * n + i] = 1;
  return rows;
}

/** The part of the options that createLinearWorkspace takes. */
export function workspaceOptions({
  deterministic,
  engine,
}: EigenOptions): Pick<EigenOptions, 'deterministic' | 'engine'> {
  // undefined is taken as not given
  return { deterministic, engine } as EigenOptions;
}
