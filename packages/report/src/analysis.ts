import type { DataSetting, RunKernels, RunOptions, RunTimes } from './sections/setting/runSetting.js';

/**
 * The plain-JSON record of one analysis: what the command line writes to report.json and what the report draws.
 *
 * Every section is optional: an interrupted run leaves what is done so far, and `status` names what is missing.
 * Numbers are finite; what is unknown is left out or `null`, never NaN. Logarithms are natural, indices start at 0,
 * eigenvalues are in descending order, errors are fractions in [0, 1].
 */
export interface Analysis {
  readonly schema: typeof analysisSchema;
  readonly version: typeof analysisVersion;
  readonly title?: string;
  /** ISO 8601 date, handed in by the caller: nothing here reads the clock. */
  readonly created?: string;
  readonly status: AnalysisStatus;
  readonly setting?: Setting;
  /** Plain run first, then variants of it such as the decayed one. */
  readonly training?: readonly TrainingRun[];
  readonly inputSpectrum?: InputSpectrum;
  readonly curvature?: readonly CurvatureSpectrum[];
  readonly effectiveDimension?: readonly EffectiveDimension[];
  readonly bound?: BoundSection;
  readonly notes?: readonly Note[];
}

/** `schema` of every analysis; `version` grows when a field changes its meaning. */
export const analysisSchema = 'hyperribbon/analysis';
export const analysisVersion = 1;

export interface AnalysisStatus {
  readonly complete: boolean;
  /** Steps that were planned and not finished, in plain words: "spectral density of the Hessian". */
  readonly missing: readonly string[];
  /** Why the run stopped early: "interrupted", "memory limit". */
  readonly reason?: string;
}

export interface Setting extends DataSetting, RunTimes {
  /** "784-600-600-2, tanh". */
  readonly architecture: string;
  readonly parameters: number;
  readonly loss?: string;
  readonly seed: number;
  readonly dtype: 'float32' | 'float64';
  readonly deterministic?: boolean;
  readonly kernels?: RunKernels;
  /** "node 22.12.0, linux x64, 2 workers". */
  readonly runtime?: string;
  readonly versions?: Readonly<Record<string, string>>;
  readonly options?: RunOptions;
}

export interface TrainingRun {
  /** "plain", "decayed"; "given" for weights that were brought along. */
  readonly name: string;
  /** Name of the run whose final weights this one starts from; its epochs are then drawn after that one's. */
  readonly continues?: string;
  readonly history: readonly EpochRecord[];
  /** A loss that is not finite, because training diverged, is null (NaN is read as null). */
  readonly final: {
    readonly trainLoss: number | null;
    readonly trainError: number;
    readonly testLoss: number | null;
    readonly testError: number;
  };
  /** Euclidean norms: |w0|, |w|, |w - w0|. */
  readonly norms?: { readonly initial: number; readonly final: number; readonly displacement: number };
}

export interface EpochRecord {
  /** 0 = before the first step. */
  readonly epoch: number;
  readonly trainLoss?: number;
  readonly trainError?: number;
  readonly testLoss?: number;
  readonly testError?: number;
  readonly learningRate?: number;
}

/** Least-squares line ln(lambda_i) = intercept + slope * i over indices from..to, both included. */
export interface SlopeFit {
  readonly from: number;
  readonly to: number;
  /** Nats per index; negative for a decaying spectrum. */
  readonly slope: number;
  readonly intercept: number;
  readonly rSquared: number;
}

export interface InputSpectrum {
  /** "uncentred correlation X'X/n, pixels in [0, 1]". */
  readonly description: string;
  readonly examples: number;
  readonly eigenvalues: readonly number[];
  /** Eigenvalues with absolute value below this are rounding noise. */
  readonly noiseFloor: number;
  readonly trace?: number;
  readonly fit?: SlopeFit;
}

export interface CurvatureSpectrum {
  /** Unique within the analysis: "hessian", "gauss-newton", "fisher-end", "fisher-init". */
  readonly id: string;
  /** "Hessian", "Fisher at initialisation". */
  readonly label: string;
  /** "initialisation", "end", "end of the decayed run". */
  readonly at: string;
  readonly examples: number;
  readonly dimension: number;
  readonly eigenvalues: readonly number[];
  /** |A v - lambda v| for unit v, one for each eigenvalue. */
  readonly residualNorms: readonly number[];
  readonly noiseFloor: number;
  readonly converged: boolean;
  readonly reason: string;
  /** Matrix-vector products spent on the eigenvalues. */
  readonly products: number;
  readonly orthogonality?: number;
  readonly seconds?: number;
  readonly fit?: SlopeFit;
  readonly density?: SpectralDensity;
}

export interface SpectralDensity {
  /** Places where the density was evaluated, ascending. */
  readonly x: readonly number[];
  /** Share of eigenvalues per unit of eigenvalue: integrates to 1 over x. */
  readonly density: readonly number[];
  readonly lower?: readonly number[];
  readonly upper?: readonly number[];
  /** Confidence of the band, 0.95. */
  readonly level?: number;
  readonly steps: number;
  readonly probes: number;
  readonly products: number;
  readonly trace?: { readonly value: number; readonly standardError: number };
}

export interface EffectiveDimension {
  /** `id` of the curvature spectrum it was counted on. */
  readonly spectrum: string;
  /** Directions with |lambda| >= threshold. */
  readonly hard: number;
  /** Sum of lambda / (lambda + threshold) over the known positive eigenvalues. */
  readonly soft: number;
  readonly threshold: number;
  /** How the threshold came about: "eps / (2 (n - 1)), eps = 809, n = 55000". */
  readonly thresholdFrom: string;
  readonly parameters: number;
  /** True if the smallest computed eigenvalue is still above the threshold: then both counts are lower bounds. */
  readonly lowerBound: boolean;
}

/** One place where a piece of the failure probability went. */
export interface DeltaSpent {
  readonly purpose: string;
  readonly delta: number;
}

/** Estimate of the empirical error of a random classifier from posterior draws. */
export interface MonteCarloRecord {
  readonly mean: number;
  readonly draws: number;
  readonly method: 'kl-inverse' | 'chernoff' | 'binomial';
  readonly delta: number;
  /** Upper limit on the empirical error with probability 1 - delta over the draws. */
  readonly upper: number;
}

/** One row of the grid over prior precisions. */
export interface BoundCandidate {
  readonly j: number;
  /** Prior precision eps_j. */
  readonly precision: number;
  readonly penalty: number;
  /** klCovariance + klDisplacement, nats. */
  readonly kl: number;
  readonly klCovariance: number;
  readonly klDisplacement: number;
  /** (KL + penalty) / (n - 1) or / n: the right-hand side of the theorem. */
  readonly complexity: number;
  /** sqrt(complexity / 2): the McAllester gap. */
  readonly gap: number;
  /** Loss that the noise should add to second order, nats. */
  readonly expectedExcess?: number;
  readonly effectiveDimension: {
    readonly hard: number;
    readonly soft: number;
    readonly threshold: number;
    readonly lowerBound?: boolean;
  };
  readonly monteCarlo?: MonteCarloRecord;
  /** Bound with the mean of the draws in place of the empirical error: an estimate, not a certificate. */
  readonly plugIn?: number;
  /** Bound with the Monte-Carlo upper limit; certified only under the selection rule of the section. */
  readonly corrected?: number;
  readonly mcAllester?: number;
  /** 1 - all delta spent if this row is the one reported. */
  readonly confidence?: number;
}

export interface CertifiedBound {
  readonly j: number;
  readonly precision: number;
  readonly value: number;
  /** True if value >= the error of chance (1 if nothing else was given): the bound then says nothing. */
  readonly vacuous: boolean;
  /** False if a switch left the theorem (plug-in mean, penalty of the released scripts). */
  readonly certified: boolean;
  readonly confidence: number;
  readonly mcAllester: number;
  readonly plugIn: number;
  readonly kl: number;
  readonly klCovariance: number;
  readonly klDisplacement: number;
  readonly penalty: number;
  readonly complexity: number;
  readonly monteCarlo: MonteCarloRecord;
}

/** What `analyticBound` of the pac-bayes package returns fits here as it stands. */
export interface BoundSection {
  readonly theorem: string;
  readonly source: string;
  readonly n: number;
  readonly dimension: number;
  readonly delta: number;
  readonly deltaMonteCarlo: number;
  readonly convention: string;
  /** "correct", or the form of the released scripts, which certifies nothing. */
  readonly penaltyForm?: string;
  readonly grid: { readonly b: number; readonly c: number; readonly first: number; readonly last: number };
  /** How the reported row was chosen and why the choice is paid for. */
  readonly selection: string;
  readonly candidates: readonly BoundCandidate[];
  /** Absent if no Monte-Carlo evidence was given. */
  readonly best?: CertifiedBound;
  readonly deltas: readonly DeltaSpent[];
  readonly assumptions: readonly string[];
  readonly caveats: readonly string[];
  /** Test error of the posterior, for comparison; it plays no part in the bound. */
  readonly posteriorTest?: { readonly mean: number; readonly draws: number };
}

export interface Note {
  readonly title: string;
  readonly text: string;
  /** "reconstruction" marks what rests on our derivation and not on a paper's own statement. */
  readonly kind?: 'explanation' | 'reconstruction' | 'warning';
}
