/** What the layers of networks compute beyond products, convolutions and pooling: normalisations, attention, embeddings, activations. */
export {
  attention,
  type AttentionOptions,
  linearAttention,
  type LinearAttentionOptions,
} from './ops/layers/attention.js';
export { type BatchNormed, batchNormTraining, type BatchNormTrainingOptions } from './ops/layers/batchNormTraining.js';
export { embedding } from './ops/layers/embedding.js';
export { maskedLogSoftmax, maskedSoftmax } from './ops/layers/masked.js';
export {
  groupNorm,
  type GroupNormOptions,
  instanceNorm,
  layerNorm,
  type LayerNormOptions,
  rmsNorm,
  type RmsNormOptions,
} from './ops/layers/normalization.js';
export {
  celu,
  elu,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  mish,
  prelu,
  selu,
  softsign,
  thresholdedRelu,
} from './ops/layers/rectifiers.js';
