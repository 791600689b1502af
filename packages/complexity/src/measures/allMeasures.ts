import {
  type OnProgress,
  refuse,
  requireBetween,
  requireInteger,
  requireNonNegative,
  requireOneOf,
  requireOnly,
  requireSeed,
  throwIfAborted,
} from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import {
  type Examples,
  foldBatchNorm,
  type FoldedNetwork,
  type Network,
  requireExamples,
  requireWeights,
} from '@hyperribbon/nn';
import type { ConvolutionSpectra } from '../norms/layerNorms.js';
import { type NetworkNorms, networkNorms, type SampleNorms } from '../norms/networkNorms.js';
import { sampleNorms } from '../norms/sampleNorms.js';
import { type AlphaFound, alphaSearch } from './alphaSearch.js';
import { asMeasure, type Outcome } from './asMeasure.js';
import type { MarginRule } from './lowMargin.js';
import type { Measure } from './measure.js';
import { orderOf } from './measureTable.js';
import { normMeasures, overMargin, settledMargin } from './normMeasures.js';
import { type OutputStatistics, outputStatistics } from './outputStatistics.js';
import { type PathNorm, pathNorm } from './pathNorm.js';
import { pacBayesMeasures, type Scale, sharpnessMeasures } from './scaleMeasures.js';
import { type NoiseScale, type SigmaFound, sigmaSearch } from './sigmaSearch.js';
import { weightVectors, type WeightVectors } from './weightVectors.js';

export interface AllMeasuresOptions {
  /** (size,) w⁰, weights of the same network that distances are taken to: those at the start of training. Absent: distances are undefined */
  readonly reference?: FloatArray;
  /** the network as it was at the start, with the statistics that its batch norms had then; default `network` */
  readonly referenceNetwork?: Network;
  /** norms of the network and of the sample, where they are known already; default: computed here */
  readonly norms?: { readonly network: NetworkNorms; readonly sample: SampleNorms };
  /**
   * spectral norms of convolutions as maps of whole images, for the measures called `-fft`; as of `networkNorms`, default 'circular'. 'circular-input' is what the code of
   * [dziugaite2020] takes, 'filters' costs least. Not with `norms`, which have theirs
   */
  readonly convolutions?: ConvolutionSpectra;
  /** whether σ, σ′, α and α′ are looked for, which takes thousands of evaluations; default true. Without, what is made of them is left out */
  readonly searches?: boolean;
  /** of all that is drawn, default 0 */
  readonly seed?: number;
  /** examples that accuracy is measured on in the searches, default 2000 */
  readonly rows?: number;
  /** what σ is of the noise, default 'std' */
  readonly noiseScale?: NoiseScale;
  /** draws per scale, default 10 */
  readonly draws?: number;
  /** steps of every bisection, default 15 */
  readonly steps?: number;
  /** how γ is taken from the margins, default 'kth-smallest'; a number is γ itself */
  readonly margin?: MarginRule | number;
  /** δ of spec-init, spec-orig and sharpness, in (0, 1), default 0.1 */
  readonly delta?: number;
  /** ε of the magnitude-aware measures, ≥ 0, default 1e-3 */
  readonly epsilon?: number;
  readonly signal?: AbortSignal | undefined;
  /** hears of draws and ascents, of at most so many; `detail` is what is looked for */
  readonly onProgress?: OnProgress<string> | undefined;
}

/**
 * Every measure of one network, in the order of {@link measureTable}: counts, margins, norms, distances, path and Fisher-Rao norms, and with `searches` flatness under noise
 * and in the worst case. Steps of training are not among them: {@link optimisationMeasures} makes them of a history.
 *
 * Batch norms are folded first, in both the network and its reference. A measure without a value says why; the others are not touched by that.
 *
 * @param params flat weights (size,)
 * @param examples the training examples, with labels: margins, losses and accuracies are those on them
 * @throws ArgumentError for what does not fit and options out of range; AbortError once `signal` is aborted
 * Source: [jiang2020], [dziugaite2020], as {@link measureTable} says of each. Cost: that of the norms, three forward passes over the examples, and two searches with
 * noise and two with ascent
 * @example
 * const measures = await allMeasures(net, params, digits.train, { reference: net.init(1), searches: false });
 * measures.find(({ name }) => name === 'params').logValue; // 3.583518…: ln 36
 */
export async function allMeasures(
  network: Network,
  params: FloatArray,
  examples: Examples,
  options: AllMeasuresOptions = {},
): Promise<Measure[]> {
  const caller = 'allMeasures';
  const { reference, referenceNetwork = network, convolutions = 'circular', searches = true, signal } = options;
  requireSettings(caller, options);
  requireWeights(caller, 'params', network, params);
  if (reference !== undefined) requireWeights(caller, 'reference', referenceNetwork, reference);
  requireExamples(caller, network, examples);
  throwIfAborted(caller, signal);
  const now = foldBatchNorm(network, params);
  const start = reference && foldBatchNorm(referenceNetwork, reference).params;
  const { count } = examples;
  const norms = options.norms ?? {
    network: await networkNorms(now.network, now.params, { ...(start && { reference: start }), convolutions, signal }),
    sample: await sampleNorms(now.network, now.params, examples, { signal }),
  };
  const { delta = 0.1, margin: rule = 'kth-smallest' } = options;
  const known = norms.sample.count;
  if (known !== count) refuse(caller, `norms.sample must be that of the ${count} examples, got one of ${known}`);
  const side = imageSideOf(network);
  const measures = [
    ...normMeasures(norms.network, norms.sample, {
      margin: rule,
      delta,
      ...(side !== undefined && { imageSide: side }),
    }),
    ...ofPaths(pathNorm(now.network, now.params), norms.sample, rule, count),
    ...ofOutputs(outputStatistics(now.network, now.params, examples), count),
    ...(searches ? await searched(now, examples, weightVectors(now.network, now.params, start), options) : []),
  ];
  return measures.sort((a, b) => orderOf(a) - orderOf(b));
}

const names: readonly (keyof AllMeasuresOptions)[] = [
  'reference',
  'referenceNetwork',
  'norms',
  'convolutions',
  'searches',
  'seed',
  'rows',
  'noiseScale',
  'draws',
  'steps',
  'margin',
  'delta',
  'epsilon',
  'signal',
  'onProgress',
];

function requireSettings(caller: string, options: AllMeasuresOptions): void {
  const { seed = 0, epsilon = 1e-3, delta = 0.1, noiseScale = 'std', rows = 2000, draws = 10, steps = 15 } = options;
  requireOnly(caller, options, names);
  if (options.norms !== undefined && options.convolutions !== undefined)
    refuse(caller, 'norms that are known already have their spectral norms: leave out norms or convolutions');
  requireSeed(caller, seed);
  requireNonNegative(caller, 'epsilon', epsilon);
  requireBetween(caller, 'delta', delta, 0, 1);
  requireOneOf(caller, 'noiseScale', noiseScale, ['std', 'variance-as-std']);
  requireInteger(caller, 'rows', rows, 1);
  requireInteger(caller, 'draws', draws, 2);
  requireInteger(caller, 'steps', steps, 1, 60);
}

/** The longer side of the images, if examples are images. */
function imageSideOf({ inputShape }: Network): number | undefined {
  return inputShape?.length === 3 ? Math.max(inputShape[1], inputShape[2]) : undefined;
}

function ofPaths(
  { logSum, undefinedBecause }: PathNorm,
  sample: SampleNorms,
  rule: MarginRule | number,
  count: number,
): Measure[] {
  const { margin, caveats } = settledMargin(sample, rule);
  const over: Outcome =
    undefinedBecause === undefined ? { ...overMargin(logSum, margin), caveats } : { logValue: NaN, undefinedBecause };
  return [
    asMeasure('path-norm', { logValue: logSum, undefinedBecause }, count),
    asMeasure('path-norm-over-margin', over, count),
  ];
}

function ofOutputs(found: OutputStatistics, count: number): Measure[] {
  const reversed = ['the measure of the source is the negative of this: it orders networks the other way round'];
  return [
    asMeasure('cross-entropy', { logValue: found.logCrossEntropy }, count),
    asMeasure('output-entropy', { logValue: found.logEntropy, caveats: reversed }, count),
    asMeasure('fisher-rao', { logValue: found.logFisherRao }, count),
    asMeasure('fisher-rao-model', { logValue: found.logFisherRaoModel }, count),
  ];
}

/** Four searches, and what is made of them. */
async function searched(
  { network, params }: Pick<FoldedNetwork, 'network' | 'params'>,
  examples: Examples,
  vectors: WeightVectors,
  options: AllMeasuresOptions,
): Promise<Measure[]> {
  const { seed = 0, rows = 2000, steps = 15, draws = 10, epsilon = 1e-3, delta = 0.1, noiseScale = 'std' } = options;
  const { signal, onProgress } = options;
  const given = { count: examples.count, epsilon, delta };
  // room for perturbations, and for what layers make of such weights
  const dtype: Dtype = params.every((w) => Math.abs(w) < 1e15) ? 'float32' : 'float64';
  const measures: Measure[] = [];
  for (const kind of ['plain', 'magnitude'] as const) {
    const magnitude = kind === 'magnitude';
    const told = (detail: string): OnProgress | undefined =>
      onProgress && ((progress) => onProgress({ ...progress, detail }));
    const shared = { magnitude, epsilon, seed, rows, steps, dtype, signal };
    const noise = { ...shared, draws, noiseScale, onProgress: told(magnitude ? 'σ′' : 'σ') };
    const sigma = sigmaScale(await sigmaSearch(network, params, examples, noise));
    const alpha = await alphaSearch(network, params, examples, { ...shared, onProgress: told(magnitude ? 'α′' : 'α') });
    measures.push(...pacBayesMeasures(vectors, sigma, kind, given));
    measures.push(...sharpnessMeasures(vectors, alphaScale(alpha), kind, given));
  }
  return measures;
}

function sigmaScale({ sigma, standardError, undefinedBecause, rows, noiseScale, reason }: SigmaFound): Scale {
  const caveats = [
    `accuracy was measured on ${rows} examples`,
    ...(noiseScale === 'variance-as-std' ? ['the square of the scale is the standard deviation of the noise'] : []),
    ...(reason === 'jumps' ? ['accuracy jumps past the wanted fall at this scale'] : []),
  ];
  return { value: sigma, standardError, undefinedBecause, caveats };
}

function alphaScale({ alpha, undefinedBecause, rows, reason }: AlphaFound): Scale {
  const caveats = [
    `accuracy was measured on ${rows} examples`,
    'the worst case was looked for by ascent, which may miss it: the scale is an upper estimate',
    ...(reason === 'jumps' ? ['accuracy jumps past the wanted fall at this scale'] : []),
  ];
  return { value: alpha, undefinedBecause, caveats };
}
