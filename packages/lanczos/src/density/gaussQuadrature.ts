import { refuse, requireFiniteEntries, requireNonNegative } from '@hyperribbon/contract';
import { tridiagonalQl } from '../dense/tridiagonalQl.js';
import { exponentOf, maxAbs, scaleByPower } from '../dense/powerOfTwo.js';
import { sortDescending } from '../dense/sortEigen.js';

export interface Quadrature {
  /** (m,) descending */
  readonly nodes: Float64Array;
  /** (m,) positive, adding up to `mass` */
  readonly weights: Float64Array;
}

/**
 * Gauss quadrature of the measure whose Jacobi matrix has diagonal alpha (m,) and off-diagonal beta (≥ m − 1 entries):
 * nodes are its eigenvalues, weights mass · (first eigenvector entry)² [golub1969].
 * @param mass ≥ 0
 * @throws ArgumentError, ArgumentTypeError for entries that are not finite, or too few of them
 * Cost: 40 m² flops; only first entries are carried along.
 */
export function gaussQuadrature(alpha: Float64Array, beta: Float64Array, mass: number): Quadrature {
  requireFiniteEntries('gaussQuadrature', 'alpha', alpha);
  const m = alpha.length;
  requireFiniteEntries('gaussQuadrature', 'beta', beta);
  if (beta.length < m - 1)
    refuse('gaussQuadrature', `beta must have at least ${m - 1} entries beside ${m} of alpha, got ${beta.length}`);
  requireNonNegative('gaussQuadrature', 'mass', mass);
  const nodes = Float64Array.from(alpha);
  const off = new Float64Array(m);
  off.set(beta.subarray(0, Math.max(0, m - 1)));
  const exponent = exponentOf(Math.max(maxAbs(nodes), maxAbs(off)));
  scaleByPower(nodes, -exponent);
  scaleByPower(off, -exponent);
  const first = new Float64Array(m);
  if (m > 0) first[0] = 1;
  tridiagonalQl(m, nodes, off, first, 1);
  sortDescending(nodes, first, 1);
  scaleByPower(nodes, exponent);
  const weights = first.map((x) => x * x);
  const sum = weights.reduce((s, x) => s + x, 0);
  for (let i = 0; i < m; i++) weights[i] *= mass / sum;
  return { nodes, weights };
}
