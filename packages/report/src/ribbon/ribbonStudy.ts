import type { AnalysisStatus, InputSpectrum, Note } from '../analysis.js';
import type { DataSetting, RunKernels, RunOptions, RunTimes } from '../sections/setting/runSetting.js';

/**
 * The plain-JSON record of one study of training trajectories: what `hyperribbon ribbon` writes to ribbon.json and draws.
 *
 * Every section is optional, as in an `Analysis`. Numbers are finite, logarithms natural, divergences Bhattacharyya in nats (mean over
 * samples), eigenvalues ordered by magnitude with their sign, errors, shares of stress and progress fractions.
 */
export interface RibbonStudy {
  readonly schema: typeof ribbonSchema;
  readonly version: typeof ribbonVersion;
  readonly title?: string;
  /** ISO 8601 date, handed in by the caller. */
  readonly created?: string;
  readonly status: AnalysisStatus;
  readonly setting?: RibbonSetting;
  readonly inputSpectrum?: InputSpectrum;
  readonly phase?: PhaseSection;
  readonly widths?: WidthsSection;
  readonly ensemble?: EnsembleSection;
  /** One for each set of samples: training first. */
  readonly maps?: readonly MapSection[];
  readonly notes?: readonly Note[];
}

export const ribbonSchema = 'hyperribbon/ribbon';
export const ribbonVersion = 1;

export interface RibbonSetting extends DataSetting, RunTimes {
  readonly seed: number;
  readonly deterministic: boolean;
  readonly kernels: RunKernels;
  readonly runtime: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly options: RunOptions;
}

/** A place in the phase diagram: decay c of the input spectrum and ratio ρ of target scale to initial scale, for a number of steps. */
export interface PhasePoint {
  readonly decay: number;
  readonly scaleRatio: number;
}

/** A RECONSTRUCTION following arXiv 2505.08915: explained variance of pooled trajectories of linear regression. */
export interface PhaseSection {
  /** Recorded gradient steps T and step size η·λ₁. */
  readonly steps: number;
  readonly relativeStep: number;
  /** Axes of the grid, ascending, and the share of variance in three directions, row-major (decays, scaleRatios). */
  readonly decays: readonly number[];
  readonly scaleRatios: readonly number[];
  readonly explained3: readonly number[];
  readonly boundaries: readonly {
    readonly label: string;
    /** exact: found on computed covariances; scaling: an asymptotic formula, good to its order of magnitude. */
    readonly kind: 'exact' | 'scaling';
    readonly points: readonly PhasePoint[];
  }[];
  /** Where the data set lies: decay fitted over a window of its spectrum, scale ratio of its regression targets. */
  readonly point?: PhasePoint & {
    readonly window: { readonly from: number; readonly to: number };
    readonly rSquared: number;
    /** Share of variance in three directions from the data's own eigenvalues and targets. */
    readonly explained3: number;
    /** The same from the exponential spectrum of its fitted decay: the diagram's value at the point. */
    readonly explained3OfFit?: number;
    readonly participationRatio: number;
    /** Directions of the target above the plateau of the initialisation, by the formula for k_c. */
    readonly targetDirections?: number;
    /** Directions with 2 η λ T > 1. */
    readonly learnedDirections?: number;
  };
  /** The same ratio at the decay fitted over the directions that training reaches, 2 η λ T > 1. */
  readonly reached?: PhasePoint & {
    readonly window: { readonly from: number; readonly to: number };
    readonly rSquared: number;
    readonly explained3OfFit: number;
  };
}

/** A RECONSTRUCTION following arXiv 2505.08915: widths √eigenvalue of the pooled covariance of predictions, predicted and simulated. */
export interface WidthsSection {
  readonly examples: number;
  readonly steps: number;
  readonly relativeStep: number;
  readonly runs: number;
  /** Standard deviation of the initial weights. */
  readonly initialScale: number;
  /** "+1 for classes 0 to 4, −1 for 5 to 9". */
  readonly target: string;
  readonly seed: number;
  /** Widths, largest first, of the closed form and of its two parts alone. */
  readonly predicted: readonly number[];
  readonly initialisation: readonly number[];
  readonly fromTarget: readonly number[];
  /** Widths of the simulated runs along the predicted principal axes, with standard errors over runs. */
  readonly measured: readonly number[];
  readonly standardErrors: readonly number[];
  /** max |measured − predicted|/predicted over the first ten. */
  readonly largestError: number;
  /** The same difference in standard errors, the largest of the first ten. */
  readonly largestErrorInStandardErrors: number;
  readonly explained3: { readonly predicted: number; readonly measured: number };
}

export interface EnsembleSection {
  readonly trainExamples: number;
  readonly epochs: number;
  readonly seeds: readonly number[];
  /** Samples on which probabilities are recorded. */
  readonly samples: { readonly train: number; readonly test: number };
  /** Inputs were multiplied by this before training. */
  readonly inputScale: number;
  /** Epochs done at each checkpoint of a complete run. */
  readonly checkpointEpochs: readonly number[];
  readonly runs: readonly EnsembleRun[];
}

export interface EnsembleRun {
  /** "relu-adam". */
  readonly configuration: string;
  readonly family: 'linear' | 'nonlinear';
  /** "mlp:relu:784,96,48,10". */
  readonly architecture: string;
  /** What runs with the same colour have in common: "softmax regression", "ReLU, 96-48". */
  readonly group: string;
  /** "Adam, rate 0.001 → 0.0001, batches of 100, start × 2". */
  readonly training: string;
  readonly seed: number;
  readonly reason: 'finished' | 'non-finite-loss';
  readonly checkpoints: number;
  readonly final: {
    readonly trainLoss: number;
    readonly trainError: number;
    readonly testLoss: number;
    readonly testError: number;
  };
}

/** InPCA maps of all checkpoints of the ensemble over one set of samples. */
export interface MapSection {
  readonly samples: 'train' | 'test';
  readonly sampleCount: number;
  readonly models: number;
  /** Pairs of a model and a sample on which the two models have no class in common; they count a finite convention. */
  readonly disjoint: number;
  readonly maps: readonly InpcaMap[];
  readonly stress: readonly StressCurve[];
  /** Per run how far each checkpoint has come on the geodesic from ignorance to truth, in [0, 1], and after how many epochs. */
  readonly progress?: readonly {
    readonly run: number;
    readonly epochs: readonly number[];
    readonly values: readonly number[];
  }[];
  readonly statement?: Statement;
}

export interface InpcaMap {
  /** all: made from every model; linear: made from the linear ones, all others embedded. */
  readonly madeFrom: 'all' | 'linear';
  /** Signed, by magnitude: positive ones belong to real coordinates, negative ones to imaginary coordinates. */
  readonly eigenvalues: readonly number[];
  /** Per run of the ensemble (checkpoints, 3) row-major: the first three coordinates. */
  readonly runs: readonly { readonly run: number; readonly coordinates: readonly number[] }[];
  /** Where total ignorance (all classes alike) and the truth are embedded. */
  readonly ignorance?: readonly number[];
  readonly truth?: readonly number[];
}

export interface StressCurve {
  readonly id: 'all' | 'nonlinear' | 'linear' | 'all-in-linear' | 'nonlinear-in-linear';
  readonly label: string;
  /** Explained stress of the first 1, 2, … dimensions. */
  readonly values: readonly number[];
}

/** "Linear models explain the nonlinear ones" as numbers, each seed's nonlinear runs in the map of its linear runs. */
export interface Statement {
  readonly dimensions: number;
  /** Stress of the nonlinear models explained by the first dimensions of the linear map, and by as many of their own map. */
  readonly perSeed: readonly { readonly seed: number; readonly inLinear: number; readonly own: number }[];
  readonly mean: number;
  /** Standard deviation over seeds (n − 1); 0 for one seed. */
  readonly deviation: number;
  readonly ownMean: number;
  readonly ratio: number;
  readonly ratioDeviation: number;
}
