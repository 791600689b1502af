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
