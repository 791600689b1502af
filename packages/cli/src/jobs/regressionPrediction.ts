import { createWorkspace } from '@hyperribbon/kernels';
import { eigh } from '@hyperribbon/lanczos';
import {
  inputSpectrumSlope,
  phasePoint,
  predictedWidths,
  trajectoryCovariance,
  type PhasePoint,
  type SpectrumSlope,
} from '@hyperribbon/linear-dynamics';
import type { JobContext } from './job.js';

/** What the closed form says about the trajectories of linear regression: widths, principal axes, place on the phase diagram. */
export interface RegressionPredictionJob {
  readonly kind: 'regression-prediction';
  /** as RegressionSpectrumResult has them */
  readonly eigenvalues: Float64Array;
  readonly vectors: Float64Array;
  readonly target: Float64Array;
  readonly learningRate: number;
  readonly steps: number;
  readonly initialScale: number;
  /** window of the slope, indices from 0 */
  readonly window: { readonly from: number; readonly to: number };
  /** widths and axes wanted */
  readonly count: number;
  readonly deterministic: boolean;
}

export interface RegressionPredictionResult {
  readonly point: PhasePoint;
  /** slope over the directions that training reaches, 2 η λ T > 1; undefined where there are fewer than five */
  readonly reached: SpectrumSlope | undefined;
  /** (count,) widths of the closed form, and of its two sources alone */
  readonly predicted: Float64Array;
  readonly initialisation: Float64Array;
  readonly fromTarget: Float64Array;
  /** (count, d): row k takes weights w to the coordinate of their predictions Xᵀw/√n along the k-th principal axis */
  readonly axes: Float64Array;
}

/** Cost: about 9 d³ flops for the axes. */
export async function runRegressionPrediction(
  job: RegressionPredictionJob,
  context: JobContext,
): Promise<RegressionPredictionResult> {
  const { eigenvalues, vectors, target, learningRate, steps, initialScale, window, deterministic } = job;
  const d = eigenvalues.length;
  const count = Math.min(job.count, d);
  context.report(0.1, 'closed form');
  const cloud = { eigenvalues, target, learningRate, steps, initialScale };
  const point = phasePoint({ ...cloud, slope: { window }, count });
  const { widths, initialisation, target: fromTarget } = predictedWidths({ ...cloud, count });
  const { learnedDirections } = point;
  const reached =
    learnedDirections < 5
      ? undefined
      : inputSpectrumSlope(eigenvalues, { window: { from: 0, to: learnedDirections - 1 } });
  context.report(0.4, 'principal axes');
  const { vectors: principal } = eigh(trajectoryCovariance(cloud).covariance, d, {
    vectors: true,
    deterministic: true,
  });
  // predictions in the eigenbasis are Λ^(1/2) U w: an axis v of theirs is Uᵀ Λ^(1/2) v for the weights
  const space = createWorkspace({ bytes: 8 * (d * d + 2 * count * d) + 512, deterministic });
  const [u, v, out] = [d * d, count * d, count * d].map((length) => space.allocate(8 * length));
  space.float64View(u, d * d).set(vectors);
  const scaled = space.float64View(v, count * d);
  for (let k = 0; k < count; k++)
    for (let i = 0; i < d; i++) scaled[k * d + i] = principal![k * d + i] * Math.sqrt(eigenvalues[i]);
  space.float64.gemm(0, 0, count, d, d, 1, v, d, u, d, 0, out, d, 0, 0);
  const roots = (list: Float64Array): Float64Array =>
    Float64Array.from({ length: count }, (_, k) => Math.sqrt(Math.max(0, list[k] ?? 0)));
  return {
    point,
    reached,
    predicted: widths,
    initialisation: roots(initialisation.eigenvalues),
    fromTarget: roots(fromTarget.eigenvalues),
    axes: space.float64View(out, count * d).slice(),
  };
}
