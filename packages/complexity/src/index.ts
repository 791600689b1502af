export type { DifferenceNorms, MatrixNorms } from './norms/matrixNorms.js';
export type { LayerNorms, NetworkNorms, SampleNorms } from './norms/networkNorms.js';

export type { BoundTerm, Constants, NormBound, Standing } from './bounds/bound.js';
export {
  type MarginOptions,
  confidenceTerm,
  gapOfLogits,
  gapOfLosses,
  marginError,
  rampLoss,
} from './bounds/marginTemplate.js';
export {
  type BartlettOptions,
  bartlettBound,
  kernelRowSum,
  type MatrixConvention,
} from './bounds/covering/bartlett2017.js';
export {
  logCoveringNumber,
  logSpectralComplexity,
  normalizedMargins,
  type SpectralLayer,
} from './bounds/covering/spectralComplexity.js';
export type { Reference } from './bounds/covering/reference.js';
export {
  ledentBound,
  type LedentComplexity,
  ledentComplexity,
  type LedentLayer,
  type LedentOptions,
  type LedentVariant,
} from './bounds/covering/ledent2021.js';
export { logSparseComplexity, sparseBound, type SparseLayer } from './bounds/products/galanti2023.js';
export { logVcComplexity, vcBound, vcDimension, vcLowerLimit, type VcOptions } from './bounds/counting/harvey2017.js';
export {
  type AuthorBoundName,
  authorCodeBounds,
  authorCodeLogs,
  type AuthorCodeOptions,
} from './bounds/authors/neyshaburCode.js';
export { interpolatedPercentile } from './bounds/authors/percentile.js';

export type { Measure } from './measures/measure.js';

export { numericalRank, rankNotions, type RankNotions, type RankOptions } from './rank/rankNotions.js';
export {
  decayDistance,
  type DecayingDescent,
  decayRank,
  type DecayRank,
  gradientRank,
} from './rank/weightDecayRank.js';
export { deepRankLimit, harmonicMean } from './rank/deepRank.js';
