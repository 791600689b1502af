import { maxAbs } from '../dense/powerOfTwo.js';
import type { LinearOperator } from '@hyperribbon/linop';
import { cumulative, share, type CumulativeCurve, type CumulativeOptions } from './cumulative.js';
import { smoothedDensity, type DensityCurve, type DensityOptions } from './densityCurve.js';
import type { Estimate, Evidence } from './estimate.js';
import { gaussQuadrature, type Quadrature } from './gaussQuadrature.js';
import type { Probe } from './lanczosProbe.js';
import { runProbes, type ProbeOptions, type ProbeRun } from './probes.js';
import { shorterRules, traceOfFunction } from './traceOfFunction.js';

export type SpectralDensityOptions = ProbeOptions;

/** The spectrum as quadrature rules, one a probe; data is plain, the functions read it. */
export interface DensityReport extends Evidence {
  readonly size: number;
  /** one Gauss rule per probe; weights of a Rademacher probe without deflation add up to n */
  readonly quadratures: readonly Quadrature[];
  /** Jacobi matrices the rules come from */
  readonly jacobi: readonly Probe[];
  /** eigenvalues counted exactly, descending */
  readonly exact: Float64Array;
  /** smallest and largest node or exact value */
  readonly support: readonly [number, number];
  readonly steps: number;
  /** share of eigenvalues per unit of x (or per decade on a log axis) at each x, smoothed, with confidence band */
  density(x: ArrayLike<number>, options?: DensityOptions): DensityCurve;
  /** share of eigenvalues ≤ x (on a log axis of those with its sign), with confidence band and the quadrature's own bounds */
  cdf(x: ArrayLike<number>, options?: CumulativeOptions): CumulativeCurve;
  /** tr f(A) = Σ f(λ) */
  trace(f: (x: number) => number): Estimate;
  /** number of eigenvalues in (a, b] */
  count(a: number, b: number): Estimate;
}

/**
 * Spectral density by stochastic Lanczos quadrature [ubaru2017, lin2016].
 *
 * For random z with E zzᵀ = I, zᵀ f(A) z has mean tr f(A); each probe's Lanczos process gives the Gauss rule of its measure, exact for
 * polynomials of degree < 2 · steps. Intervals: Student's t over probes for the randomness, truncation apart.
 *
 * @param op symmetric operator (n, n)
 * @throws RangeError for options out of range; NonFiniteError, OperatorError when a product fails; AbortError
 * Cost: probes · steps products; (steps + deflated + 2) n numbers; 8 steps n flops per product.
 * @example
 * const report = await spectralDensity(A, { steps: 60, probes: 12, seed: 1 });
 * const { value, low, high } = report.density([0.5, 1, 1.5]);
 */
export async function spectralDensity(
  op: LinearOperator,
  options: SpectralDensityOptions = {},
): Promise<DensityReport> {
  return densityFor('spectralDensity', op, options);
}

/** The same for a function of this package that is built on it. @param caller first word of errors */
export async function densityFor(
  caller: string,
  op: LinearOperator,
  options: SpectralDensityOptions,
): Promise<DensityReport> {
  return densityReport(await runProbes(op, options, caller, densityReport));
}

/** The report of probes already run. */
export function densityReport({ size: n, jacobi, exact, steps, eps, evidence }: ProbeRun): DensityReport {
  const quadratures = jacobi.map(({ alpha, beta, mass }) => gaussQuadrature(alpha, beta, mass));
  const shorter = shorterRules(jacobi, (m) => m - Math.max(1, Math.floor(m / 10)));
  const resolution = 10 * eps * quadratures.reduce((m, { nodes }) => Math.max(m, maxAbs(nodes)), 0);
  const ends = [
    ...quadratures.flatMap((q) => [q.nodes[0], q.nodes[q.nodes.length - 1]]),
    exact[0],
    exact[exact.length - 1],
  ].filter((x) => x !== undefined);
  return {
    size: n,
    quadratures,
    jacobi,
    exact,
    support: [Math.min(...ends), Math.max(...ends)],
    steps,
    ...evidence,
    density: (x, options) => smoothedDensity(n, quadratures, shorter, exact, evidence, x, options),
    cdf: (x, options) => cumulative(n, jacobi, exact, evidence, resolution, x, options),
    trace: (g) => traceOfFunction(jacobi, exact, g, evidence, 'trace'),
    count(a, b) {
      if (!(a <= b)) throw new RangeError(`count: a must be <= b, got a=${a}, b=${b}`);
      return { ...share(n, jacobi, exact, evidence.level, a, b), ...evidence };
    },
  };
}
