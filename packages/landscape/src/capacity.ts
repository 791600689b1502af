export { effectiveGram, type EffectiveGram, type EffectiveGramOptions } from './capacity/effectiveGram.js';
export {
  type FineTuningBound,
  fineTuningBound,
  fineTuningDistance,
  type FineTuningOptions,
  type LayerDistance,
} from './capacity/fineTuningDistance.js';
export {
  type CapacityPoint,
  learningCapacity,
  type LearningCapacityOptions,
  type LearningCurvePoint,
} from './capacity/learningCapacity.js';
export { type CurveTraining, learningCurve, type LearningCurveOptions } from './capacity/learningCurve.js';
