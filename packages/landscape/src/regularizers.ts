export { effectiveRanks, type LayerRank, type LayerRankOptions } from './regularizers/effectiveRanks.js';
export {
  type ProjectedLayer,
  rankMax,
  rankMin,
  type RankProjection,
  type RankProjectionOptions,
} from './regularizers/projectRanks.js';
