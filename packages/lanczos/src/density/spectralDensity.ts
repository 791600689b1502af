import { refuse } from '@hyperribbon/contract';
import type { LinearOperator } from '@hyperribbon/linop';
import { maxAbs } from '../dense/powerOfTwo.js';
import { countBetween, cumulative, type Measured } from './cumulative.js';
import { smoothedDensity } from './densityCurve.js';
import type { DensityReport } from './densityReport.js';
import { gaussQuadrature } from './gaussQuadrature.js';
import type { ProbeRun } from './lanczosProbe.js';
import { resolveProbes, runProbes, type ProbeOptions } from './probes.js';
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
  const resolved = resolveProbes(op, options, caller);
  return densityReport(await runProbes(op, options, resolved, caller, densityReport));
}

/** the largest order whose eigenvalues are all computed where a sum of them was asked for */
const MOST_COLUMNS = 1024;

/**
 * The same for sums over the spectrum: where probes · steps products would give the matrix, as many as it has columns give all of its eigenvalues, and
 * nothing is random.
 */
export async function sumsFor(
  caller: string,
  op: LinearOperator,
  options: SpectralDensityOptions,
): Promise<DensityReport> {
  const resolved = resolveProbes(op, options, caller);
  const { rows, probes, steps, resume } = resolved;
  const columns = op.size - rows.length;
  if (resume.length > 0 || columns > Math.min(MOST_COLUMNS, probes * steps)) return densityFor(caller, op, options);
  return densityReport(await runProbes(op, options, { ...resolved, probes: 1, steps: columns }, caller));
}

/** The report of probes already run. */
export function densityReport({ size: n, jacobi, exact, spectrum, steps, eps, evidence }: ProbeRun): DensityReport {
  const quadratures = jacobi.map(({ alpha, beta, mass }) => gaussQuadrature(alpha, beta, mass));
  const known = spectrum ?? exact;
  const resolution = 10 * eps * quadratures.reduce((m, { nodes }) => Math.max(m, maxAbs(nodes)), maxAbs(known));
  const ends = [...quadratures.map(({ nodes }) => nodes), known]
    .flatMap((values) => [values[0], values[values.length - 1]])
    .filter((x) => x !== undefined);
  // where all eigenvalues are known the probes have nothing to add
  const measured: Measured = {
    size: n,
    probes: spectrum === null ? jacobi : [],
    exact: known,
    resolution,
    evidence,
  };
  const rules = spectrum === null ? quadratures : [];
  const shorter = shorterRules(measured.probes, (m) => m - Math.max(1, Math.floor(m / 10)));
  return {
    size: n,
    quadratures,
    jacobi,
    exact,
    spectrum,
    support: [Math.min(...ends), Math.max(...ends)],
    steps,
    ...evidence,
    density: (x, options) => smoothedDensity(n, rules, shorter, measured.exact, evidence, x, options),
    cdf: (x, options) => cumulative(measured, x, options),
    trace: (f) => traceOfFunction(measured.probes, measured.exact, { f, resolution, caller: 'trace' }, evidence),
    count(a, b) {
      if (!(a <= b)) refuse('count', `a must be <= b, got a=${a}, b=${b}`);
      return { ...countBetween(measured, a, b), ...evidence };
    },
  };
}
