export type { ActivationName, DenseStructure, Network, ParameterSpec, ParameterTensors } from './network.js';
export { flatten, parameterSpecs, unflatten } from './parameterLayout.js';
export { type NetworkProgram, networkIdentity, networkProgram } from './networkProgram.js';

export { mlp } from './models/mlp.js';
export { type LenetOptions, lenet } from './models/lenet.js';
export { type AllCnnOptions, allCnn } from './models/allCnn.js';
export { parseArchitecture } from './parseArchitecture.js';
export { type NamedArray, networkFromArrays } from './networkFromArrays.js';

export { type LogitsOptions, logits } from './logits.js';
export { type Loss, softmaxCrossEntropy, squaredError } from './losses.js';
export { type Examples, assertExamples, assertWeights } from './examples.js';

export { type TrainOptions, type TrainProgress, type TrainReason, type TrainReport, train } from './training/train.js';
export type { Anchor } from './training/anchor.js';
export { type Checkpoint, type EpochRecord, checkpointFromJson, checkpointToJson } from './training/checkpoint.js';
export {
  type EvaluateOptions,
  type Evaluation,
  type Evaluator,
  createEvaluator,
  evaluate,
} from './training/evaluate.js';
export { type Optimizer, type Update, adam, createUpdate, momentum, sgd } from './training/optimizer.js';
export { type Schedule, type SchedulePosition, constant, cosine, learningRateAt, step } from './training/schedule.js';
