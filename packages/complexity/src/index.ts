export {
  type DifferenceNorms,
  differenceNorms,
  type MatrixNorms,
  matrixNorms,
  type MatrixNormsOptions,
} from './norms/matrixNorms.js';
export {
  type LayerNorms,
  type NetworkNorms,
  networkNorms,
  type NetworkNormsOptions,
  type SampleNorms,
} from './norms/networkNorms.js';
export { sampleNorms, type SampleNormsOptions } from './norms/sampleNorms.js';
export type { Convolution } from './norms/convolution.js';
export { convolutionSpectrum, type SpectrumOptions } from '@hyperribbon/lanczos/svd';
export { convolutionMatrix } from './norms/convolutionMatrix.js';
export type { ConvolutionSpectra } from './norms/layerNorms.js';
export { convolutionNorms, type MapNorms } from './norms/convolutionNorms.js';

export type { BoundTerm, Constants, NormBound, Standing } from './bounds/bound.js';
export {
  type MarginOptions,
  confidenceTerm,
  gapOfLogits,
  gapOfLosses,
  marginError,
  rampLoss,
} from './bounds/marginTemplate.js';
export {
  type BartlettOptions,
  bartlettBound,
  kernelRowSum,
  type MatrixConvention,
} from './bounds/covering/bartlett2017.js';
export {
  logCoveringNumber,
  logLayerCovering,
  logSpectralComplexity,
  normalizedMargins,
  type SpectralLayer,
} from './bounds/covering/spectralComplexity.js';
export type { Reference } from './bounds/covering/reference.js';
export { identityReference } from './bounds/covering/identityReference.js';
export {
  ledentBound,
  type LedentComplexity,
  ledentComplexity,
  type LedentLayer,
  type LedentOptions,
  type LedentVariant,
} from './bounds/covering/ledent2021.js';
export { logSparseComplexity, sparseBound, type SparseLayer } from './bounds/products/galanti2023.js';
export { logVcComplexity, vcBound, vcDimension, vcLowerLimit, type VcOptions } from './bounds/counting/harvey2017.js';
export {
  type AuthorBoundName,
  authorCodeBounds,
  authorCodeLogs,
  type AuthorCodeOptions,
} from './bounds/authors/neyshaburCode.js';
export { percentile } from './numbers/percentile.js';

export { type ChainConstants, type ChainRuleParts, gaussianChainRule } from './bounds/lowRank/chainRule.js';
export { type ClassLayer, type TruncatedClass, truncatedClass } from './bounds/lowRank/classLayers.js';
export {
  type PintoComplexity,
  pintoComplexity,
  type PintoOptions,
  type PintoRate,
  pintoRate,
  pintoRecursion,
  type RankMode,
} from './bounds/lowRank/pinto2025.js';
export { deepLinearBound, imageDiameter, layerIncrement, oneLayerBound } from './bounds/lowRank/lemmas.js';
export {
  type DrawnComplexity,
  normBasedComplexity,
  oneLayerComplexity,
  type OneLayerOptions,
} from './bounds/lowRank/oneLayerComplexity.js';
export {
  type Confidence,
  gapOfGaussian,
  gapOfVectorGaussian,
  gapOfVectorRademacher,
  type LossMultiplier,
  lossMultiplier,
} from './bounds/lowRank/risk.js';
export { type CutOptions, marginAfterTruncation } from './bounds/lowRank/truncation.js';
export { pinto2025Bound, type PintoBoundOptions } from './bounds/lowRank/pintoBound.js';
export {
  type Crossover,
  crossover,
  type CrossoverSizes,
  crossoverTable,
  type RateLayer,
  type RateTable,
  rateTable,
} from './bounds/lowRank/rates.js';
export {
  type CollapsedBound,
  collapsedBound,
  type CollapsedOptions,
  firstRankOneLayer,
  lipschitzComposition,
  type LipschitzComposition,
} from './bounds/lowRank/collapseBound.js';
export {
  type CountedLayer,
  type Counting,
  type CountOptions,
  countParameters,
  type ParameterCount,
  parameterCountingBound,
} from './bounds/lowRank/parameterCounting.js';
export { trivialBound, trivialComplexity } from './bounds/lowRank/trivialBound.js';
export {
  groupNorm,
  type LinearClass,
  linearComplexity,
  neyshabur2015,
  neyshabur2015Bound,
  type Neyshabur2015Norm,
  type Neyshabur2015Options,
  neyshabur2015Path,
  overallNorm,
} from './bounds/products/neyshabur2015.js';
export {
  bartlettDepthFree,
  golowichDepthFree,
  golowichFrobenius,
  golowichLower,
  golowichRows,
} from './bounds/products/golowich2018.js';
export { golowich2018Bound, type GolowichNorm } from './bounds/products/golowichBound.js';
export {
  neyshabur2018Bound,
  type Neyshabur2018Form,
  neyshabur2018Kl,
  neyshabur2018Numerator,
  neyshabur2018Rate,
  neyshabur2018Root,
  type NeyshaburLayer,
  type NeyshaburSample,
} from './bounds/products/neyshabur2018.js';
export { compressionBound, type CompressionOptions, logEffectiveTerm } from './bounds/compression/arora2018.js';
export { type CushionOptions, type Cushions, cushions } from './bounds/compression/cushions.js';
export { type AllBounds, allBounds } from './bounds/all/allBounds.js';
export type { AllBoundsOptions } from './bounds/all/allBoundsOptions.js';
export { bestMargin, defaultMargins, logValueOf, marginGrid } from './bounds/all/marginGrid.js';
export { type GridPoint, gridPoint } from './bounds/all/normGrid.js';

export type { Measure } from './measures/measure.js';
export { allMeasures, type AllMeasuresOptions } from './measures/allMeasures.js';
export { type MeasureKind, measureTable } from './measures/measureTable.js';
export { normMeasures, type NormMeasureOptions } from './measures/normMeasures.js';
export { type LowMargin, lowMargin, type MarginRule } from './measures/lowMargin.js';
export { type PathNorm, pathNorm, type PathNormOptions } from './measures/pathNorm.js';
export { type OutputStatistics, outputStatistics, type OutputStatisticsOptions } from './measures/outputStatistics.js';
export { type WeightVectors, weightVectors } from './measures/weightVectors.js';
export { pacBayesMeasures, type Scale, type ScaleMeasureOptions, sharpnessMeasures } from './measures/scaleMeasures.js';
export type { AccuracyOptions } from './measures/perturbedAccuracy.js';
export type { BisectionOptions, ScaleReason, TriedScale } from './measures/bisectScale.js';
export { type NoiseScale, type SigmaFound, sigmaSearch, type SigmaSearchOptions } from './measures/sigmaSearch.js';
export { type AlphaFound, alphaSearch, type AlphaSearchOptions } from './measures/alphaSearch.js';
export { type GradientNoise, gradientNoise, type GradientNoiseOptions } from './measures/gradientNoise.js';
export {
  type LossHistory,
  optimisationMeasures,
  type OptimisationMeasureOptions,
  recordLosses,
  type RecordLossesOptions,
  stepsTo,
} from './measures/optimisationMeasures.js';
export { type AuditedRun, type Fragility, fragilityAudit, type FragilityOptions } from './measures/fragilityAudit.js';

export { numericalRank, rankNotions, type RankNotions, type RankOptions } from './rank/rankNotions.js';
export {
  decayDistance,
  type DecayingDescent,
  decayRank,
  type DecayRank,
  gradientRank,
} from './rank/weightDecayRank.js';
export { deepRankLimit, harmonicMean } from './rank/deepRank.js';

export type { LabelledFeatures } from './collapse/labelledFeatures.js';
export type { Variability } from './collapse/variability.js';
export { type SimplexGeometry, simplexGeometry } from './collapse/simplexGeometry.js';
export { type Orthogonality, type OrthogonalityOptions, oodOrthogonality } from './collapse/orthogonality.js';
export { type LinearClassifier, type NeuralCollapse, neuralCollapse } from './collapse/neuralCollapse.js';
export { networkCollapse } from './collapse/networkCollapse.js';
export { networkOrthogonality } from './collapse/networkOrthogonality.js';
export { layerCollapse, type LayerCollapse, type LayerCollapseOptions } from './collapse/layerCollapse.js';
export type { FeatureOptions } from './collapse/networkFeatures.js';
export { layerRanks, type LayerRanks } from './collapse/layerRanks.js';
export { type CollapseMoment, recordCollapse, type RecordCollapseOptions } from './collapse/recordCollapse.js';
export { effectiveDepth, type EffectiveDepth, type EffectiveDepthOptions } from './collapse/effectiveDepth.js';

export { autocovariance, type AutocovarianceOptions } from './stability/autocovariance.js';
export {
  type AutocorrelationOptions,
  type AutocorrelationTime,
  autocorrelationTime,
} from './stability/autocorrelationTime.js';
export { type PowerDensity, welchDensity, type WelchOptions } from './stability/welchDensity.js';
export { type Halves, timeAverage, type TimeAverage, type TimeAverageOptions } from './stability/timeAverage.js';
export {
  algorithmicStability,
  type AlgorithmicStability,
  stabilityCurve,
  type StabilityOptions,
} from './stability/algorithmicStability.js';
export { stabilityGap, type StabilityGap, type StabilityGapOptions } from './stability/stabilityGap.js';
export { neighbourSets, type NeighbourSets } from './stability/neighbourSets.js';
export { recordTestLoss, type RecordTestLossOptions, type TestLosses } from './stability/recordTestLoss.js';

export type { PerturbationOptions, Poisoned } from './unlearnable/poisoned.js';
export { classwisePoison, type ClasswisePoisonOptions } from './unlearnable/classwisePoison.js';
export {
  type AutoregressiveProcess,
  autoregressiveProcesses,
  type ProcessSearchOptions,
} from './unlearnable/autoregressiveProcesses.js';
export { autoregressivePoison, type AutoregressivePoisonOptions } from './unlearnable/autoregressivePoison.js';
export {
  softmaxRegression,
  type SoftmaxRegression,
  type SoftmaxRegressionOptions,
} from './unlearnable/softmaxRegression.js';
export { projectOut, type RowBasis, rowBasis } from './unlearnable/projectOut.js';
export {
  projectionAttack,
  type ProjectionAttack,
  type ProjectionAttackOptions,
} from './unlearnable/projectionAttack.js';
