import {
  floatArray,
  isFloatArray,
  refuse,
  refuseType,
  requireInteger,
  requireOneOf,
  requireOptions,
  watch,
} from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { kernelOptions } from '../dense/eigen.js';
import { assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { stream } from '@hyperribbon/random';
import { knownRows, type KnownPairs } from '../factorization/knownPairs.js';
import { KrylovFactorization } from '../factorization/krylovFactorization.js';
import { type EstimatorOptions, resolveEstimator } from './estimate.js';
import { lanczosProbe, restOfSpectrum, type Probe, type ProbeRun } from './lanczosProbe.js';
import type { DensityReport } from './densityReport.js';

export const DISTRIBUTIONS = ['rademacher', 'gaussian', 'sphere'] as const;

export type ProbeDistribution = (typeof DISTRIBUTIONS)[number];

export interface ProbeOptions extends EstimatorOptions {
  /** Lanczos steps per probe; default min(n, 80) */
  readonly steps?: number;
  /** random vectors, at least 2; default 10 */
  readonly probes?: number;
  /** 'rademacher' (default): smallest variance for the trace */
  readonly distribution?: ProbeDistribution;
  /** eigenpairs that are known, such as a report of eigsh: counted exactly and projected out of the probes */
  readonly deflate?: KnownPairs;
  /**
   * the first probes, already run: `jacobi` of an earlier report with the same seed, steps, distribution and deflate, or of the `partial` of an
   * AbortError. They are not run again; their products are counted. One more product tells whether the last
   * of them is of this operator; probes of another run are refused
   */
  readonly resume?: readonly Probe[];
}

/** Options with defaults filled in, and the known vectors as rows. */
export interface ResolvedProbes {
  readonly steps: number;
  readonly probes: number;
  readonly distribution: ProbeDistribution;
  readonly seed: number;
  readonly level: number;
  readonly rows: readonly FloatArray[];
  readonly resume: readonly Probe[];
}

/** @throws ArgumentError, ArgumentTypeError in the name of `caller` */
export function resolveProbes(op: LinearOperator, options: ProbeOptions, caller: string): ResolvedProbes {
  assertOperator(op, caller);
  requireOptions(caller, options);
  const n = op.size;
  const { steps = 80, probes = 10, distribution = 'rademacher', deflate, resume = [] } = options;
  requireInteger(caller, 'op.size', n, 1);
  requireInteger(caller, 'steps', steps, 1);
  requireInteger(caller, 'probes', probes, 2);
  requireOneOf(caller, 'distribution', distribution, DISTRIBUTIONS);
  if (!Array.isArray(resume) || !resume.every(isProbe))
    refuseType(caller, 'resume', 'probes, such as `jacobi` of a report', resume);
  const rows = knownRows(deflate, n, caller);
  const most = Math.min(steps, n - rows.length);
  return { steps: most, probes, distribution, rows, resume, ...resolveEstimator(caller, options) };
}

/**
 * Runs Lanczos from random vectors. @param caller whose errors they are
 * @param partial what an AbortError carries, made of the probes that are done once there are two
 * @throws NonFiniteError, OperatorError, AbortError. Cost: probes · steps products.
 */
export async function runProbes(
  op: LinearOperator,
  options: ProbeOptions,
  { steps, probes, distribution, seed, level, rows, resume }: ResolvedProbes,
  caller: string,
  partial?: (run: ProbeRun) => DensityReport,
): Promise<ProbeRun> {
  const n = op.size;
  const f = new KrylovFactorization(op, {
    capacity: steps + rows.length + 2,
    seed,
    caller,
    signal: options.signal,
    ...kernelOptions(options),
  });
  const jacobi = resume.slice(0, probes);
  f.guard.matvecs = jacobi.reduce((sum, { alpha }) => sum + alpha.length, 0);
  const exact = descending(options.deflate?.values ?? []);
  const run = (): ProbeRun => ({
    size: n,
    jacobi: [...jacobi],
    exact,
    spectrum: jacobi[0]?.spectrum === undefined ? null : descending([...exact, ...jacobi[0].spectrum]),
    steps,
    eps: f.eps,
    evidence: { level, probes: jacobi.length, matvecs: f.guard.matvecs, seed, kernels: f.workspace.info },
  });
  const between = watch(
    caller,
    probes * steps,
    options,
    () => f.guard.matvecs,
    () => (jacobi.length < 2 ? undefined : partial?.(run())),
  );
  await between();
  const runAll = async (): Promise<void> => {
    const z = floatArray(op.dtype, n);
    if (jacobi.length > 0) {
      // the last of them, one step anew
      drawProbe(z, distribution, seed, jacobi.length - 1);
      requireSame(caller, jacobi, await lanczosProbe(f, rows, z, 1, async () => undefined), steps, Math.sqrt(f.eps));
    }
    while (jacobi.length < probes) {
      drawProbe(z, distribution, seed, jacobi.length);
      const probe = await lanczosProbe(f, rows, z, steps, between);
      const whole = jacobi.length === 0 && steps === n - rows.length;
      const spectrum = whole ? await restOfSpectrum(f, rows.length, between) : undefined;
      jacobi.push(spectrum === undefined ? probe : { ...probe, spectrum });
    }
  };
  await runAll().catch(async (error: unknown) => {
    // a product that was waited for at the abort ends without what there is of the report, which this one carries
    await between();
    throw error;
  });
  return run();
}

function descending(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort().toReversed();
}

function isProbe(value: unknown): boolean {
  const { alpha, beta, mass } = (value ?? {}) as Partial<Probe>;
  return isFloatArray(alpha) && isFloatArray(beta) && alpha.length === beta.length && typeof mass === 'number';
}

/** @throws ArgumentError unless the probes have `steps` steps, or all there are, and the last began like `again`, up to `tol` */
function requireSame(caller: string, probes: readonly Probe[], again: Probe, steps: number, tol: number): void {
  const last = probes[probes.length - 1];
  const off = Math.max(Math.abs(last.alpha[0] - again.alpha[0]), Math.abs(last.beta[0] - again.beta[0]));
  const same = off <= tol * (Math.abs(again.alpha[0]) + again.beta[0]) && Math.abs(last.mass / again.mass - 1) <= tol;
  const whole = ({ alpha, beta }: Probe): boolean =>
    alpha.length === steps || (alpha.length < steps && beta[alpha.length - 1] === 0);
  if (!same || !probes.every(whole))
    refuse(
      caller,
      'resume holds probes of another run: operator, seed, steps, distribution and deflate must be the same',
    );
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
