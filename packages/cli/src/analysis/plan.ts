import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import type { Examples, Network } from '@hyperribbon/nn';
import type { PosteriorConvention } from '@hyperribbon/pac-bayes';
import type { Split } from '../input/dataSource.js';

/** Everything that decides what an analysis computes; a function of these values alone. */
export interface AnalysisPlan {
  readonly dataset: string;
  readonly task: string;
  /** which rows of which data set `train` has */
  readonly origin: Split['origin'];
  readonly train: Examples;
  readonly test: Examples;
  readonly network: Network;
  /** given weights; absent: train from the seeded start */
  readonly weights?: FloatArray;
  readonly seed: number;
  readonly dtype: Dtype;
  readonly deterministic: boolean;
  readonly workers: number;
  readonly commandLine: string;
  /** passes over the training examples, for the plain and again for the decayed run */
  readonly epochs: number;
  readonly batchSize: number;
  /** g = factor × learning rate in the penalty g‖w − w₀‖² of the decayed run */
  readonly decayFactor: number;
  /** examples behind the input spectrum and behind the curvature matrices */
  readonly inputExamples: number;
  readonly curvatureExamples: number;
  /** eigenpairs of each matrix, and of the Hessian that shapes the posterior */
  readonly top: number;
  readonly stiffDirections: number;
  readonly density: { readonly steps: number; readonly probes: number };
  /** posterior draws that certify the bound, and examples each of them meets */
  readonly draws: number;
  readonly examplesPerDraw: number;
  readonly delta: number;
  /** factor of the curvature in the posterior's precision */
  readonly convention: PosteriorConvention;
  readonly deltaMonteCarlo: number;
}
