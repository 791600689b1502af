import { requireFiniteEntries, requireInteger } from '@hyperribbon/contract';
import { geodesicPoint } from './geodesic.js';
import { requireModels, type Models } from './models.js';

/** Where on the way from ignorance to the truth checkpoints are wanted. */
export interface ReindexOptions {
  /** grid points s = 1/points, 2/points, ..., 1; default 50 */
  readonly points?: number;
}

/** A trajectory at equally spaced progress. */
export interface ReindexedTrajectory extends Models {
  readonly probabilities: Float64Array;
  /** (models,) the grid; 0 is left out */
  readonly grid: Float64Array;
}

/**
 * A trajectory of checkpoints at equally spaced values of an index that grows along it: progress (see {@link progress}), or accuracy.
 *
 * For each grid value the first checkpoint whose index exceeds it and the one before are joined by a geodesic, and the point at the
 * share (s − s_before)/(s_after − s_before), clipped to [0, 1], is taken [mao2024]. Before the first checkpoint stands the first,
 * behind the last index the last.
 * @param trajectory (checkpoints, samples, classes) in the order of training
 * @param index (checkpoints,) e.g. progress(trajectory, ignorance, truth)
 * @returns (points, samples, classes) and the grid
 * @throws ArgumentError for an index of the wrong length or not finite; ProbabilityError as bhattacharyyaDivergences
 * Cost: points · samples · classes.
 * @example reindexTrajectory(models, [0, 0.2, 0.7, 1], { points: 2 }).grid // [0.5, 1]
 */
export function reindexTrajectory(
  trajectory: Models,
  index: ArrayLike<number>,
  { points = 50 }: ReindexOptions = {},
): ReindexedTrajectory {
  requireModels('reindexTrajectory', trajectory);
  const { models, samples, classes, probabilities } = trajectory;
  requireFiniteEntries('reindexTrajectory', 'index', index, models);
  requireInteger('reindexTrajectory', 'points', points, 1);
  const size = samples * classes;
  const out = new Float64Array(points * size);
  const grid = Float64Array.from({ length: points }, (_, k) => (k + 1) / points);
  const checkpoint = (m: number): Models['probabilities'] => probabilities.subarray(m * size, (m + 1) * size);
  grid.forEach((s, k) => {
    let after = 0;
    while (after < models && !(index[after]! > s)) after++;
    const place = out.subarray(k * size, (k + 1) * size);
    if (after === 0) place.set(checkpoint(0));
    else if (after === models) place.set(checkpoint(models - 1));
    else {
      const [a, b] = [index[after - 1]!, index[after]!];
      const share = Math.min(Math.max((s - a) / (b - a), 0), 1);
      geodesicPoint(checkpoint(after - 1), checkpoint(after), classes, share, place);
    }
  });
  return { probabilities: out, models: points, samples, classes, grid };
}
