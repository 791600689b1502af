import type { FloatArray, KernelInfo } from '@hyperribbon/kernels';
import type { DescentOptions } from './descentOptions.js';
import type { GaussianPosterior, KroneckerBasis } from '../gaussian/gaussianPosterior.js';
import type { PriorFamily } from '../gaussian/gaussianPrior.js';
import type { MeanCoordinates } from '../noise/localLogits.js';
import type { NoiseKind } from '../noise/noisyForward.js';
import type { ObjectiveName } from './objective.js';

export interface OptimizeBoundOptions extends DescentOptions {
  readonly prior: PriorFamily;
  /** coordinates in which prior and posterior are diagonal; default: the weights themselves */
  readonly basis?: KroneckerBasis;
  /**
   * Where the optimiser takes its steps in the means, with a basis: in the `weights`, as in [yang2022], or in the `basis`, where Adam gives every
   * direction the same step. The same posteriors can be reached either way; bounds were lower with `weights`, the default
   * (docs/studies/bound-ordering.md).
   */
  readonly meansIn?: MeanCoordinates;
  /**
   * Method 3 [yang2022]: called before every epoch with the means in the weights' coordinates, gives the basis of the posterior for that
   * epoch; deviations keep their places. It may use the examples, for the prior must be isotropic and its KL does not see the
   * basis. `prior.mean` and `initialMean` are then in the weights' coordinates, and so are the steps; `basis` is not given.
   */
  readonly renewBasis?: (mean: FloatArray, epoch: number) => KroneckerBasis | Promise<KroneckerBasis>;
  /** posterior mean to start from (size,), in the coordinates of the basis; default the prior's mean */
  readonly initialMean?: FloatArray;
  /** standard deviations to start from: (size,), or a factor on the prior's; default 0.5 */
  readonly initialStd?: FloatArray | number;
  readonly noise?: NoiseKind;
  /** draws that a step's risk is averaged over, default 1; with `noise: 'weights'` networks that the whole batch meets, as in [yang2022] */
  readonly draws?: number;
}

export interface BoundProgress {
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  readonly steps: number;
  /** of the epoch so far: surrogate, error of the random classifier, each at the state of its step */
  readonly risk: number;
  readonly error: number;
  /** nats, at the last step */
  readonly kl: number;
  /** kl⁻¹(error | (KL + ln(2√n/δ))/n): an estimate, without grid and Monte-Carlo term */
  readonly estimate: number;
  readonly secondsElapsed: number;
  readonly secondsLeft: number;
}

export interface BoundEpoch {
  readonly epoch: number;
  readonly risk: number;
  readonly error: number;
  readonly kl: number;
  readonly estimate: number;
  readonly learningRate: number;
}

/** Where an optimisation stands; plain data and typed arrays. */
export interface BoundCheckpoint {
  readonly version: 1;
  readonly network: string;
  readonly seed: number;
  readonly count: number;
  readonly batchSize: number;
  readonly objective: ObjectiveName;
  /** next step */
  readonly step: number;
  /** mean, ln std, ½ ln scales */
  readonly state: FloatArray;
  /** coordinates of the means in `state`; `basis` if left out */
  readonly meansIn?: MeanCoordinates;
  /** means in the weights that the basis was last renewed at, for `renewBasis` */
  readonly renewedAt?: FloatArray;
  readonly slots: readonly FloatArray[];
  readonly updates: number;
  readonly weights: readonly [number, number];
  readonly sums: readonly [number, number, number];
  readonly history: readonly BoundEpoch[];
}

export interface OptimizedBound {
  readonly posterior: GaussianPosterior;
  /** the prior in the posterior's coordinates, for `certifyPosterior`: that of the options, or with `renewBasis` the same turned */
  readonly prior: PriorFamily;
  /** prior variances where the optimisation ended, before they are put on their grids */
  readonly variances: readonly number[];
  readonly history: readonly BoundEpoch[];
  readonly finished: boolean;
  /** `finished`; `aborted` by the signal; `nonFinite`: a value or gradient was NaN or infinite, the state is the one before that step */
  readonly reason: 'finished' | 'aborted' | 'nonFinite';
  readonly checkpoint: BoundCheckpoint;
  readonly seconds: number;
  readonly flopsPerSecond: number;
  readonly kernels: KernelInfo;
  readonly seed: number;
}
