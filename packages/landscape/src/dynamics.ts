export type {
  EdgeMoment,
  EdgeRecord,
  FlowMoment,
  NoThreshold,
  StabilityThreshold,
  TopPairs,
} from './dynamics/descentTypes.js';

export { type FlowEnd, flowEnds, type FlowOptions } from './dynamics/flowOptions.js';
export {
  type FlowEvidence,
  type GradientFlow,
  gradientFlow,
  type GradientFlowOptions,
  type GradientFlowState,
  stabilityLimit,
} from './dynamics/gradientFlow.js';
