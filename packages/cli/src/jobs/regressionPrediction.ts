import {
  inputSpectrumSlope,
  phasePoint,
  predictedWidths,
  principalAxes,
  type PhasePoint,
  type PrincipalAxesOptions,
  type SpectrumSlope,
} from '@hyperribbon/linear-dynamics';
import type { JobContext } from '@hyperribbon/study';

/** What the closed form says about the trajectories of linear regression: widths, principal axes, place on the phase diagram. */
export interface RegressionPredictionJob extends PrincipalAxesOptions {
  /** of the slope, indices from 0 */
  readonly window: { readonly from: number; readonly to: number };
  /** widths and axes wanted, at most as many as there are directions */
  readonly count: number;
}

export interface RegressionPredictionResult {
  readonly point: PhasePoint;
  /** slope over the directions that training reaches, 2 η λ T > 1; undefined where there are fewer than five */
  readonly reached: SpectrumSlope | undefined;
  /** (count,) widths of the closed form, and of its two sources alone */
  readonly predicted: Float64Array;
  readonly initialization: Float64Array;
  readonly fromTarget: Float64Array;
  /** (count, d) as principalAxes has them */
  readonly axes: Float64Array;
}

/** Cost: about 9 d³ flops for the axes. */
export async function runRegressionPrediction(
  job: RegressionPredictionJob,
  context: JobContext,
): Promise<RegressionPredictionResult> {
  const { window, eigenvalues } = job;
  const count = Math.min(job.count, eigenvalues.length);
  context.report({ done: 0.1, of: 1, detail: 'closed form' });
  const point = phasePoint({ ...job, slope: { window }, count });
  const { widths, initialization, target: fromTarget } = predictedWidths({ ...job, count });
  const { learnedDirections } = point;
  const reached =
    learnedDirections < 5
      ? undefined
      : inputSpectrumSlope(eigenvalues, { window: { from: 0, to: learnedDirections - 1 } });
  context.report({ done: 0.4, of: 1, detail: 'principal axes' });
  const axes = principalAxes({ ...job, count });
  const roots = (list: Float64Array): Float64Array =>
    Float64Array.from({ length: count }, (_, k) => Math.sqrt(Math.max(0, list[k] ?? 0)));
  return {
    point,
    reached,
    predicted: widths,
    initialization: roots(initialization.eigenvalues),
    fromTarget: roots(fromTarget.eigenvalues),
    axes,
  };
}
