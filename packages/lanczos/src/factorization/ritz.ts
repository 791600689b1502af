import { eigh } from '../dense/eigh.js';
import type { Eigen, EigenOptions } from '../dense/eigen.js';
import type { KrylovFactorization } from './krylovFactorization.js';

/** Ritz pairs of a factorization, values descending (scaled numbers). */
export interface Ritz {
  readonly values: Float64Array;
  /** (w, w): row i holds the coefficients of Ritz vector i in basis rows from..from+w−1 */
  readonly vectors: Float64Array;
  /** (p, w): what candidate q contributes to the residual of Ritz pair i; the residual norm is the norm of column i */
  readonly coupling: Float64Array;
  readonly residualNorms: Float64Array;
}

/** Ritz pairs of basis rows from..size−1. Cost: about 9 w³ flops. */
export function ritzPairs(f: KrylovFactorization, from = 0): Ritz {
  const w = f.size - from;
  const block = new Float64Array(w * w);
  for (let i = 0; i < w; i++) for (let j = 0; j < w; j++) block[i * w + j] = f.entry(from + i, from + j);
  const { values, vectors } = eigh(block, w, { vectors: true, ...kernelsOf(f) }) as Required<Eigen>;
  const p = f.candidates;
  const coupling = new Float64Array(p * w);
  for (let i = 0; i < w; i++) {
    for (let q = 0; q < p; q++) {
      let s = 0;
      for (let j = 0; j < w; j++) s += f.entry(f.size + q, from + j) * vectors[i * w + j];
      coupling[q * w + i] = s;
    }
  }
  return { values, vectors, coupling, residualNorms: columnNorms(coupling, p, w) };
}

/** Options that let dense work run on the kernels of a factorization: with other ones the same run would have other bits elsewhere. */
export function kernelsOf({ workspace }: KrylovFactorization): EigenOptions {
  const { engine, flavour } = workspace.info;
  return { engine, deterministic: flavour === 'deterministic' };
}

/** Norms of the w columns of a coupling (p, w): residual norms. */
export function columnNorms(coupling: Float64Array, p: number, w: number): Float64Array {
  const norms = new Float64Array(w);
  for (let i = 0; i < w; i++) {
    let squares = 0;
    for (let q = 0; q < p; q++) squares += coupling[q * w + i] ** 2;
    norms[i] = Math.sqrt(squares);
  }
  return norms;
}

/**
 * Columns of S for {@link KrylovFactorization.shrink}: the chosen Ritz vectors, (w, r) row-major, orthonormal to the last bits.
 *
 * eigh leaves about 5 eps, and every restart adds it to the basis: after 30 of them max|QQᵀ − I| was 2e-14. One Newton step
 * S ← S (3I − SᵀS)/2 removes it.
 */
export function selectColumns(ritz: Ritz, chosen: readonly number[]): Float64Array {
  const w = ritz.values.length;
  const r = chosen.length;
  const s = new Float64Array(w * r);
  const rows = chosen.map((i) => ritz.vectors.subarray(i * w, (i + 1) * w));
  for (let q = 0; q < r; q++) for (let j = 0; j < w; j++) s[j * r + q] = rows[q][j];
  for (let q = 0; q < r; q++) {
    for (let p = 0; p <= q; p++) {
      let defect = p === q ? -1 : 0;
      for (let j = 0; j < w; j++) defect += rows[p][j] * rows[q][j];
      for (let j = 0; j < w; j++) {
        s[j * r + q] -= 0.5 * defect * rows[p][j];
        if (p < q) s[j * r + p] -= 0.5 * defect * rows[q][j];
      }
    }
  }
  return s;
}
