import type { GridRange } from '@hyperribbon/linear-dynamics';
import type { Examples } from '@hyperribbon/nn';
import type { Configuration } from '../jobs/configuration.js';
import { chosenOf, type Settled } from '../options/option.js';
import type { RunIdentity } from '../runs/runRecord.js';
import { sizeOptions } from './ribbonOptions.js';

/** What the study of linear regression on a data set depends on. */
export interface RegressionPlan {
  readonly train: Examples;
  /** T */
  readonly regressionSteps: number;
  /** η λ₁ of the regression and of the phase diagram */
  readonly relativeStep: number;
  readonly deterministic: boolean;
  /** σ_w; default: the spread of the default initial weights of a network, uniform on ±1/√d */
  readonly initialScale?: number | undefined;
  /** points of the phase diagram along each axis */
  readonly phasePoints: number;
  /** ends of its axes; default: around the data */
  readonly decays?: GridRange | undefined;
  readonly ratios?: GridRange | undefined;
}

/** Everything that decides what a study of trajectories computes: sizes as the options have them, and what was loaded. */
export interface RibbonPlan extends Settled<typeof sizeOptions>, RegressionPlan {
  readonly dataset: string;
  readonly task: string;
  /** what was made of a file that a person should know */
  readonly notes: readonly string[];
  /** what --standardize says became of the inputs */
  readonly standardize?: string;
  /** sizes of the whole data set, before any choice */
  readonly trainCount: number;
  readonly testCount: number;
  /** examples that everything is trained on, scaled */
  readonly train: Examples;
  readonly trainIdentity: string;
  /** samples on which probabilities are recorded: the first `trainSamples` from training, the others from testing */
  readonly watched: Examples;
  readonly samplesIdentity: string;
  readonly trainSamples: number;
  /** by which all inputs were multiplied */
  readonly inputScale: number;
  readonly configurations: readonly Configuration[];
  readonly runsFolder: string;
  readonly commandLine: string;
}

/** Of each configuration: consecutive, so that more of them use the runs that are there. */
export function seedsOf({ seed, seeds }: RibbonPlan): readonly number[] {
  return Array.from({ length: seeds }, (_, i) => seed + i);
}

/** Dimensions of every map, and of the statement on linear and nonlinear models. */
export const mapDimensions = 10;
export const statementDimensions = 3;

/** What makes a study the one it is: all that its numbers depend on. */
export function ribbonIdentity(plan: RibbonPlan): RunIdentity {
  const { workers: _workers, ...sizes } = chosenOf(sizeOptions, plan);
  const { trainIdentity, samplesIdentity, inputScale, configurations, phasePoints } = plan;
  return { command: 'ribbon', ...sizes, trainIdentity, samplesIdentity, inputScale, configurations, phasePoints };
}
