import type { FloatArray } from '@hyperribbon/kernels';
import { workspaceOptions } from '../dense/eigh.js';
import { maxAbs } from '../dense/powerOfTwo.js';
import { assertOperator, floatArray, type LinearOperator } from '@hyperribbon/linop';
import { stream } from '@hyperribbon/random';
import { KrylovFactorization } from '../factorization/krylovFactorization.js';
import { cumulative, share, type CumulativeCurve, type CumulativeOptions } from './cumulative.js';
import { smoothedDensity, type DensityCurve, type DensityOptions } from './densityCurve.js';
import type { Estimate, Evidence } from './estimate.js';
import { gaussQuadrature, type Quadrature } from './gaussQuadrature.js';
import { lanczosProbe, type Probe } from './lanczosProbe.js';
import { shorterRules, traceOfFunction } from './traceOfFunction.js';
import { watch, type WatchOptions } from './watch.js';

export type ProbeDistribution = 'rademacher' | 'gaussian' | 'sphere';

export interface SpectralDensityOptions extends WatchOptions {
  /** Lanczos steps per probe; default min(n, 80) */
  readonly steps?: number;
  /** random vectors, at least 2; default 10 */
  readonly probes?: number;
  readonly seed?: number;
  /** 'rademacher' (default): smallest variance for the trace */
  readonly distribution?: ProbeDistribution;
  /** eigenpairs that are known, such as a report of eigsh: counted exactly and projected out of the probes */
  readonly deflate?: { readonly values: ArrayLike<number>; readonly vectors: FloatArray };
  /** nominal coverage of intervals and bands, in (0, 1); default 0.95 */
  readonly level?: number;
  /**
   * the first probes, already run: `jacobi` of an earlier report with the same seed, steps, distribution and deflate, or of the `density` of an
   * AbortError. They are not run again; their products are counted
   */
  readonly resume?: readonly Probe[];
  readonly deterministic?: boolean;
  readonly engine?: 'wasm' | 'typescript';
}

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
  assertOperator(op, 'spectralDensity');
  const n = op.size;
  const { probes = 10, seed = 0, distribution = 'rademacher', deflate, level = 0.95, resume = [] } = options;
  const rows = deflatedRows(deflate, n);
  const steps = Math.min(options.steps ?? 80, Math.max(1, n - rows.length));
  assertRange('steps', options.steps ?? 80, 1, Infinity);
  assertRange('probes', probes, 2, Infinity);
  if (!(level > 0 && level < 1)) throw new RangeError(`spectralDensity: level must be in (0, 1), got ${level}`);
  if (n < 1) throw new RangeError(`spectralDensity: op.size must be >= 1, got ${n}`);
  const f = new KrylovFactorization(op, {
    capacity: steps + rows.length + 2,
    seed,
    caller: 'spectralDensity',
    ...workspaceOptions(options),
  });
  const jacobi = resume.slice(0, probes);
  f.guard.calls = jacobi.reduce((sum, { alpha }) => sum + alpha.length, 0);
  const exact = Float64Array.from(deflate?.values ?? [])
    .sort()
    .toReversed();
  const report = (): DensityReport =>
    densityReport(n, [...jacobi], exact, steps, f.eps, {
      level,
      probes: jacobi.length,
      matvecs: f.guard.calls,
      seed,
      kernels: f.workspace.info,
    });
  const between = watch(
    'spectralDensity',
    probes * steps,
    options,
    () => f.guard.calls,
    () => (jacobi.length < 2 ? null : report()),
  );
  await between();
  const z = floatArray(op.dtype, n);
  while (jacobi.length < probes) {
    drawProbe(z, distribution, seed, jacobi.length);
    jacobi.push(await lanczosProbe(f, rows, z, steps, between));
  }
  return report();
}

/** The report of probes already run. */
export function densityReport(
  n: number,
  jacobi: readonly Probe[],
  exact: Float64Array,
  steps: number,
  eps: number,
  evidence: Evidence,
): DensityReport {
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

/** Fills z with the probe of that index: the same numbers whatever the order or number of probes. */
export function drawProbe(z: FloatArray, distribution: ProbeDistribution, seed: number, index: number): void {
  const random = stream({ seed, purpose: 'probe', index });
  if (distribution === 'rademacher') random.rademacher(z);
  else if (distribution === 'gaussian') random.normal(z);
  else {
    random.sphere(z);
    const radius = Math.sqrt(z.length);
    for (let i = 0; i < z.length; i++) z[i] *= radius;
  }
}

function deflatedRows(deflate: SpectralDensityOptions['deflate'], n: number): FloatArray[] {
  if (deflate === undefined) return [];
  const k = deflate.values.length;
  if (deflate.vectors.length !== k * n || k >= n) {
    throw new RangeError(
      `spectralDensity: deflate must hold k < n values and k·n vector entries, got k=${k}, n=${n}, ${deflate.vectors.length} entries`,
    );
  }
  return Array.from({ length: k }, (_, i) => deflate.vectors.subarray(i * n, (i + 1) * n));
}

function assertRange(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new RangeError(`spectralDensity: ${name} must be an integer >= ${low}, got ${value}`);
  }
}
