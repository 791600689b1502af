/** What the layers of networks compute beyond products, convolutions and pooling: normalisations, attention, embeddings, activations. */
export {
  attention,
  type AttentionOptions,
  linearAttention,
  type LinearAttentionOptions,
} from './ops/layers/attention.js';
export { type BatchNormed, batchNormTraining, type BatchNormTrainingOptions } from './ops/layers/batchNormTraining.js';
export { convTranspose2d, type TransposedConvolutionOptions } from './ops/images/convTranspose2d.js';
export { globalAveragePool, globalMaxPool, type GlobalPoolingOptions } from './ops/images/globalPooling.js';
export {
  averagePool1d,
  conv1d,
  maxPool1d,
  type SequenceConvolutionOptions,
  type SequenceLayout,
  type SequenceOptions,
  type SequencePoolingOptions,
} from './ops/images/oneDimensional.js';
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
