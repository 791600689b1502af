import type { Examples } from '@hyperribbon/nn';
import type { Configuration } from '../jobs/configuration.js';

/** Everything that decides what a study of trajectories computes; a function of these values alone. */
export interface RibbonPlan {
  readonly dataset: string;
  readonly task: string;
  /** sizes of the whole data set, before any choice */
  readonly trainCount: number;
  readonly testCount: number;
  /** examples that everything is trained on, scaled */
  readonly train: Examples;
  readonly trainIdentity: string;
  /** samples on which probabilities are recorded: the first `trainSamples` from training, the others from testing */
  readonly samples: Examples;
  readonly samplesIdentity: string;
  readonly trainSamples: number;
  /** by which all inputs were multiplied */
  readonly inputScale: number;
  readonly configurations: readonly Configuration[];
  readonly seeds: readonly number[];
  readonly epochs: number;
  /** simulated linear regression: how many runs and steps, in how many groups for the standard errors */
  readonly regression: { readonly runs: number; readonly steps: number; readonly groups: number };
  /** points of the phase diagram along each axis */
  readonly phasePoints: number;
  readonly seed: number;
  readonly deterministic: boolean;
  readonly workers: number;
  readonly runsFolder: string;
  readonly commandLine: string;
}

/** η λ₁ of the regression and of the phase diagram. */
export const relativeStep = 0.9;

/** Dimensions of every map, and of the statement on linear and nonlinear models. */
export const mapDimensions = 10;
export const statementDimensions = 3;
