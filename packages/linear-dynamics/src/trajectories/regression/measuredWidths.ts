import { requireFiniteEntries, requireInteger, requireLength } from '@hyperribbon/contract';
import type { RegressionRuns } from './regressionRuns.js';

/** Widths of simulated trajectories along given axes, with the evidence. */
export interface MeasuredWidths {
  /** (count,) standard deviation of all points of all runs along each axis */
  readonly widths: Float64Array;
  /** (count,) standard errors, from the spread over runs; 0 for a single run */
  readonly standardErrors: Float64Array;
  /** share of the whole variance that lies along the first three axes; NaN where nothing varies */
  readonly explained3: number;
}

/**
 * Widths of simulated regression runs along the axes that they were watched on, pooled over groups of equal size.
 *
 * The variance along a fixed axis is an unbiased measure of what the closed form says; the eigenvalues of the sample covariance are
 * not: where many directions are alike, those of R runs spread by a factor of (1 ± √(directions/R))².
 *
 * @param groups of {@link regressionRuns}, all of as many runs
 * @param correlation (d, d) Σ of the inputs
 * @returns (count,) each
 * @throws ArgumentError for no group, or groups and a correlation that do not fit
 * Cost: runs · count + d² flops. Standard error of a width v^½ from that of its variance v: δv/(2 v^½). Reconstruction following [mao2025].
 * @example
 * const group = { runs: 1, means: Float64Array.of(0), squares: Float64Array.of(4), energy: 4, weights: Float64Array.of(0) };
 * measuredWidths([group], Float64Array.of(1)).widths; // [2]
 */
export function measuredWidths(groups: readonly RegressionRuns[], correlation: Float64Array): MeasuredWidths {
  const { count, perGroup } = requireGroups(groups, correlation);
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

/** @throws ArgumentError unless there are groups, and all fit the first of them and the correlation */
function requireGroups(
  groups: readonly RegressionRuns[],
  correlation: Float64Array,
): { readonly count: number; readonly perGroup: number } {
  const caller = 'measuredWidths';
  requireInteger(caller, 'groups.length', groups.length, 1);
  const { runs: perGroup, means, weights } = groups[0];
  requireInteger(caller, 'groups[0].runs', perGroup, 1);
  requireFiniteEntries(caller, 'correlation', correlation, [weights.length, weights.length]);
  const count = Math.ceil(means.length / perGroup);
  groups.forEach((group, i) => {
    requireLength(caller, `groups[${i}].means`, group.means, [perGroup, count]);
    requireLength(caller, `groups[${i}].squares`, group.squares, [perGroup, count]);
    requireLength(caller, `groups[${i}].weights`, group.weights, weights.length);
  });
  return { count, perGroup };
}

/** Mean of ‖X w/√n‖² less the squared norm of the mean prediction. */
function totalVariance(groups: readonly RegressionRuns[], correlation: Float64Array): number {
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
