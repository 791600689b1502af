import { type OnProgress, requireInteger } from '@hyperribbon/contract';
import { divergenceAssembly } from './assembleDivergences.js';
import { divergenceBlock } from './divergenceBlock.js';
import type { BlockOptions, DivergenceOptions, Divergences } from './divergenceOptions.js';
import { divergenceRows, pairsOf } from './divergenceRows.js';
import type { DivergenceKind } from './measure.js';
import type { Models, Predictions } from '../models.js';

/** Bytes of sums kept at a time: rows are taken in blocks that need no more. */
const BLOCK_BYTES = 2 ** 27;

/**
 * Divergences of the named kind between all models of a set.
 *
 * @param set (models, samples, classes); for `gaussian` see {@link gaussianDivergences}
 * @returns (models, models), see {@link Divergences}
 * @throws ArgumentError for shapes and options; ProbabilityError for NaN, negative numbers, sums other than 1
 * Cost: models² · samples · classes multiply-adds in a fused kernel (symmetry used); 8 models² bytes and at most 128 MiB of sums, plus a
 *   chunk of samples of all models. Bits do not depend on the block of rows. [quinn2019; mao2024; teoh2020].
 * @example divergencesBetween(models, 'greatCircle').kind // 'greatCircle'
 */
export function divergencesBetween(
  set: Models,
  kind: Exclude<DivergenceKind, 'gaussian'>,
  options: DivergenceOptions = {},
): Divergences {
  return whole(set, { ...options, kind });
}

/**
 * Bhattacharyya divergences D = −(1/N) Σ_n ln Σ_c √(p_nc q_nc), the intensive form that InPCA uses [quinn2019; mao2024].
 *
 * Coefficients are cosines of square roots: rounding of the inputs' norms is divided out, so equal models have divergence 0.
 * @returns (models, models); a sample where two models have no event in common contributes `cap` nats and is counted
 * @throws as {@link divergencesBetween}
 * Accuracy: float64 input 1e-15 absolute per sample; float32 input or precision about 1e-7 per sample, which averages out over
 *   samples (measured in test/inpcaDivergences.dense.test.ts).
 * @example
 * const { values } = bhattacharyyaDivergences({ probabilities: Float64Array.of(0.5, 0.5, 0.9, 0.1), models: 2, samples: 1, classes: 2 });
 */
export function bhattacharyyaDivergences(set: Models, options?: DivergenceOptions): Divergences {
  return divergencesBetween(set, 'bhattacharyya', options);
}

/**
 * Symmetrised Kullback-Leibler divergences D = (1/N) Σ_n Σ_c (p_nc − q_nc)(ln p_nc − ln q_nc) [teoh2020].
 *
 * Logarithms are at least −cap, so every term is finite; `capped` counts (pair, sample, class) with probability below e^−cap
 * under exactly one of the two models.
 * @throws as {@link divergencesBetween}
 * @example symmetrizedKlDivergences({ probabilities: Float64Array.of(0.5, 0.5, 0.8, 0.2), models: 2, samples: 1, classes: 2 }).values[1] // 0.4158...
 */
export function symmetrizedKlDivergences(set: Models, options?: DivergenceOptions): Divergences {
  return divergencesBetween(set, 'symmetrizedKl', options);
}

/**
 * Great-circle distances d = (1/N) Σ_n 2 arccos Σ_c √(p_nc q_nc): a length, not a squared one; the mean over samples of the
 * distance on each sample's sphere. Computed from chords, so near models keep their relative accuracy [mao2024].
 * @throws as {@link divergencesBetween}
 * @example greatCircleDivergences({ probabilities: Float64Array.of(1, 0, 0, 1), models: 2, samples: 1, classes: 2 }).values[1] // 3.1415...
 */
export function greatCircleDivergences(set: Models, options?: DivergenceOptions): Divergences {
  return divergencesBetween(set, 'greatCircle', options);
}

/**
 * Bhattacharyya divergences of Gaussian observations y ~ N(f, sigma² I): D = (1/N) Σ_n |f_n − g_n|²/(8 sigma²).
 *
 * InPCA of these is principal component analysis of the predictions, with eigenvalues divided by 8 sigma² N.
 * @param sigma standard deviation of an observation, > 0
 * @throws ProbabilityError for predictions that are not finite
 * @example gaussianDivergences({ predictions: Float64Array.of(0, 4), models: 2, samples: 1, outputs: 1 }).values // [0, 2, 2, 0]
 */
export function gaussianDivergences(set: Predictions, options: Omit<BlockOptions, 'kind'> = {}): Divergences {
  return whole(set, { ...options, kind: 'gaussian' });
}

function whole(set: Models | Predictions, options: BlockOptions & { readonly kind: DivergenceKind }): Divergences {
  const { models, samples } = set;
  const { kind, storage = 'float64', onProgress } = options;
  requireInteger(kind, 'models', models, 1);
  const parts = Math.ceil((8 * models * models) / BLOCK_BYTES);
  const rows = parts === 1 ? [{ from: 0, to: models }] : divergenceRows(models, Math.ceil(1.5 * parts));
  const of = pairsOf({ from: 0, to: models }, models) * samples;
  const assembly = divergenceAssembly({ storage });
  let before = 0;
  for (const range of rows) {
    const told: OnProgress = ({ done }) => onProgress?.({ done: before + done, of });
    assembly.add(divergenceBlock(set, range, { ...options, onProgress: told }));
    before += pairsOf(range, models) * samples;
  }
  return assembly.finish();
}
