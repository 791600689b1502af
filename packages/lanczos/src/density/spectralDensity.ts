import { refuse } from '@hyperribbon/contract';
import type { LinearOperator } from '@hyperribbon/linop';
import { maxAbs } from '../dense/powerOfTwo.js';
import { cumulative, share } from './cumulative.js';
import { smoothedDensity } from './densityCurve.js';
import type { DensityReport } from './densityReport.js';
import { gaussQuadrature } from './gaussQuadrature.js';
import type { ProbeRun } from './lanczosProbe.js';
import { runProbes, type ProbeOptions } from './probes.js';
import { shorterRules, traceOfFunction } from './traceOfFunction.js';

export type SpectralDensityOptions = ProbeOptions;

/**
 * Spectral density by stochastic Lanczos quadrature [ubaru2017, lin2016].
 *
 * For random z with E zzᵀ = I, zᵀ f(A) z has mean tr f(A); each probe's Lanczos process gives the Gauss rule of its measure, exact for
 * polynomials of degree < 2 · steps. Intervals: Student's t over probes for the randomness, truncation apart.
 *
 * @param op symmetric operator (n, n)
 * @throws ArgumentError for options out of range; NonFiniteError, OperatorError when a product fails; AbortError, whose `partial` is the report
 * of the probes done if there are two: its `jacobi` resumes
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
      if (!(a <= b)) refuse('count', `a must be <= b, got a=${a}, b=${b}`);
      return { ...share(n, jacobi, exact, evidence.level, a, b), ...evidence };
    },
  };
}
