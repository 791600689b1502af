export { binaryKl } from './binaryKl.js';
export { klInverseLower, klInverseLowerComplement, klInverseUpper, klInverseUpperComplement } from './klInverse.js';

export { binomialTails } from './binomialTail.js';
export type { BinomialTails } from './binomialTail.js';
export { clopperPearsonLower, clopperPearsonUpper } from './clopperPearson.js';
export { monteCarloLimit } from './monteCarlo.js';
export type { AveragedDraws, MonteCarloEvidence, MonteCarloRecord, SingleTrials } from './monteCarlo.js';

export { complexity } from './complexity.js';
export type { Complexity, ComplexityArguments, Theorem } from './complexity.js';
export type { BoundArguments, BoundRecord, DeltaSpent, UnionPrice } from './boundRecord.js';
export { klBound, mcAllesterBound } from './klBound.js';
export type { KlBoundArguments } from './klBound.js';
export { catoniBound } from './catoni.js';
export type { CatoniArguments } from './catoni.js';
export { quadraticBound, thiemannBound } from './thiemann.js';
export type { ThiemannArguments } from './thiemann.js';

export { diagonalGaussianKl, lowRankGaussianKl } from './gaussianKl.js';
export type { DiagonalGaussians, GaussianKl, LowRankGaussians } from './gaussianKl.js';
export { denseGaussianKl } from './denseGaussianKl.js';
export type { DenseGaussians } from './denseGaussianKl.js';

export { continuousPrice, gridNeighbours, gridPrecision, gridPrice, gridVariance } from './penalties.js';
export type { PenaltyForm, ScaleGrid } from './penalties.js';

export { curvatureFactor, effectiveDimension, exponentialEffectiveDimension } from './effectiveDimension.js';
export type { DimensionCount, PosteriorConvention } from './effectiveDimension.js';
export { spectrumDecay } from './spectrumDecay.js';
export type { SpectrumDecay } from './spectrumDecay.js';
export { analyticPosterior } from './analyticPosterior.js';
export type { AnalyticPosterior, PosteriorArguments } from './analyticPosterior.js';
export { analyticBound, bestPlugIn } from './analyticBound.js';
export type {
  AnalyticBound,
  AnalyticBoundArguments,
  BoundCandidate,
  BoundGrid,
  CertifiedBound,
  GridEvidence,
} from './analyticBoundRecord.js';

export { AssumptionError } from './assumptions.js';
