import { mean, type Tensor } from '@hyperribbon/autodiff';
import {
  floatArray,
  type OnProgress,
  requireInteger,
  requireNoOthers,
  requireNonNegative,
  watch,
} from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type Examples, gatherBatch, type Network, planGradientStep } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import {
  type BisectionOptions,
  bisectScale,
  noScaleBecause,
  requireBisection,
  type ScaleReason,
  type TriedScale,
} from './bisectScale.js';
import { type AccuracyOptions, type PerturbedAccuracy, perturbedAccuracy } from './perturbedAccuracy.js';

export interface AlphaSearchOptions extends BisectionOptions, AccuracyOptions {
  /** a box in proportion to each weight: |uᵢ| ≤ α |wᵢ| + ε. Default false: |uᵢ| ≤ α */
  readonly magnitude?: boolean;
  /** ε ≥ 0 of `magnitude`, default 1e-3 */
  readonly epsilon?: number;
  /** steps of ascent in each box, integer ≥ 1, default 20 */
  readonly ascentSteps?: number;
  /** starts of the ascent in each box, of which the worst counts, integer ≥ 1, default 2 */
  readonly starts?: number;
  /** examples per step of ascent, integer ≥ 1, default 250, or all if there are fewer */
  readonly batchSize?: number;
  /** hears of ascents */
  readonly onProgress?: OnProgress | undefined;
}

/** A box of perturbations whose worst one a network bears. */
export interface AlphaFound {
  /** α; 0 or the limit where `undefinedBecause` says that it is one end of what is known, NaN where nothing is */
  readonly alpha: number;
  readonly reason: ScaleReason;
  readonly undefinedBecause?: string;
  /** the largest fall of the accuracy that the ascents found at α */
  readonly drop: number;
  readonly accuracy: number;
  readonly rows: number;
  readonly tried: readonly TriedScale[];
}

/**
 * The largest α such that no perturbation in the box |uᵢ| ≤ α costs the network more than a tenth of its accuracy, as far as gradient ascent finds the worst one.
 *
 * Each box is searched from `starts` points, uniform in its inner half, by steps of 2.5/ascentSteps of its side along the signs of the gradient of the mean
 * cross-entropy of a batch, cut to the box. Starts are the same for every size of the box; once one has cost more than enough the others are left out. Ascent may
 * miss the worst perturbation: α is an upper estimate. For a linear model it is reached.
 *
 * @param params flat weights (size,); batch norms should be folded before
 * @throws ArgumentError for what does not fit and options out of range; AbortError once `signal` is aborted
 * Source: [jiang2020] names the measure; how the ascent is done is ours. Cost: at most steps · starts · ascentSteps gradients of a batch, and as many
 * evaluations of `rows` examples as there are ascents
 * @example
 * const { alpha, undefinedBecause } = await alphaSearch(net, params, digits.train, { seed: 1 });
 */
export async function alphaSearch(
  network: Network,
  params: FloatArray,
  examples: Examples,
  options: AlphaSearchOptions = {},
): Promise<AlphaFound> {
  const { bisection, ascent, accuracyOptions, onProgress } = settled(options);
  const measured = await perturbedAccuracy('alphaSearch', network, params, examples, accuracyOptions);
  let done = 0;
  const { starts } = ascent;
  const between = watch('alphaSearch', bisection.steps * starts, { ...accuracyOptions, onProgress }, () => done);
  const climb = ascentOf(measured, ascent);
  const found = await bisectScale(measured.base, bisection, async (alpha) => {
    let worst = -Infinity;
    const enough = bisection.drop + bisection.tolerance;
    for (let start = 0; start < starts; start++, done++) {
      // a box that is too large already needs no other start
      if (worst > enough) continue;
      await climb(alpha, start, between);
      worst = Math.max(worst, measured.base - (await measured.accuracy()));
    }
    return worst;
  });
  const undefinedBecause = noScaleBecause(found, bisection, measured.base);
  return {
    alpha: found.scale,
    reason: found.reason,
    ...(undefinedBecause !== undefined && { undefinedBecause }),
    drop: found.tried.at(-1)?.drop ?? NaN,
    accuracy: measured.base,
    rows: measured.examples.count,
    tried: found.tried,
  };
}

interface Ascent {
  readonly magnitude: boolean;
  readonly epsilon: number;
  readonly ascentSteps: number;
  readonly starts: number;
  readonly batchSize: number;
}

function settled({
  magnitude = false,
  epsilon = 1e-3,
  ascentSteps = 20,
  starts = 2,
  batchSize = 250,
  drop = 0.1,
  tolerance = 0.01,
  limit = 2,
  steps = 15,
  rows,
  seed,
  dtype,
  signal,
  onProgress,
  ...others
}: AlphaSearchOptions): {
  readonly bisection: Required<BisectionOptions>;
  readonly ascent: Ascent;
  readonly accuracyOptions: AccuracyOptions;
  readonly onProgress: OnProgress | undefined;
} {
  const caller = 'alphaSearch';
  requireNoOthers(caller, others, 'AlphaSearchOptions');
  requireBisection(caller, { drop, tolerance, limit, steps });
  requireNonNegative(caller, 'epsilon', epsilon);
  for (const [name, value] of Object.entries({ ascentSteps, starts, batchSize }))
    requireInteger(caller, name, value, 1);
  const given = { ...(rows !== undefined && { rows }), ...(seed !== undefined && { seed }), ...(dtype && { dtype }) };
  return {
    bisection: { drop, tolerance, limit, steps },
    ascent: { magnitude, epsilon, ascentSteps, starts, batchSize },
    accuracyOptions: { ...given, signal },
    onProgress,
  };
}

/** A function that moves the weights to the worst place that one ascent finds in a box. */
function ascentOf(
  { network, examples, loss, dtype, seed, weights, moved }: PerturbedAccuracy,
  { magnitude, epsilon, ascentSteps, batchSize }: Ascent,
): (alpha: number, start: number, between: () => Promise<void>) => Promise<void> {
  const batch = Math.min(batchSize, examples.count);
  const risk = (z: Tensor, y: Tensor): Tensor => mean(loss(z, y));
  const plan = planGradientStep(network, batch, { risk, dtype, deterministic: true });
  const batches = Math.floor(examples.count / batch);
  const order = stream({ seed, purpose: 'complexity/alpha/order' }).permutation(examples.count);
  const uniform = floatArray(dtype, weights.length);
  const side = floatArray(dtype, weights.length);
  const stride = 2.5 / ascentSteps;
  return async (alpha, start, between) => {
    stream({ seed, purpose: 'complexity/alpha', index: start }).uniform(uniform);
    for (let i = 0; i < weights.length; i++) {
      side[i] = magnitude ? alpha * Math.abs(weights[i]) + epsilon : alpha;
      moved[i] = weights[i] + side[i] * (uniform[i] - 0.5);
    }
    for (let step = 0; step < ascentSteps; step++) {
      await between();
      gatherBatch(examples, order, (step % batches) * batch, plan);
      plan.run(moved);
      const { gradient } = plan;
      // hot: once per weight and step
      for (let i = 0; i < weights.length; i++) {
        const to = moved[i] + stride * side[i] * Math.sign(gradient[i]);
        moved[i] = Math.min(weights[i] + side[i], Math.max(weights[i] - side[i], to));
      }
    }
  };
}
