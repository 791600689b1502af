import { fisher, gaussNewton, hessian, type ShardedCurvatureOperator } from '@hyperribbon/curvature';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import { AbortError, eigh, eigsh } from '@hyperribbon/lanczos';
import { spectralDensity } from '@hyperribbon/lanczos/density';
import { materialize } from '@hyperribbon/linop';
import { parseArchitecture, softmaxCrossEntropy, type Examples } from '@hyperribbon/nn';
import type { SpectralDensity } from '@hyperribbon/report';
import { densityTable } from './densityTable.js';
import type { JobContext, Model } from './job.js';

export type OperatorName = 'hessian' | 'ggn' | 'fisher' | 'empirical-fisher';

/** Eigenvalues of a curvature operator of a network over examples, at given weights. */
export interface SpectrumJob {
  readonly kind: 'spectrum';
  readonly model: Model;
  readonly examples: Examples;
  readonly operator: OperatorName;
  /** how many eigenvalues, or 'full' for all of them by materialising the matrix */
  readonly count: number | 'full';
  readonly which: 'LA' | 'SA' | 'LM' | 'BE';
  readonly dtype: Dtype;
  /** residual norms relative to the norm of the operator */
  readonly tol: number;
  readonly seed: number;
  readonly deterministic: boolean;
  readonly vectors: boolean;
  readonly maxMatvecs?: number;
  readonly density?: { readonly steps: number; readonly probes: number };
  /** threads that share the examples, this one included (default 1); the result has the same bits for any number */
  readonly workers?: number;
}

export interface SpectrumResult {
  /** descending */
  readonly values: Float64Array;
  readonly residualNorms: Float64Array;
  readonly converged: boolean;
  readonly reason: string;
  readonly matvecs: number;
  readonly orthogonality: number;
  readonly seed: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly kernels: KernelInfo;
  readonly noiseFloor: number;
  /** (values.length, size) row-major, if asked for */
  readonly vectors?: FloatArray;
  readonly density?: SpectralDensity;
}

const machineEpsilon = { float32: 2 ** -23, float64: 2 ** -52 };

/** The operator that a name on the command line stands for; mean over examples of softmax cross-entropy in nats. */
function curvatureOperator(job: SpectrumJob): ShardedCurvatureOperator {
  const network = parseArchitecture(job.model.architecture);
  const { dtype, deterministic, workers = 1 } = job;
  const options = { loss: softmaxCrossEntropy, dtype, deterministic, workers };
  const { params } = job.model;
  switch (job.operator) {
    case 'hessian':
      return hessian(network, params, job.examples, options);
    case 'ggn':
      return gaussNewton(network, params, job.examples, options);
    case 'fisher':
      return fisher(network, params, job.examples, { ...options, kind: 'sampled', seed: job.seed });
    case 'empirical-fisher':
      return fisher(network, params, job.examples, { ...options, kind: 'empirical' });
  }
}

export async function runSpectrum(job: SpectrumJob, context: JobContext): Promise<SpectrumResult> {
  context.report(0, 'linearising');
  const operator = curvatureOperator(job);
  try {
    await operator.ready;
    return await measure(operator, job, context);
  } finally {
    await operator.close();
  }
}

async function measure(
  operator: ShardedCurvatureOperator,
  job: SpectrumJob,
  context: JobContext,
): Promise<SpectrumResult> {
  const shareOfPairs = job.density ? 0.5 : 1;
  const pairs =
    job.count === 'full'
      ? await fullSpectrum(operator, job, context)
      : await topOfSpectrum(operator, job.count, job, context, shareOfPairs);
  const scale = Math.max(Math.abs(pairs.values[0] ?? 0), Math.abs(pairs.values.at(-1) ?? 0));
  const noiseFloor = 10 * machineEpsilon[job.dtype] * scale;
  let density: SpectralDensity | undefined;
  if (job.density && !context.signal.aborted) {
    const report = await spectralDensity(operator, {
      steps: job.density.steps,
      probes: job.density.probes,
      seed: job.seed,
      deterministic: job.deterministic,
      // eigenpairs that are known are counted exactly
      ...(pairs.vectors ? { deflate: { values: pairs.values, vectors: pairs.vectors } } : {}),
      signal: context.signal,
      onProgress: ({ matvecs, total }) =>
        context.report(
          shareOfPairs + ((1 - shareOfPairs) * matvecs) / total,
          `spectral density, ${matvecs} of ${total} products`,
        ),
    }).catch(unlessAborted(context));
    if (report !== undefined) density = densityTable(report, noiseFloor);
  }
  return {
    ...pairs,
    seed: job.seed,
    loss: operator.loss,
    gradientNorm: operator.gradientNorm,
    kernels: operator.info.kernels,
    noiseFloor,
    ...(density ? { density } : {}),
  };
}

/** An abort is no fault here: the eigenvalues that are done are the result. */
function unlessAborted(context: JobContext): (error: unknown) => undefined {
  return (error) => {
    if (context.signal.aborted) return undefined;
    throw error;
  };
}

type Pairs = Pick<
  SpectrumResult,
  'values' | 'residualNorms' | 'converged' | 'reason' | 'matvecs' | 'orthogonality' | 'vectors'
>;

/** All eigenvalues: `size` products form the matrix, then a dense solver. */
async function fullSpectrum(operator: ShardedCurvatureOperator, job: SpectrumJob, context: JobContext): Promise<Pairs> {
  const n = operator.size;
  context.report(0.1, `forming the ${n} × ${n} matrix`);
  const matrix = Float64Array.from(await materialize(operator));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (matrix[i * n + j] + matrix[j * n + i]) / 2;
      matrix[i * n + j] = mean;
      matrix[j * n + i] = mean;
    }
  }
  context.report(0.5, 'diagonalising it');
  const { values, vectors } = eigh(matrix, n, { vectors: true, deterministic: job.deterministic });
  const residualNorms = new Float64Array(n);
  for (let i = 0; i < n; i++) residualNorms[i] = denseResidual(matrix, vectors!, values[i], i, n);
  return {
    values,
    residualNorms,
    converged: true,
    reason: 'dense',
    matvecs: n,
    orthogonality: 0,
    ...(job.vectors ? { vectors: vectors! } : {}),
  };
}

function denseResidual(a: Float64Array, vectors: FloatArray, value: number, i: number, n: number): number {
  let sum = 0;
  for (let row = 0; row < n; row++) {
    let product = 0;
    for (let j = 0; j < n; j++) product += a[row * n + j] * vectors[i * n + j];
    const difference = product - value * vectors[i * n + row];
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}

async function topOfSpectrum(
  operator: ShardedCurvatureOperator,
  k: number,
  job: SpectrumJob,
  context: JobContext,
  share: number,
): Promise<Pairs> {
  const report = await eigsh(operator, {
    k,
    which: job.which,
    tol: job.tol,
    seed: job.seed,
    deterministic: job.deterministic,
    signal: context.signal,
    ...(job.maxMatvecs === undefined ? {} : { maxMatvecs: job.maxMatvecs }),
    // the solver's own trend where it has one; before that about 3 products per pair, as pairs converge late and together
    onProgress: ({ phase, convergedPairs, matvecs, matvecsLeft }) => {
      const left = matvecsLeft ?? Math.max(3 * k + 40 - matvecs, matvecs / 9);
      const done = phase === 'verification' ? 0.95 : Math.min(0.9, matvecs / (matvecs + left));
      const detail =
        phase === 'verification'
          ? `looking for missed eigenvalues, ${matvecs} products`
          : `${convergedPairs} of ${k} eigenpairs, ${matvecs} products`;
      context.report(share * done, detail);
    },
  }).catch((error: unknown) => {
    // what was found before the abort is in the error
    if (error instanceof AbortError && error.report !== null) return error.report;
    throw error;
  });
  return {
    values: report.values,
    residualNorms: report.residualNorms,
    converged: report.converged,
    reason: report.reason,
    matvecs: report.matvecs,
    orthogonality: report.orthogonality,
    ...(job.vectors ? { vectors: report.vectors } : {}),
  };
}
