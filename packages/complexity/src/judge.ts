export { kendallTau, type KendallOptions } from './judge/kendall.js';
export {
  granulatedKendall,
  type GranulatedAxis,
  type GranulatedKendall,
  type GranulatedOptions,
} from './judge/granulatedKendall.js';
export {
  conditionalInformation,
  type ConditionalInformation,
  type ConditionedInformation,
  type InformationOptions,
} from './judge/conditionalInformation.js';
export {
  type Environment,
  hoeffdingWeight,
  type SignErrorOptions,
  type SignErrors,
  signErrors,
} from './judge/signErrors.js';
export { gapRegression, type GapRegression, type RegressionEnvironment } from './judge/gapRegression.js';
export {
  type JudgedMeasure,
  type JudgedRuns,
  type Judgement,
  type JudgeOptions,
  judgeMeasures,
} from './judge/judgeMeasures.js';
export type { MeasuredRuns, Setting } from './judge/runs.js';
