export { powerLawFit, type PowerLawFit, type PowerLawOptions } from './weights/powerLawFit.js';
export { powerLawTest, type PowerLawTest, type PowerLawTestOptions } from './weights/powerLawTest.js';
export { type TailAlternative, tailAlternatives } from './weights/tailAlternatives.js';

export {
  type Edges,
  marchenkoPasturEdges,
  marchenkoPasturMedian,
  noiseFit,
  type NoiseFit,
  shiftedEdge,
} from './weights/marchenkoPastur.js';
export { tracyWidomEdge, tracyWidomQuantile, tracyWidomTail } from './weights/tracyWidom.js';

export {
  type FilterReading,
  type WeightMatrices,
  weightMatrices,
  type WeightSpectrum,
  weightSpectrum,
} from './weights/weightMatrices.js';
export { spectrumMetrics, type SpectrumMetrics } from './weights/spectrumMetrics.js';
export { farms, type FarmsFit, hillExponent } from './weights/farms.js';

export {
  type AnalyzedTensor,
  type AnalyzeOptions,
  analyzeTensor,
  type RefusedTensor,
  type ShuffledTwin,
  type TensorReport,
  type WeightTensor,
} from './weights/analyzeTensor.js';
export { depthFlow, type FlowPoint, modelValues, type ModelValue, type WeightMetric } from './weights/modelValues.js';
export { loraDelta, type LoraPair, loraPairs, tensorDistance, type TensorDistance } from './weights/tensorDistance.js';
