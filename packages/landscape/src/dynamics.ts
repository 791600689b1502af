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
  type CentralFlow,
  centralFlow,
  type CentralFlowOptions,
  type CentralFlowState,
  type CentralMoment,
} from './dynamics/centralFlow.js';
export type { CentralRule, ScalarRmsProp } from './dynamics/centralRule.js';
export {
  complementarity,
  type ComplementarityProblem,
  type ComplementaritySolution,
} from './dynamics/complementarity.js';
export {
  type FlowEvidence,
  type GradientFlow,
  gradientFlow,
  type GradientFlowOptions,
  type GradientFlowState,
  stabilityLimit,
} from './dynamics/gradientFlow.js';
export { stabilityThreshold, type ThresholdOptions } from './dynamics/stabilityThreshold.js';
export { trackPairs, type TrackedPairs, type TrackOptions } from './dynamics/trackPairs.js';
export { comparedCurvature, crossingOf, edgeRatio, ruleName } from './dynamics/edgeRecord.js';
export { preconditioned, preconditioner, type RuleState } from './dynamics/preconditioner.js';
export { watchDescent, type WatchedDescent } from './dynamics/watchDescent.js';
export type { EdgeCheckpoint, WatchDescentOptions, WatchDetail } from './dynamics/watchOptions.js';
export { type DualSharpness, dualSharpness, type NormBall, normBall } from './dynamics/dualSharpness.js';
export type { MeterState } from './dynamics/edgeMeter.js';
