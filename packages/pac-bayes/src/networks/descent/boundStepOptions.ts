import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import type { KroneckerBasis } from '../gaussian/gaussianPosterior.js';
import type { PriorFamily } from '../gaussian/priorFamily.js';
import type { MeanCoordinates } from '../noise/noisyLogits.js';
import type { NoiseKind } from '../noise/noisyForward.js';
import type { ObjectiveSetting } from './objective.js';
import type { Surrogate } from './surrogate.js';

/** What every step on a bound is planned with. */
export interface StepSetting {
  readonly setting: ObjectiveSetting;
  readonly surrogate: Surrogate;
  readonly batch: number;
  /** draws that the risk of a step is averaged over, each with noise of its own; default 1 */
  readonly draws?: number;
  readonly dtype: Dtype;
  readonly deterministic: boolean;
}

/** An objective at one state and batch. */
export interface BoundStepResult {
  readonly value: number;
  readonly risk: number;
  readonly kl: number;
  readonly logits: FloatArray;
}

export interface BoundStepOptions extends StepSetting {
  readonly prior: PriorFamily;
  readonly basis?: KroneckerBasis | undefined;
  readonly noise?: NoiseKind;
  /** inputs come in the first layer's input basis: in `inputs`, or beside them in `turnedInputs` where means are in the weights */
  readonly rotatedInputs?: boolean;
  /** coordinates of the means in the state; default `basis` */
  readonly meansIn?: MeanCoordinates;
  /** the basis may change between runs; means and prior are then in the weights' coordinates. Default false */
  readonly renewable?: boolean;
}
