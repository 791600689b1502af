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
