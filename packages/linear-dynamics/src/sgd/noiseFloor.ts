import { requireCounts, requireNonNegative, requirePositive } from '@hyperribbon/contract';
import { eigenvaluesOf } from '../trajectories/descent.js';
import type { FreshMomentsOptions } from './freshMoments.js';
import { requireSgdStable } from './sgdStepLimit.js';

/** SGD whose stationary noise is wanted. */
export interface NoiseFloorOptions extends Pick<FreshMomentsOptions, 'eigenvalues' | 'learningRate' | 'batch'> {
  /** s_ε ≥ 0, standard deviation of the label noise */
  readonly labelNoise: number;
}

/** Where SGD on fresh inputs ends: the stationary covariance of the weights, diagonal in the eigenbasis. */
export interface NoiseFloor {
  readonly status: 'reconstruction';
  /** (d,) variance of each weight: (η s²/B)/((2 − η λᵢ (1 + 1/B))(1 − κ)) */
  readonly variances: Float64Array;
  /** (d,) times λ: in predictions it falls as the spectrum does, so noise makes no plateau there */
  readonly predictionVariances: Float64Array;
  /** η s²/(2B): its limit for small steps, the same in every direction */
  readonly smallStep: number;
  /** ½ Σ λ variance, above the loss of the noise itself */
  readonly excessLoss: number;
}

/**
 * The stationary noise floor of SGD with fresh Gaussian inputs and label noise, exact in η and B.
 *
 * @throws ArgumentError for numbers out of range, UnstableStepError when SGD with this step does not settle (sgdStepLimit)
 * Reconstruction following [mao2025]. Cost: O(d).
 * @example noiseFloor({ eigenvalues: [1], learningRate: 0.01, labelNoise: 1 }).smallStep // 0.005
 */
export function noiseFloor({ eigenvalues, learningRate, batch = 1, labelNoise }: NoiseFloorOptions): NoiseFloor {
  const caller = 'noiseFloor';
  const values = eigenvaluesOf(caller, eigenvalues);
  requirePositive(caller, 'learningRate', learningRate);
  requireCounts(caller, { batch });
  requireNonNegative(caller, 'labelNoise', labelNoise);
  const gain = requireSgdStable(caller, values, learningRate, batch);
  const level = (learningRate * labelNoise * labelNoise) / batch;
  const variances = values.map((value) => level / ((2 - learningRate * value * (1 + 1 / batch)) * (1 - gain)));
  const predictionVariances = variances.map((value, i) => value * values[i]);
  return {
    status: 'reconstruction',
    variances,
    predictionVariances,
    smallStep: level / 2,
    excessLoss: 0.5 * predictionVariances.reduce((a, b) => a + b, 0),
  };
}
