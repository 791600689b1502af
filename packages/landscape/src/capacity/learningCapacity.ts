import { refuse, requireBetween, requireInteger, requireNoOthers, requireSeed } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';
import type { Estimate } from '../sharpness/sharpnessTypes.js';

/** Mean losses on examples that were not trained on, of networks trained on so many, one for each repeat. */
export interface LearningCurvePoint {
  /** examples of each training, integer ≥ 1 */
  readonly count: number;
  /** mean negative log-likelihoods (cross-entropies) of held-out examples, one or more */
  readonly losses: readonly number[];
}

export interface LearningCapacityOptions {
  /** sizes on either side that a slope is fitted over, integer ≥ 1; default 1, so over three sizes, two at the ends */
  readonly neighbours?: number;
  /** of the bootstrap over repeats, integer ≥ 100; default 2000 */
  readonly resamples?: number;
  /** of intervals, in (0, 1); default 0.95 */
  readonly level?: number;
  readonly seed?: number;
}

/** Thermodynamics of learning at one sample size. */
export interface CapacityPoint {
  readonly count: number;
  /** U(N): mean over repeats, with its standard error */
  readonly energy: Estimate;
  /** C(N) = −N² dU/dN; NaN ends where one repeat gives no interval */
  readonly capacity: { readonly value: number; readonly low: number; readonly high: number };
  /** −ln Z(N) + ln Z(N₀) = ∫ U dN from the first size */
  readonly freeEnergy: number;
}

/**
 * Learning capacity: the heat capacity of learning, with the number of examples for an inverse temperature [chen2023].
 *
 * With Z(N) = ∫ φ(w) e^{−N Ĥ(w)} dw the energy U = −d ln Z/dN is the mean loss of one example more, and C = −N² dU/dN, which is dU/d(1/N): the slope of a
 * learning curve against 1/N. A regular model with K parameters has C = K/2; it is less where fewer directions have been learned, and 0 before and after
 * there is anything to learn. The correspondence is the paper's; that held-out losses of trained networks stand for U, and slopes fitted by weighted least squares
 * over neighbouring sizes with a bootstrap over repeats, is our estimator.
 *
 * @param curve sizes ascending, two or more. Where all have as many repeats, repeat r is one pool of data for all sizes (as in {@link learningCurve}) and
 *   is resampled as a whole
 * @throws ArgumentError for sizes that do not ascend, losses that are not finite
 * @example
 * // a regular model of 6 parameters: U = 1 + 3/N
 * learningCapacity([10, 20, 40].map((count) => ({ count, losses: [1 + 3 / count] })))[1].capacity.value; // 3
 */
export function learningCapacity(
  curve: readonly LearningCurvePoint[],
  { neighbours = 1, resamples = 2000, level = 0.95, seed = 0, ...others }: LearningCapacityOptions = {},
): readonly CapacityPoint[] {
  requireNoOthers('learningCapacity', others, 'LearningCapacityOptions');
  requireInteger('learningCapacity', 'neighbours', neighbours, 1);
  requireInteger('learningCapacity', 'resamples', resamples, 100);
  requireBetween('learningCapacity', 'level', level, 0, 1);
  requireSeed('learningCapacity', seed);
  requireCurve(curve);
  const counts = curve.map(({ count }) => count);
  const energies = curve.map(({ losses }) => estimate(losses));
  const weights = weightsOf(energies);
  const slopes = (means: readonly number[]): readonly number[] =>
    counts.map((_, i) => slope(counts, means, weights, Math.max(0, i - neighbours), i + neighbours + 1));
  const values = slopes(energies.map(({ mean }) => mean));
  const draws = resampledMeans(curve, resamples, seed).map(slopes);
  const free = freeEnergies(
    counts,
    energies.map(({ mean }) => mean),
  );
  return counts.map((count, i) => {
    const sorted = Float64Array.from(draws, (draw) => draw[i]).sort();
    const alone = curve.every(({ losses }) => losses.length === 1);
    const at = (share: number): number => (alone ? NaN : sorted[Math.round(share * (sorted.length - 1))]);
    return {
      count,
      energy: energies[i],
      capacity: { value: values[i], low: at((1 - level) / 2), high: at((1 + level) / 2) },
      freeEnergy: free[i],
    };
  });
}

function requireCurve(curve: readonly LearningCurvePoint[]): void {
  if (curve.length < 2) refuse('learningCapacity', `curve must have two sizes at least, got ${curve.length}`);
  curve.forEach(({ count, losses }, i) => {
    requireInteger('learningCapacity', `curve[${i}].count`, count, 1);
    if (i > 0 && count <= curve[i - 1].count)
      refuse('learningCapacity', `sizes must ascend, got ${curve[i - 1].count} before ${count}`);
    requireInteger('learningCapacity', `curve[${i}].losses.length`, losses.length, 1);
    losses.forEach((loss, r) => {
      if (!Number.isFinite(loss))
        refuse(
          'learningCapacity',
          `curve[${i}].losses[${r}] must be finite, got ${loss}: leave out repeats that diverged`,
        );
    });
  });
}

function estimate(losses: readonly number[]): Estimate {
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const squares = losses.reduce((sum, loss) => sum + (loss - mean) * (loss - mean), 0);
  return { mean, standardError: Math.sqrt(squares / (losses.length - 1) / losses.length) };
}

/** 1/variance of each mean, relative to the largest; all 1 where some variance is not known or zero. */
function weightsOf(energies: readonly Estimate[]): readonly number[] {
  if (!energies.every(({ standardError }) => standardError > 0)) return energies.map(() => 1);
  const least = Math.min(...energies.map(({ standardError }) => standardError));
  return energies.map(({ standardError }) => (least / standardError) * (least / standardError));
}

/** Of a weighted line through means against 1/N, over sizes [from, to). */
function slope(
  counts: readonly number[],
  means: readonly number[],
  weights: readonly number[],
  from: number,
  to: number,
): number {
  const end = Math.min(to, counts.length);
  let [total, x, y] = [0, 0, 0];
  for (let i = from; i < end; i++) {
    total += weights[i];
    x += weights[i] / counts[i];
    y += weights[i] * means[i];
  }
  [x, y] = [x / total, y / total];
  let [xx, xy] = [0, 0];
  for (let i = from; i < end; i++) {
    const away = 1 / counts[i] - x;
    xx += weights[i] * away * away;
    xy += weights[i] * away * (means[i] - y);
  }
  return xy / xx;
}

/** Means of each size with repeats drawn again; the same repeats for all sizes where there are as many. */
function resampledMeans(
  curve: readonly LearningCurvePoint[],
  resamples: number,
  seed: number,
): readonly (readonly number[])[] {
  const random = stream({ seed, purpose: 'landscape/learning-capacity' });
  const paired = curve.every(({ losses }) => losses.length === curve[0].losses.length);
  const drawn = (many: number): readonly number[] => Array.from({ length: many }, () => random.integer(many));
  return Array.from({ length: resamples }, () => {
    const shared = paired ? drawn(curve[0].losses.length) : undefined;
    return curve.map(({ losses }) => {
      const rows = shared ?? drawn(losses.length);
      return rows.reduce((sum, row) => sum + losses[row], 0) / rows.length;
    });
  });
}

/** ∫ U dN with U = a + b/N between two sizes. */
function freeEnergies(counts: readonly number[], means: readonly number[]): readonly number[] {
  const out = [0];
  for (let i = 1; i < counts.length; i++) {
    const [from, to] = [counts[i - 1], counts[i]];
    const b = (means[i] - means[i - 1]) / (1 / to - 1 / from);
    const a = means[i] - b / to;
    out.push(out[i - 1] + a * (to - from) + b * log(to / from));
  }
  return out;
}
