export type {
  BufferSpec,
  Network,
  ParameterSpec,
  ParameterTensors,
  Start,
  TrainingMode,
  TrainingOutputs,
} from './network.js';
export { bufferValues, inEvaluation, withBuffers } from './buffers.js';
export { usedWeights } from './latent/usedWeights.js';
export {
  chosenParameters,
  collectRestricted,
  expandRestricted,
  type ParameterFilter,
  type ParameterRange,
  type Restriction,
  restrict,
} from './restrict.js';
export { foldBatchNorm, type FoldedNetwork } from './foldBatchNorm.js';
export { type LayerBlock, layerBlocks } from './layerBlocks.js';
export { flatten, parameterSpecs, sizeOf, unflatten, weightsByName, weightsInOrder } from './parameterLayout.js';
export { describeLayers, type LayerDescription, type LayerKind } from './describeLayers.js';
export { type NetworkProgram, networkIdentity, networkProgram } from './networkProgram.js';

export { type NetworkDefinition, defineNetwork } from './defineNetwork.js';
export { type NetworkData, networkFromData, networkToData } from './networkData.js';
export { mlp } from './models/mlp.js';
export { type LenetOptions, lenet } from './models/lenet.js';

export { type LogitsOptions, logits } from './logits.js';
export { rowsWithin, runInBatches } from './runInBatches.js';
export { createTreeSum, nodesOf, treeLevels, type TreeSum } from './shares/treeSum.js';
export { gatherPieces, scatterPieces } from './shares/vectorPieces.js';
export { type ShareRange, shareRanges } from './shares/shareRanges.js';
export { requireSeparateExamples } from './separateExamples.js';
export {
  binaryCrossEntropy,
  type Loss,
  requireLoss,
  softmaxCrossEntropy,
  squaredError,
  type TokenAnswers,
} from './losses.js';
export { type LossData, lossFromData } from './lossData.js';
export { countedTokens, tokenCrossEntropy, type TokenCrossEntropyOptions, tokenLosses } from './tokenCrossEntropy.js';
export type { AnyExamples, Examples, TargetExamples } from './examples.js';
export { shapeMismatch } from './exampleShape.js';
export {
  firstNonFinite,
  isTargeted,
  requireAnyExamples,
  requireExamples,
  requireWeights,
  totalWeight,
} from './examples.js';
export { type Answers, answersOf } from './answers.js';

export { train } from './training/train.js';
export type { TrainOptions, TrainProgress, TrainReport } from './training/trainOptions.js';
export type { TrainWorkers } from './training/gradientWorkers.js';
export type { TrainHook, TrainMoment } from './training/hooks.js';
export { augmentations } from './augment/augmentations.js';
export { cropAndFlip, type CropAndFlipOptions } from './augment/cropAndFlip.js';
export { mixup, type MixupOptions } from './augment/mixup.js';
export { smoothLabels } from './augment/smoothLabels.js';
export {
  logSpacedSteps,
  recordTrajectory,
  type Trajectory,
  type TrajectoryOptions,
} from './training/recordTrajectory.js';
export type { Augment, AugmentMoment, AugmentSight, SeededStep, StepPosition } from './training/batchSource.js';
export type {
  Descended,
  Descent,
  DescentPosition,
  DescentReport,
  DescentSums,
  EpochSoFar,
  MaybeAsync,
} from './training/descend.js';
export { descend } from './training/descend.js';
export { examplesAt } from './examplesAt.js';
export { type Batch, type BatchPlans, batchOrder, gatherBatch, planBatches } from './training/batches.js';
export { type BatchGradients, type BatchGradientsOptions, batchGradients } from './training/batchGradients.js';
export {
  type GradientStep,
  type GradientStepOptions,
  type LabelledGradientStep,
  planGradientStep,
} from './training/gradientStep.js';
export type { GradientInputs, OfLogits } from './training/gradientProgram.js';
export { countMistakes, countTokenMistakes } from './training/zeroOne.js';
export type { Anchor } from './training/anchor.js';
export type { NormBias } from './training/normBias.js';
export { asam, type AsamOptions, sam, type SharpnessAware } from './training/sharpnessAware.js';
export type { Checkpoint, EarlierCheckpoint, EpochRecord, TrainDetail, TrainIdentity } from './training/checkpoint.js';
export { type RunIdentity, requireSameRun, runIdentity } from './training/runIdentity.js';
export { checkpointFromJson, checkpointToJson } from './training/checkpoint.js';
export type { EvaluateOptions, Evaluation, Evaluator } from './training/evaluate.js';
export { createEvaluator, evaluate } from './training/evaluate.js';
export type { AdamOptions, DecayOptions, MuonOptions, Optimizer } from './training/optimizers/optimizer.js';
export { adam, adamW, momentum, muon, rmsProp, sgd, signDescent } from './training/optimizers/optimizer.js';
export type { Update, UpdateOptions } from './training/optimizers/createUpdate.js';
export { createUpdate, restoreUpdates } from './training/optimizers/createUpdate.js';
export { clipNorm } from './training/clipNorm.js';
export type { Schedule, SchedulePart, SchedulePosition } from './training/schedule.js';
export {
  constantSchedule,
  cosineSchedule,
  learningRateAt,
  linearSchedule,
  multiStepSchedule,
  oneCycleSchedule,
  sequenceSchedule,
  stepSchedule,
  warmUp,
} from './training/schedule.js';
