export { effectiveRanks, type LayerRank, type LayerRankOptions } from './regularizers/effectiveRanks.js';
export {
  type ProjectedLayer,
  rankMax,
  rankMin,
  type RankProjection,
  type RankProjectionOptions,
} from './regularizers/projectRanks.js';
export type { PgdOptions } from './regularizers/pgd.js';
export { type PgdAttack, pgdAttack, type PgdAttackOptions } from './regularizers/pgdAttack.js';
export { type RobustAccuracy, robustAccuracy, type RobustAccuracyOptions } from './regularizers/robustAccuracy.js';
export { adversarialExamples, type AdversarialOptions } from './regularizers/adversarialExamples.js';
export {
  compareRegularizers,
  gapCorrelations,
  type GapCorrelation,
  type Regularizer,
  type RegularizerComparison,
  type RegularizerComparisonOptions,
  type RegularizerMeasures,
  type RegularizerRow,
  regularizerRow,
  type RegularizerRun,
  regularizerRun,
} from './regularizers/compareRegularizers.js';
export { inputNoise } from './regularizers/inputNoise.js';
