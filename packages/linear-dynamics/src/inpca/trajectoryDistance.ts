import { requireNonNegative, requireOneOf } from '@hyperribbon/contract';
import { exp } from '@hyperribbon/kernels';
import { crossDivergences } from './divergences/crossDivergences.js';
import { bhattacharyyaDivergences } from './divergences/divergences.js';
import type { Models } from './models.js';

/** How points of one trajectory find theirs on the other. */
export interface TrajectoryDistanceOptions {
  /** s ≥ 0 of the soft minimum with weights exp(−d/(2 s²)); default 0: the nearest point counts alone */
  readonly softness?: number;
  /** of the two one-sided distances; default 'min' */
  readonly symmetrize?: 'min' | 'mean';
}

/**
 * How far two trajectories are apart, as curves: the distance of a point of one from the other, in Bhattacharyya divergence, averaged
 * along the one by arc length, and the same the other way round [mao2024].
 *
 * A point's distance from a trajectory is the mean of its divergences d from the points weighted by exp(−d/(2 s²)) and arc length,
 * or the smallest one for s = 0. Arc length is √D between neighbours, half of each gap going to each end (trapezoidal rule: the
 * published code's own rule at the ends is not known). The distance is 0 only if every point of one lies on the other.
 * @param a (models, samples, classes), its points in order; b the same samples
 * @throws as bhattacharyyaDivergences
 * @example trajectoryDistance(models, models) // 0
 */
export function trajectoryDistance(
  a: Models,
  b: Models,
  { softness = 0, symmetrize = 'min' }: TrajectoryDistanceOptions = {},
): number {
  requireNonNegative('trajectoryDistance', 'softness', softness);
  requireOneOf('trajectoryDistance', 'symmetrize', symmetrize, ['min', 'mean']);
  const { values } = crossDivergences(a, b);
  const [lengthsA, lengthsB] = [arcLengths(a), arcLengths(b)];
  const [m, n] = [a.models, b.models];
  const fromB = oneSided(n, m, (i, j) => values[i * m + j]!, lengthsB, lengthsA, softness);
  const fromA = oneSided(m, n, (i, j) => values[j * m + i]!, lengthsA, lengthsB, softness);
  return symmetrize === 'min' ? Math.min(fromA, fromB) : 0.5 * (fromA + fromB);
}

/** Weights of the points of a trajectory by arc length, sum 1; equal where it does not move. */
function arcLengths(trajectory: Models): Float64Array {
  const { models } = trajectory;
  const { values } = bhattacharyyaDivergences(trajectory);
  const out = new Float64Array(models);
  for (let i = 1; i < models; i++) {
    const half = 0.5 * Math.sqrt(values[(i - 1) * models + i]!);
    out[i - 1] = out[i - 1]! + half;
    out[i] = out[i]! + half;
  }
  const total = out.reduce((sum, x) => sum + x, 0);
  return total > 0 ? out.map((x) => x / total) : out.fill(1 / models);
}

function oneSided(
  points: number,
  others: number,
  d: (i: number, j: number) => number,
  lengths: Float64Array,
  otherLengths: Float64Array,
  softness: number,
): number {
  let mean = 0;
  for (let i = 0; i < points; i++) {
    let nearest = Infinity;
    for (let j = 0; j < others; j++) nearest = Math.min(nearest, d(i, j));
    let [sum, weights] = [nearest, 1];
    if (softness > 0) {
      [sum, weights] = [0, 0];
      for (let j = 0; j < others; j++) {
        const w = exp((nearest - d(i, j)) / (2 * softness * softness)) * otherLengths[j]!;
        sum += w * d(i, j);
        weights += w;
      }
    }
    mean += lengths[i]! * (weights > 0 ? sum / weights : nearest);
  }
  return mean;
}
