export type {
  EdgeMoment,
  EdgeRecord,
  FlowMoment,
  NoThreshold,
  StabilityThreshold,
  TopPairs,
} from './dynamics/descentTypes.js';
