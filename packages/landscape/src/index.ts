export type { DirectionOptions, StiffDirections } from './directions/stiffDirections.js';
export { hessianDirections } from './directions/hessianDirections.js';
export { type FisherKind, fisherDirections } from './directions/fisherDirections.js';
export { type KroneckerEigenbasis, kroneckerBasis } from './directions/kroneckerBasis.js';

export {
  type CurvatureName,
  type NetworkSpectrum,
  type NetworkSpectrumOptions,
  type SpectrumPairs,
  type SpectrumTrace,
  curvatureNames,
} from './spectra/spectrumOptions.js';
export { networkSpectrum } from './spectra/networkSpectrum.js';
export { type LayerSpectrum, layerSpectra } from './spectra/layerSpectra.js';
export { recordSpectra, type SpectraOptions, type SpectrumMoment } from './spectra/recordSpectra.js';
export { type FisherSpectrum, type FisherSpectrumOptions, fisherSpectrum } from './spectra/fisherSpectrum.js';
export { type DensityCurve, densityCurve } from './spectra/densityCurve.js';

export { type InputSensitivity, type InputSensitivityOptions, inputSensitivity } from './inputs/inputSensitivity.js';
export { type ExampleJacobianNorms, type JacobianNormsOptions, jacobianNorms } from './sharpness/jacobianNorms.js';

export type {
  BatchSharpness,
  CoveringRadius,
  Estimate,
  JacobianNorms,
  LipschitzBounds,
  Reconstruction,
  RiskBound,
  SlopeBound,
} from './sharpness/sharpnessTypes.js';
export {
  type BatchSharpnessMoment,
  type BatchSharpnessOptions,
  type BatchSharpnessPlan,
  batchSharpness,
  planBatchSharpness,
} from './sharpness/batchSharpness.js';
export {
  type GradientInTop,
  type GradientInTopOptions,
  gradientInTop,
  productOverlap,
  topShare,
} from './sharpness/gradientInTop.js';
export {
  type CertifiedValue,
  type CurvatureSplit,
  type CurvatureSplitOptions,
  type ParameterShare,
  curvatureSplit,
} from './sharpness/curvatureSplit.js';
export { type LayerFactor, type OverExamples } from './sharpness/layerFactors.js';
export { type SharpnessFactors, type SharpnessFactorsOptions, sharpnessFactors } from './sharpness/sharpnessFactors.js';
export { type ChangingFactors, type SharpnessChange, sharpnessChange } from './sharpness/sharpnessChange.js';
export {
  type ConjugateKernel,
  type ConjugateKernelOptions,
  type ConjugatePart,
  conjugateKernel,
} from './sharpness/conjugateKernel.js';
export { type RescaledLayers, type RescaleOptions, rescaleLayers } from './sharpness/rescaleLayers.js';
export { type AdaptiveSharpnessOptions, adaptiveSharpness } from './sharpness/adaptiveSharpness.js';
export {
  type OutlierPart,
  type OutlierStructure,
  type OutlierStructureOptions,
  outlierStructure,
} from './sharpness/outlierStructure.js';
export { type CoveringRadiusOptions, coveringRadius } from './sharpness/coveringRadius.js';
export { type LipschitzBoundsOptions, lipschitzBounds } from './sharpness/lipschitzBounds.js';
export { type SlopeBoundOptions, slopeBound } from './sharpness/slopeBound.js';
export { type RiskBoundOptions, riskBound } from './sharpness/riskBound.js';
