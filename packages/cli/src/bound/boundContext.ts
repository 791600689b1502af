import type { DescendedBound, NamedArrays, NetworkBound, PosteriorErrors } from '@hyperribbon/pac-bayes/networks';
import type { Checkpoint } from '@hyperribbon/nn';
import type { Certificate } from '@hyperribbon/pac-bayes';
import type { StepTime, StudyRun } from '@hyperribbon/study';
import type { Jobs } from '../jobs/table.js';
import type { TestSetResult } from '../output/testSet.js';
import type { StoppedBound } from './boundFiles.js';

/** What the parts of a bound's computation share. */
export interface RunBoundContext {
  /** its signal fires at the first Ctrl-C: training stops, and what there is gets certified */
  readonly run: StudyRun<Jobs>;
  readonly resume?: StoppedBound;
  /** a prior's mean that was trained before with the same options */
  readonly prior?: Float32Array;
  /** where the training of the prior's mean was stopped */
  readonly training?: Checkpoint;
  readonly saveTraining: (stopped: Checkpoint) => void;
  /** called when the prior's mean is trained */
  readonly savePrior: (weights: Float32Array) => void;
  /** called about once a minute and when the optimisation ends */
  readonly save: (stopped: Omit<StoppedBound, 'key'>) => void;
}

/** What comes of an optimised posterior, whatever its family. */
export interface CertifiedPosterior {
  readonly optimized: DescendedBound;
  readonly bound: NetworkBound;
  readonly certificate: Certificate;
  readonly arrays: NamedArrays;
  readonly test: PosteriorErrors;
  /** the posterior's mean as weights of the network */
  readonly mean: Float32Array;
  /** whether prior or posterior depend on the held-out inputs */
  readonly usedHeldOut: boolean;
  /** where directions of the posterior came from, if it has them */
  readonly curvature?: string;
}

export interface BoundRun extends CertifiedPosterior {
  /** error of the prior's mean on the bound's and the test examples */
  readonly priorError: { readonly bound: number; readonly test: number };
  /** fixed networks, each on examples that it never met */
  readonly testSets: readonly TestSetResult[];
  readonly seconds: readonly StepTime[];
}
