import type { FloatArray } from '@hyperribbon/kernels';
import type { PlanePoint } from './planeTypes.js';
import { dot } from './trajectoryAxes.js';

/** Weights of a run at some steps, such as recordTrajectory of nn keeps them. */
export interface PlaneTrajectory {
  /** updates done, ascending */
  readonly steps: readonly number[];
  /** (size,) each */
  readonly records: readonly FloatArray[];
}

/**
 * Where the weights of a run stand in a plane: least-squares coordinates (x, y) of w_t − w in the two directions, which need not be
 * orthogonal, and the distance that is left.
 *
 * @param directions not parallel
 */
export function footpoints(
  { steps, records }: PlaneTrajectory,
  centre: FloatArray,
  directions: readonly [FloatArray, FloatArray],
): readonly PlanePoint[] {
  const [first, second] = directions;
  const [aa, ab, bb] = [dot(first, first), dot(first, second), dot(second, second)];
  const determinant = aa * bb - ab * ab;
  return records.map((record, t) => {
    const away = Float64Array.from(record, (w, i) => w - centre[i]);
    const [a, b] = [dot(away, first), dot(away, second)];
    const x = (a * bb - b * ab) / determinant;
    const y = (b * aa - a * ab) / determinant;
    for (let i = 0; i < away.length; i++) away[i] -= x * first[i] + y * second[i];
    return { step: steps[t], x, y, distance: Math.sqrt(dot(away, away)) };
  });
}
