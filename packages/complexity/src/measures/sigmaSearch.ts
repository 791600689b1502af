import {
  floatArray,
  type OnProgress,
  requireInteger,
  requireNoOthers,
  requireNonNegative,
  requireOneOf,
  watch,
} from '@hyperribbon/contract';
import { type FloatArray, log } from '@hyperribbon/kernels';
import type { Examples, Network } from '@hyperribbon/nn';
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

/** What σ is of the noise: its standard deviation, as in the formulas; or what the code behind the published numbers does, which takes the variance σ² for it. */
export type NoiseScale = 'std' | 'variance-as-std';

export interface SigmaSearchOptions extends BisectionOptions, AccuracyOptions {
  /** noise in proportion to each weight: variance σ² w² + ε². Default false: σ² */
  readonly magnitude?: boolean;
  /** ε ≥ 0 of `magnitude`, default 1e-3 */
  readonly epsilon?: number;
  /** default 'std' */
  readonly noiseScale?: NoiseScale;
  /** of noise per scale, integer ≥ 2, default 10 */
  readonly draws?: number;
  /** hears of draws */
  readonly onProgress?: OnProgress | undefined;
}

/** A scale of noise that a network bears. */
export interface SigmaFound {
  /** σ; 0 or the limit where `undefinedBecause` says that it is one end of what is known, NaN where nothing is */
  readonly sigma: number;
  readonly reason: ScaleReason;
  readonly undefinedBecause?: string;
  /** of σ, from the spread of the draws and the slope of the accuracy there; absent where there is no slope to go by */
  readonly standardError?: number;
  /** mean fall of the accuracy at σ */
  readonly drop: number;
  /** share of right answers without noise */
  readonly accuracy: number;
  /** examples it was measured on */
  readonly rows: number;
  readonly noiseScale: NoiseScale;
  readonly tried: readonly TriedScale[];
}

/**
 * The largest σ such that Gaussian noise on all parameters costs the network a tenth of its accuracy in the mean: by bisection of [0, 2] in 15 steps of 10
 * draws, until the fall is 0.1 ± 0.01.
 *
 * Draw k is the noise of stream (seed, k) times σ: the same bits for a seed in every runtime. The error bar is s/√draws over the slope of the mean fall by σ, s the
 * spread of the draws at σ, the slope from 0.8 σ to 1.25 σ. It says nothing about other examples or seeds of training. Where the fall is never reached, or passed
 * at once, `undefinedBecause` says so.
 *
 * Differences from the code of the source, on purpose: (1) all scales have the same draws, so that the mean fall is one function of σ and no unlucky draw sends the
 * bisection to the wrong half; (2) a rise of the accuracy counts as no fall; (3) where no scale makes it fall σ is undefined, not 2.
 *
 * @param params flat weights (size,); batch norms should be folded before
 * @throws ArgumentError for what does not fit and options out of range; AbortError once `signal` is aborted
 * Source: [dziugaite2020, authors’ code]; [jiang2020]. Cost: at most (steps + 2) · draws evaluations of `rows` examples; 3 arrays of weights
 * @example
 * const { sigma, standardError, undefinedBecause } = await sigmaSearch(net, params, digits.train, { seed: 1 });
 */
export async function sigmaSearch(
  network: Network,
  params: FloatArray,
  examples: Examples,
  options: SigmaSearchOptions = {},
): Promise<SigmaFound> {
  const { bisection, noise, draws, accuracyOptions, onProgress } = settled(options);
  const { signal } = accuracyOptions;
  const measured = await perturbedAccuracy('sigmaSearch', network, params, examples, accuracyOptions);
  const { base } = measured;
  let done = 0;
  const between = watch('sigmaSearch', (bisection.steps + 2) * draws, { signal, onProgress }, () => done);
  const perturb = noiseOn(measured, noise);
  const dropsAt = async (sigma: number): Promise<Float64Array> => {
    const drops = new Float64Array(draws);
    for (let draw = 0; draw < draws; draw++, done++) {
      await between();
      perturb(sigma, draw);
      drops[draw] = base - (await measured.accuracy());
    }
    return drops;
  };
  let last: Float64Array = new Float64Array(draws);
  const found = await bisectScale(base, bisection, async (sigma) => meanOf((last = await dropsAt(sigma))));
  const undefinedBecause = noScaleBecause(found, bisection, base);
  const standardError = undefinedBecause === undefined ? await errorOf(found.scale, last, dropsAt) : undefined;
  return {
    sigma: found.scale,
    reason: found.reason,
    ...(undefinedBecause !== undefined && { undefinedBecause }),
    ...(standardError !== undefined && { standardError }),
    drop: found.tried.at(-1)?.drop ?? NaN,
    accuracy: base,
    rows: measured.examples.count,
    noiseScale: noise.noiseScale,
    tried: found.tried,
  };
}

interface Noise {
  readonly magnitude: boolean;
  readonly epsilon: number;
  readonly noiseScale: NoiseScale;
}

function settled({
  magnitude = false,
  epsilon = 1e-3,
  noiseScale = 'std',
  draws = 10,
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
}: SigmaSearchOptions): {
  readonly bisection: Required<BisectionOptions>;
  readonly noise: Noise;
  readonly draws: number;
  readonly accuracyOptions: AccuracyOptions;
  readonly onProgress: OnProgress | undefined;
} {
  const caller = 'sigmaSearch';
  requireNoOthers(caller, others, 'SigmaSearchOptions');
  requireBisection(caller, { drop, tolerance, limit, steps });
  requireNonNegative(caller, 'epsilon', epsilon);
  requireOneOf(caller, 'noiseScale', noiseScale, ['std', 'variance-as-std']);
  requireInteger(caller, 'draws', draws, 2);
  const given = { ...(rows !== undefined && { rows }), ...(seed !== undefined && { seed }), ...(dtype && { dtype }) };
  return {
    bisection: { drop, tolerance, limit, steps },
    noise: { magnitude, epsilon, noiseScale },
    draws,
    accuracyOptions: { ...given, signal },
    onProgress,
  };
}

/** A function that moves the weights by the noise of one draw. */
function noiseOn(
  { weights, moved, dtype, seed }: PerturbedAccuracy,
  { magnitude, epsilon, noiseScale }: Noise,
): (sigma: number, draw: number) => void {
  const normals = floatArray(dtype, weights.length);
  const asVariance = noiseScale === 'variance-as-std';
  return (sigma, draw) => {
    stream({ seed, purpose: 'complexity/sigma', index: draw }).normal(normals);
    const variance = sigma * sigma;
    const spread = asVariance ? variance : sigma;
    const floor = epsilon * epsilon;
    // hot: once per weight and draw
    if (magnitude) {
      for (let i = 0; i < weights.length; i++) {
        const w = weights[i];
        const share = variance * w * w + floor;
        moved[i] = w + normals[i] * (asVariance ? share : Math.sqrt(share));
      }
    } else for (let i = 0; i < weights.length; i++) moved[i] = weights[i] + spread * normals[i];
  };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** s/√draws over the slope of the mean fall; absent where the fall does not grow with σ. */
async function errorOf(
  sigma: number,
  drops: Float64Array,
  dropsAt: (sigma: number) => Promise<Float64Array>,
): Promise<number | undefined> {
  const mean = meanOf(drops);
  const spread = Math.sqrt(drops.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (drops.length - 1));
  const [less, more] = [meanOf(await dropsAt(0.8 * sigma)), meanOf(await dropsAt(1.25 * sigma))];
  const slope = (more - less) / (2 * log(1.25));
  return slope > 0 ? (sigma * spread) / (Math.sqrt(drops.length) * slope) : undefined;
}
