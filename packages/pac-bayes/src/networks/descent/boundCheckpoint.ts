import type { Progress } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { DescentPosition, RunIdentity } from '@hyperribbon/nn';
import type { MeanCoordinates } from '../noise/noisyLogits.js';
import type { ObjectiveName } from './objective.js';

/** What a bound's optimisation tells beside its steps. */
export interface BoundDetail {
  /** in [0, epochs) */
  readonly epoch: number;
  /** of the epoch so far: surrogate, error of the random classifier, each at the state of its step */
  readonly risk: number;
  readonly error: number;
  /** nats, at the last step */
  readonly kl: number;
  /** kl⁻¹(error | (KL + ln(2√n/δ))/n): an estimate, without grid and Monte-Carlo term */
  readonly estimate: number;
}

export type BoundProgress = Progress<BoundDetail>;

/** What one epoch came to: {@link BoundDetail} over all its steps. */
export interface BoundEpoch extends BoundDetail {
  readonly learningRate: number;
}

/** What must be the same in a resumed optimisation. */
export interface BoundIdentity extends RunIdentity {
  readonly objective: ObjectiveName;
  /** coordinates of the means in the state, for posteriors with a basis */
  readonly meansIn?: MeanCoordinates;
}

/** Where an optimisation stands; plain data and typed arrays. `sums.loss` is the sum of the steps' mean surrogate risks. */
export interface BoundCheckpoint extends BoundIdentity, DescentPosition<BoundEpoch> {
  readonly version: 2;
  /** mean, ln std, ½ ln scales */
  readonly state: FloatArray;
  /** means in the weights that the basis was last renewed at, for `renewBasis` */
  readonly renewedAt?: FloatArray;
  readonly slots: readonly FloatArray[];
  readonly updates: number;
  /** by risk and KL, of the objectives that hold them fixed during an epoch */
  readonly slopes: readonly [number, number];
  /** nats, at the last step */
  readonly kl: number;
}
