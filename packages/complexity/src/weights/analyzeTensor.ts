import {
  isFloatArray,
  refuse,
  requireInteger,
  requireNoOthers,
  requireOneOf,
  requireOptions,
  requireSeed,
} from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';
import { farms, type FarmsFit } from './farms.js';
import { type NoiseFit, noiseFit } from './marchenkoPastur.js';
import { type PowerLawFit, powerLawFit } from './powerLawFit.js';
import { powerLawTest, type PowerLawTest } from './powerLawTest.js';
import { type SpectrumMetrics, spectrumMetrics } from './spectrumMetrics.js';
import { type TailAlternative, tailAlternatives } from './tailAlternatives.js';
import { type FilterReading, type WeightMatrices, weightMatrices, weightSpectrum } from './weightMatrices.js';

/** An array of a model's file. */
export interface WeightTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** of the file, such as float16 or int8 */
  readonly dtype?: string;
  readonly data: ArrayLike<number> | ArrayLike<bigint>;
}

/** The entries of a layer in random order: what of its spectrum the arrangement made, and what single large entries. */
export interface ShuffledTwin {
  readonly largest: number;
  readonly stableRank: number;
  readonly alpha: number;
  readonly noise: NoiseFit;
}

/** A layer whose spectrum was computed. */
export interface AnalyzedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly analyzed: true;
  readonly N: number;
  readonly M: number;
  readonly blocks: number;
  /** ascending */
  readonly eigenvalues: Float64Array;
  readonly fit: PowerLawFit;
  readonly metrics: SpectrumMetrics;
  readonly noise: NoiseFit;
  /** absent with `draws: 0` */
  readonly test?: PowerLawTest;
  readonly alternatives?: readonly TailAlternative[];
  readonly farms?: FarmsFit;
  /** its spikes are correlation traps */
  readonly twin?: ShuffledTwin;
}

/** A tensor that has no spectrum here, and why. */
export interface RefusedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly analyzed: false;
  readonly reason:
    | 'not-numbers'
    | 'quantized'
    | 'one-dimensional'
    | 'empty'
    | 'not-finite'
    | 'constant'
    | 'embedding'
    | 'too-few-eigenvalues'
    | 'out-of-range';
  readonly sentence: string;
}

/** What became of a tensor: every one is either. */
export type TensorReport = AnalyzedTensor | RefusedTensor;

/** Options of {@link analyzeTensor}. */
export interface AnalyzeOptions {
  /** default 'slices' */
  readonly convolutions?: FilterReading;
  /** tables of embeddings, told by their names: 'refuse' (default) or 'analyze' */
  readonly embeddings?: 'refuse' | 'analyze';
  /** layers with fewer eigenvalues above 1e-5 are refused; default 10, at least 2 */
  readonly minEigenvalues?: number;
  /** simulated sets for interval and p, default 300; 0 leaves both and the other laws out */
  readonly draws?: number;
  /** the shuffled twin and the fixed-ratio exponent, default true */
  readonly twins?: boolean;
  readonly seed?: number;
  /** of the layer, for its random numbers; default 0 */
  readonly index?: number;
}

const embedding = /(^|[._/])(wte|wpe|embed\w*|\w*_?embeddings?|tok_embeddings)([._/]|$)/i;

/**
 * The spectrum of one weight array with everything that is asked of it, or the reason why it has none.
 *
 * @param tensor as a file has it
 * @throws ArgumentError for options out of range and data whose length does not fit the shape
 * Cost: a singular value decomposition; with twins another and up to 5 (25) smaller ones; `draws` fits
 * @example
 * analyzeTensor({ name: 'bias', shape: [4], data: new Float32Array(4) }).sentence; // 'one-dimensional: …'
 */
export function analyzeTensor(tensor: WeightTensor, options: AnalyzeOptions = {}): TensorReport {
  const settled = settledOf(options);
  const { name, shape } = tensor;
  const data = numbersOf(tensor, settled.embeddings);
  if ('reason' in data) return { name, shape, analyzed: false, ...data };
  const matrices = weightMatrices(shape, data.values, settled.convolutions);
  const { eigenvalues, rank } = weightSpectrum(matrices);
  const largest = eigenvalues[eigenvalues.length - 1];
  const refused = (reason: RefusedTensor['reason'], sentence: string): RefusedTensor => ({
    name,
    shape,
    analyzed: false,
    reason,
    sentence,
  });
  if (!Number.isFinite(largest))
    return refused('out-of-range', 'squares of singular values overflow: scale the weights down');
  const above = eigenvalues.reduce((count, x) => count + (x > 1e-5 ? 1 : 0), 0);
  if (above < settled.minEigenvalues)
    return refused(
      'too-few-eigenvalues',
      `${above} of ${eigenvalues.length} eigenvalues are above 1e-5; ${settled.minEigenvalues} are needed`,
    );
  return { name, shape, analyzed: true, ...analysis(matrices, eigenvalues, rank, data.values, settled) };
}

function settledOf(options: AnalyzeOptions): Required<AnalyzeOptions> {
  requireOptions('analyzeTensor', options);
  const {
    convolutions = 'slices',
    embeddings = 'refuse',
    minEigenvalues = 10,
    draws = 300,
    twins = true,
    seed = 0,
    index = 0,
    ...others
  } = options;
  requireNoOthers('analyzeTensor', others, 'AnalyzeOptions');
  requireOneOf('analyzeTensor', 'convolutions', convolutions, ['slices', 'filters']);
  requireOneOf('analyzeTensor', 'embeddings', embeddings, ['refuse', 'analyze']);
  requireInteger('analyzeTensor', 'minEigenvalues', minEigenvalues, 2);
  requireInteger('analyzeTensor', 'draws', draws, 0);
  requireSeed('analyzeTensor', seed);
  requireInteger('analyzeTensor', 'index', index, 0);
  return { convolutions, embeddings, minEigenvalues, draws, twins, seed, index };
}

type Refusal = Pick<RefusedTensor, 'reason' | 'sentence'>;

/** The entries, unless there is a reason not to look at them. */
function numbersOf(
  { name, shape, dtype, data }: WeightTensor,
  embeddings: 'refuse' | 'analyze',
): { readonly values: FloatArray } | Refusal {
  const count = shape.reduce((product, length) => product * length, 1);
  if (data.length !== count)
    refuse(
      'analyzeTensor',
      `${JSON.stringify(name)} of shape (${shape.join(', ')}) needs ${count} entries, got ${data.length}`,
    );
  if (!isFloatArray(data) || /^u?int|^bool/.test(dtype ?? ''))
    return {
      reason: 'quantized',
      sentence: `${dtype ?? 'integers'}, not floating point: quantised weights, positions or a counter`,
    };
  if (count === 0) return { reason: 'empty', sentence: 'empty: an axis has length 0' };
  if (shape.length < 2) return { reason: 'one-dimensional', sentence: 'one-dimensional: it has no singular values' };
  if (embeddings === 'refuse' && embedding.test(name))
    return { reason: 'embedding', sentence: 'a table of embeddings by its name: analysed on request' };
  for (let i = 0; i < count; i++)
    if (!Number.isFinite(data[i])) return { reason: 'not-finite', sentence: `entry ${i} is ${data[i]}` };
  if (data.every((x) => x === data[0])) return { reason: 'constant', sentence: `constant: every entry is ${data[0]}` };
  return { values: data };
}

function analysis(
  matrices: WeightMatrices,
  eigenvalues: Float64Array,
  rank: number,
  values: FloatArray,
  { draws, twins, seed, index }: Required<AnalyzeOptions>,
): Omit<AnalyzedTensor, 'name' | 'shape' | 'analyzed'> {
  const { N, M, blocks } = matrices;
  const fit = powerLawFit(eigenvalues);
  const tested =
    draws === 0
      ? {}
      : {
          test: powerLawTest(eigenvalues, { draws, seed, index }),
          ...(fit.xmax > fit.xmin ? { alternatives: tailAlternatives(eigenvalues, fit.xmin) } : {}),
        };
  const fixed = twins ? farms(matrices) : undefined;
  return {
    N,
    M,
    blocks,
    eigenvalues,
    fit,
    metrics: spectrumMetrics(eigenvalues, fit, rank),
    noise: noiseFit(eigenvalues, N, M, blocks),
    ...tested,
    ...(fixed === undefined ? {} : { farms: fixed }),
    ...(twins ? { twin: shuffledTwin(matrices, values, seed, index) } : {}),
  };
}

/** Entries of every matrix in random order. */
function shuffledTwin(matrices: WeightMatrices, values: FloatArray, seed: number, index: number): ShuffledTwin {
  const order = stream({ seed, purpose: 'entry shuffle', index }).permutation(values.length);
  const { N, M, rows, columns, blocks } = matrices;
  const size = rows * columns;
  const block = (i: number): Float64Array => Float64Array.from({ length: size }, (_, k) => values[order[i * size + k]]);
  const { eigenvalues } = weightSpectrum({ ...matrices, block }, false);
  const largest = eigenvalues[eigenvalues.length - 1];
  const above = eigenvalues.reduce((count, x) => count + (x > 1e-5 ? 1 : 0), 0);
  return {
    largest,
    stableRank: eigenvalues.reduce((sum, x) => sum + x / largest, 0),
    alpha: above < 2 ? NaN : powerLawFit(eigenvalues).alpha,
    noise: noiseFit(eigenvalues, N, M, blocks),
  };
}
