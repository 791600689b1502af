import { floatArray, refuse, requireInteger, watch } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { kernelOptions } from '../dense/eigen.js';
import { assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { stream } from '@hyperribbon/random';
import { knownRows, type KnownPairs } from '../factorization/knownPairs.js';
import { KrylovFactorization } from '../factorization/krylovFactorization.js';
import { type EstimatorOptions, resolveEstimator } from './estimate.js';
import { lanczosProbe, type Probe, type ProbeRun } from './lanczosProbe.js';
import type { DensityReport } from './densityReport.js';

export type ProbeDistribution = 'rademacher' | 'gaussian' | 'sphere';

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
   * AbortError. They are not run again; their products are counted. One more product, not counted, tells whether the last
   * of them is of this operator; probes of another run are refused
   */
  readonly resume?: readonly Probe[];
}

/**
 * Runs Lanczos from random vectors. @param caller whose errors they are
 * @param partial what an AbortError carries, made of the probes that are done once there are two
 * @throws ArgumentError, NonFiniteError, OperatorError, AbortError. Cost: probes · steps products.
 */
export async function runProbes(
  op: LinearOperator,
  options: ProbeOptions,
  caller: string,
  partial?: (run: ProbeRun) => DensityReport,
): Promise<ProbeRun> {
  assertOperator(op, caller);
  const n = op.size;
  const { probes = 10, distribution = 'rademacher', deflate, resume = [] } = options;
  const rows = knownRows(deflate, n, caller);
  const steps = Math.min(options.steps ?? 80, Math.max(1, n - rows.length));
  requireInteger(caller, 'steps', options.steps ?? 80, 1);
  requireInteger(caller, 'probes', probes, 2);
  requireInteger(caller, 'op.size', n, 1);
  const { seed, level } = resolveEstimator(caller, options);
  const f = new KrylovFactorization(op, {
    capacity: steps + rows.length + 2,
    seed,
    caller,
    ...kernelOptions(options),
  });
  const jacobi = resume.slice(0, probes);
  f.guard.matvecs = jacobi.reduce((sum, { alpha }) => sum + alpha.length, 0);
  const exact = Float64Array.from(deflate?.values ?? [])
    .sort()
    .toReversed();
  const run = (): ProbeRun => ({
    size: n,
    jacobi: [...jacobi],
    exact,
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
  const z = floatArray(op.dtype, n);
  if (jacobi.length > 0) {
    // the last of them, one step anew
    drawProbe(z, distribution, seed, jacobi.length - 1);
    requireSame(caller, jacobi, await lanczosProbe(f, rows, z, 1, async () => undefined), steps, Math.sqrt(f.eps));
    f.guard.matvecs--;
  }
  while (jacobi.length < probes) {
    drawProbe(z, distribution, seed, jacobi.length);
    jacobi.push(await lanczosProbe(f, rows, z, steps, between));
  }
  return run();
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
