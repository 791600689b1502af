import { type Progress, refuse, requireInteger, requireOnly, requirePositive } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import type { AnyExamples } from '../examples.js';
import type { Loss } from '../losses.js';
import type { Network } from '../network.js';
import { requireSeparateExamples } from '../separateExamples.js';
import type { Anchor } from './anchor.js';
import type { Augment } from './batchSource.js';
import type { Checkpoint, EarlierCheckpoint, EpochRecord, TrainDetail } from './checkpoint.js';
import type { DescentReport } from './descend.js';
import { requireWorkers, type TrainWorkers } from './gradientWorkers.js';
import type { TrainHook } from './hooks.js';
import { type NormBias, requireNormBias } from './normBias.js';
import type { Optimizer } from './optimizers/optimizer.js';
import type { Schedule } from './schedule.js';
import type { SharpnessAware } from './sharpnessAware.js';

export interface TrainOptions extends TrainWorkers {
  /** passes over the examples, default 20 */
  readonly epochs?: number;
  /** examples per step, default 500; the last batch of an epoch holds the rest */
  readonly batchSize?: number;
  /**
   * examples whose gradients are computed at a time, integer ≥ 1: a batch is cut into so many, and their gradients are added in a fixed tree. Less
   * memory; batch norms then see the statistics of micro-batches. Default: batches are not cut
   */
  readonly microBatch?: number;
  /** default `adam()` */
  readonly optimizer?: Optimizer;
  /** default `cosineSchedule(2e-3, 5e-4)` */
  readonly schedule?: Schedule;
  /** longest gradient that the optimiser is given, see `clipNorm`; default: as it is */
  readonly clipNorm?: number;
  /** names the streams of the initial weights, of the order of the batches and of what training mode draws, default 0 */
  readonly seed?: number;
  /** loss of one example; a step minimises its mean over the batch. Default `softmaxCrossEntropy` */
  readonly loss?: Loss;
  /** weights to start from, default `network.init(seed, dtype)`; not changed */
  readonly initial?: FloatArray;
  /** adds g‖w − w₀‖² to the loss of every step */
  readonly anchor?: Anchor;
  /** pulls ‖w‖² to a target, up or down */
  readonly normBias?: NormBias;
  /**
   * takes gradients at w + ε, see `sam` and `asam`: ε from the gradient of the whole batch, micro-batches and threads or not; the penalties of
   * anchor, norm bias and weight decay stay those at w. Default: at w
   */
  readonly sharpnessAware?: SharpnessAware;
  /** the examples of an epoch, as many as those given and in their place, such as the same images moved anew */
  readonly renewExamples?: (epoch: number) => AnyExamples;
  /** changes the examples of every step */
  readonly augment?: Augment;
  /** examples whose loss and error are measured after every epoch */
  readonly validation?: AnyExamples;
  /** what watches the run, in this order */
  readonly hooks?: readonly TrainHook[];
  /** default float32 */
  readonly dtype?: Dtype;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
  /** stops before the next step; what is done so far is returned, with reason 'aborted' */
  readonly signal?: AbortSignal | undefined;
  /** called about ten times a second and after every epoch; a unit is a step */
  readonly onProgress?: (progress: TrainProgress) => void;
  /** the `checkpoint` of an earlier run with the same network, examples and options: goes on where it stopped */
  readonly resume?: Checkpoint | EarlierCheckpoint;
}

export type TrainProgress = Progress<TrainDetail>;

export interface TrainReport extends DescentReport<EpochRecord, Checkpoint> {
  /** the trained weights (size,) */
  readonly params: FloatArray;
  /** the trained buffers, by name: running statistics of batch norms; {} for a network that keeps none */
  readonly buffers: Readonly<Record<string, FloatArray>>;
  /** the network as it is evaluated with them */
  readonly network: Network;
  /** the weights at the start (size,) */
  readonly initial: FloatArray;
  readonly steps: number;
}

const optionNames: readonly (keyof TrainOptions)[] = [
  ...(['epochs', 'batchSize', 'microBatch', 'workers', 'workerTimeout', 'workerUrl', 'optimizer', 'schedule'] as const),
  ...([
    'clipNorm',
    'seed',
    'loss',
    'initial',
    'anchor',
    'normBias',
    'renewExamples',
    'augment',
    'validation',
    'hooks',
  ] as const),
  ...(['dtype', 'deterministic', 'signal', 'onProgress', 'resume', 'sharpnessAware'] as const),
];

/** @throws ArgumentError, ArgumentTypeError for what can be told without the examples */
export function requireTrainOptions(network: Network, options: TrainOptions, epochs: number): void {
  requireOnly('train', options, optionNames);
  requireInteger('train', 'epochs', epochs, 0);
  const { microBatch, workers, clipNorm } = options;
  if (microBatch !== undefined) requireInteger('train', 'microBatch', microBatch, 1);
  requireWorkers('train', options);
  if (workers !== undefined && microBatch === undefined)
    refuse('train', 'workers share the micro-batches of a batch: give microBatch, such as a quarter of batchSize');
  if (clipNorm !== undefined) requirePositive('train', 'clipNorm', clipNorm);
  requireNormBias(options.normBias);
  requireSeparateExamples('train', network, options.deterministic ?? false);
}
