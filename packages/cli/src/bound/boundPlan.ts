import type { Examples, Network } from '@hyperribbon/nn';
import type { RandomLabels, SplitIndices } from '@hyperribbon/pac-bayes';
import type { MeanCoordinates, ObjectiveName } from '@hyperribbon/pac-bayes/networks';
import type { SubspacePlan } from './subspaceOptions.js';

/** What shapes prior and posterior: see `hyperribbon bound --help`. */
export type BoundMethod = 'isotropic' | 'layered' | 'method2' | 'method3' | 'method4';

/** Everything a bound is computed from, checked. */
export interface BoundPlan {
  readonly dataset: string;
  readonly task: string;
  /** identity of the data set that the splits count in */
  readonly datasetIdentity: string;
  /** rows from..to of `train` as indices into that data set */
  readonly indicesOf: (from: number, to: number) => SplitIndices;
  /** training examples, prior's and bound's together */
  readonly train: Examples;
  /** rows of `train` that train the prior's mean; the bound is about the others. 0: a random prior */
  readonly priorCount: number;
  /** inputs beside the bound's examples, for the curvature that shapes prior and posterior */
  readonly heldOut: { readonly name: string; readonly examples: Examples; readonly from: number } | undefined;
  readonly test: Examples;
  readonly network: Network;
  /** weights where the posterior's mean starts; default the prior's mean */
  readonly start?: Float32Array;
  readonly startFile?: string;
  /** passes over the bound's examples that train the weights where the posterior's mean starts; 0: it starts at the prior's */
  readonly startEpochs: number;
  readonly method: BoundMethod;
  /** for curvature methods on networks that are no stack of dense layers */
  readonly subspace?: SubspacePlan;
  /** which sides of the layers turn: the first layer's inputs only, or all */
  readonly basis: 'input' | 'full';
  /** where the optimiser takes its steps in the means, for methods with a basis */
  readonly meansIn: MeanCoordinates;
  /** output factors by recursion, or from labels drawn from the model */
  readonly factors: 'kfra' | 'kfac';
  readonly objective: ObjectiveName;
  readonly surrogate: 'cross-entropy' | 'bounded';
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: { readonly from: number; readonly to: number };
  readonly optimizer: 'adam' | 'momentum';
  /** the prior's variance is kept, chosen without the data, and not paid for */
  readonly fixedScale: boolean;
  /** starting deviation as a factor on the prior's, and the prior's variances at the start */
  readonly initialStd: number;
  readonly priorVariance: number;
  readonly priorEpochs: number;
  readonly priorRate: { readonly from: number; readonly to: number };
  /** images for the prior's training are moved by up to so many pixels, every epoch anew */
  readonly priorShift: number;
  readonly passes: number;
  readonly delta: number;
  readonly deltaMonteCarlo: number;
  readonly klWeight: number;
  readonly seed: number;
  /** the control: labels of the training examples replaced by random ones */
  readonly randomLabels?: RandomLabels;
  readonly commandLine: string;
  readonly published?: { readonly value: number; readonly source: string };
}
