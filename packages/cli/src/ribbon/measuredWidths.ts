import type { RegressionRunsResult } from '../jobs/regressionRuns.js';

/** Widths of simulated trajectories along given axes, with the evidence. */
export interface MeasuredWidths {
  /** (count,) standard deviation of all points of all runs along each axis */
  readonly widths: Float64Array;
  /** (count,) standard errors, from the spread over runs */
  readonly standardErrors: Float64Array;
  /** share of the whole variance that lies along the first three axes */
  readonly explained3: number;
}

/**
 * Pools groups of simulated runs of equal size. The variance along a fixed axis is an unbiased measure of what the closed form says;
 * the eigenvalues of the sample covariance are not: where many directions are alike, those of R runs spread by a factor of
 * (1 ± √(directions/R))².
 */
export function measuredWidths(
  groups: readonly RegressionRunsResult[],
  correlation: Float64Array,
  count: number,
): MeasuredWidths {
  const perGroup = groups[0].means.length / count;
  const runs = perGroup * groups.length;
  const widths = new Float64Array(count);
  const standardErrors = new Float64Array(count);
  let firstThree = 0;
  for (let k = 0; k < count; k++) {
    const column = (values: Float64Array): number[] =>
      Array.from({ length: perGroup }, (_, r) => values[r * count + k]);
    const means = groups.flatMap((group) => column(group.means));
    const squares = groups.flatMap((group) => column(group.squares));
    const centre = means.reduce((a, b) => a + b, 0) / runs;
    // mean over t of (z − centre)², run by run
    const spreads = means.map((mean, r) => squares[r] - 2 * centre * mean + centre * centre);
    const variance = spreads.reduce((a, b) => a + b, 0) / runs;
    const scatter = spreads.reduce((sum, value) => sum + (value - variance) * (value - variance), 0);
    widths[k] = Math.sqrt(Math.max(0, variance));
    standardErrors[k] = runs > 1 && variance > 0 ? Math.sqrt(scatter / (runs - 1) / runs) / (2 * widths[k]) : 0;
    if (k < 3) firstThree += variance;
  }
  return { widths, standardErrors, explained3: firstThree / totalVariance(groups, correlation) };
}

/** Mean of ‖Xᵀw/√n‖² less the squared norm of the mean prediction. */
function totalVariance(groups: readonly RegressionRunsResult[], correlation: Float64Array): number {
  const d = groups[0].weights.length;
  const mean = new Float64Array(d);
  let energy = 0;
  for (const group of groups) {
    energy += group.energy / groups.length;
    for (let j = 0; j < d; j++) mean[j] += group.weights[j] / groups.length;
  }
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) energy -= mean[i] * correlation[i * d + j] * mean[j];
  return energy;
}
