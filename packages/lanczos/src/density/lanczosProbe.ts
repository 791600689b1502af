import type { FloatArray } from '@hyperribbon/kernels';
import { eigvalsh } from '../dense/eigh.js';
import type { KrylovFactorization } from '../factorization/krylovFactorization.js';
import { kernelsOf } from '../factorization/ritz.js';
import type { Evidence } from './estimate.js';

/** The Jacobi matrix of one probe and the mass of its measure. */
export interface Probe {
  /** (m,), m = steps or fewer where the Krylov space was exhausted */
  readonly alpha: Float64Array;
  /** (m,): beta[m − 1] is the norm of the residual, 0 when exhausted */
  readonly beta: Float64Array;
  /** ‖z‖² outside the deflated rows: the sum of the quadrature weights */
  readonly mass: number;
  /** all eigenvalues outside the deflated rows, descending: of the first probe where there are as many steps as those have dimensions */
  readonly spectrum?: Float64Array;
}

/** The Lanczos processes of some random vectors, and what they came from. */
export interface ProbeRun {
  readonly size: number;
  /** one a probe */
  readonly jacobi: readonly Probe[];
  /** eigenvalues known before and counted exactly, descending */
  readonly exact: Float64Array;
  /** all eigenvalues with multiplicity, those included, where the steps gave them: nothing is random then */
  readonly spectrum: Float64Array | null;
  readonly steps: number;
  /** rounding unit of the operator's numbers */
  readonly eps: number;
  readonly evidence: Evidence;
}

/** Runs `steps` Lanczos steps from z behind the rows that f was reset to. Cost: `steps` products. */
export async function lanczosProbe(
  f: KrylovFactorization,
  rows: readonly FloatArray[],
  z: FloatArray,
  steps: number,
  between: () => Promise<void>,
): Promise<Probe> {
  f.reset(rows);
  const first = f.size;
  const norm = f.append(z);
  const beta: number[] = [];
  while (beta.length < steps && f.candidates > 0) {
    beta.push(Math.abs(f.unscale(await f.expand())));
    await between();
  }
  const m = beta.length;
  return {
    alpha: Float64Array.from({ length: m }, (_, j) => f.unscale(f.entry(first + j, first + j))),
    beta: Float64Array.from(beta),
    mass: norm * norm,
  };
}

/**
 * All eigenvalues outside the locked rows, descending: the process of a probe goes on from random vectors until its basis fills the space.
 * Cost: a product for each dimension that is left; 4/3 n³ flops.
 */
export async function restOfSpectrum(
  f: KrylovFactorization,
  locked: number,
  between: () => Promise<void>,
): Promise<Float64Array | undefined> {
  while (f.size < f.n && (f.candidates > 0 || f.appendRandom())) {
    await f.expand();
    await between();
  }
  const n = f.size - locked;
  if (f.size < f.n) return undefined;
  const block = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) block[i * n + j] = f.entry(locked + i, locked + j);
  return eigvalsh(block, n, kernelsOf(f))
    .map((x) => f.unscale(x))
    .sort()
    .toReversed();
}
