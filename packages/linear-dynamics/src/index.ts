// InPCA: maps of trained models (src/inpca)
export { type Models, type Predictions, ProbabilityError } from './inpca/models.js';
export type { DivergenceKind } from './inpca/divergences/measure.js';
export type { BlockOptions, DivergenceOptions, Divergences } from './inpca/divergences/divergenceOptions.js';
export {
  bhattacharyyaDivergences,
  divergencesBetween,
  gaussianDivergences,
  greatCircleDivergences,
  symmetrizedKlDivergences,
} from './inpca/divergences/divergences.js';
export { type DivergenceBlock, divergenceBlock } from './inpca/divergences/divergenceBlock.js';
export { divergenceRows, type RowRange } from './inpca/divergences/divergenceRows.js';
export type { DivergenceAssembly } from './inpca/divergences/assembleDivergences.js';
export { assembleDivergences, divergenceAssembly } from './inpca/divergences/assembleDivergences.js';
export { type CrossDivergences, crossDivergences } from './inpca/divergences/crossDivergences.js';
export type { SquaredDistances } from './inpca/centring.js';
export { inpca, type InpcaMap, type InpcaOptions } from './inpca/inpca.js';
export { embed, type Embedded, embeddedStress } from './inpca/embed.js';
export { explainedDistance } from './inpca/explainedDistance.js';
export { geodesicPoint, ignorance, truth } from './inpca/geodesic.js';
export { progress, type ProgressOptions } from './inpca/progress.js';
export { type ReindexedTrajectory, type ReindexOptions, reindexTrajectory } from './inpca/reindexTrajectory.js';
export { trajectoryDistance, type TrajectoryDistanceOptions } from './inpca/trajectoryDistance.js';
export { type MeanKind, type MeanModel, meanModel, type MeanOptions } from './inpca/meanModel.js';
export { type IsklCoordinates, isklCoordinates, type IsklOptions } from './inpca/isklCoordinates.js';
export type { FamilyMaps, FamilyMapsOptions, GroupStress, PlacedModels } from './inpca/familyMaps.js';
export { familyMaps } from './inpca/familyMaps.js';
export { type StressSummary, stressSummary } from './inpca/stressSummary.js';
export { toAmplitudes, toProbabilities } from './inpca/amplitudes.js';
export { checkpointSteps } from './inpca/checkpointSteps.js';

// Trajectories of linear regression (src/trajectories)
export { iterate, type IterateOptions } from './trajectories/iterate.js';
export type { Descent, Dynamics } from './trajectories/descent.js';
export { UnstableStepError } from './trajectories/unstableStepError.js';
export type { CloudOptions, TargetAveraging } from './trajectories/cloud.js';
export { trajectoryCovariance, type TrajectoryCovariance } from './trajectories/trajectoryCovariance.js';
export { predictedWidths, type PredictedWidths, type WidthsOptions } from './trajectories/predictedWidths.js';
export { type CriteriaOptions, ribbonCriteria, type RibbonCriteria } from './trajectories/phase/ribbonCriteria.js';
export {
  asymptoticTargetEigenvalues,
  geometricBoundary,
  plateauBoundary,
  ribbonScales,
  type RibbonScales,
  type RibbonScalesOptions,
} from './trajectories/phase/ribbonScales.js';
export type { SlopeOptions, SpectrumSlope } from './trajectories/spectra/inputSpectrumSlope.js';
export { inputSpectrumSlope } from './trajectories/spectra/inputSpectrumSlope.js';
export type { RegressionData, RegressionSpectrum } from './trajectories/spectra/regressionSpectrum.js';
export { regressionSpectrum } from './trajectories/spectra/regressionSpectrum.js';
export { type CorrelationSpectrum, correlationSpectrum } from './trajectories/spectra/correlationSpectrum.js';
export { phasePoint, type PhasePoint, type PhasePointOptions } from './trajectories/phase/phasePoint.js';
export { phaseBoundary, type PhaseBoundary, type PhaseBoundaryOptions } from './trajectories/phase/phaseBoundary.js';
export { type DiagramSpectrum, phaseDiagram, type PhaseDiagramOptions } from './trajectories/phase/phaseDiagram.js';
export type { GridRange, PhaseGrid, PhaseGridOptions, PhaseGridRow } from './trajectories/phase/phaseGrid.js';
export { flattestDecay, phaseGrid, phaseGridRow, phaseSurface } from './trajectories/phase/phaseGrid.js';
export { joinPhaseDiagrams, type PhaseDiagram } from './trajectories/phase/diagramParts.js';
export type { Displacement, DisplacementOptions } from './trajectories/displacement.js';
export { displacement, zolotarevBound } from './trajectories/displacement.js';
export { flowTraces, type FlowTracesOptions } from './trajectories/flowTraces.js';
export type { RegressionRuns, RegressionRunsOptions } from './trajectories/regression/regressionRuns.js';
export { regressionRuns } from './trajectories/regression/regressionRuns.js';
export { type MeasuredWidths, measuredWidths } from './trajectories/regression/measuredWidths.js';
export { principalAxes, type PrincipalAxesOptions } from './trajectories/regression/principalAxes.js';
export { sloppyEigenvalues, type SloppyEigenvaluesOptions } from './trajectories/spectra/sloppyEigenvalues.js';

// Kernel machines and stochastic gradient descent (src/sgd)
export { type Kernel, kernelMatrix, type KernelMatrixOptions } from './sgd/kernelMatrix.js';
export { kernelDescent, type KernelDescent, type KernelDescentOptions } from './sgd/kernelDescent.js';
export { freshMoments, type FreshMomentsOptions, type SgdCovariance } from './sgd/freshMoments.js';
export { finiteMoments, type FiniteMoments, type FiniteMomentsOptions } from './sgd/finiteMoments.js';
export { noiseFloor, type NoiseFloor, type NoiseFloorOptions } from './sgd/noiseFloor.js';
export { sgdStepLimit } from './sgd/sgdStepLimit.js';

// Deep linear networks (src/deep)
export { deepLinearNet, type DeepLinearNet, endToEnd } from './deep/deepLinearNet.js';
export { balanceDrift, balanceMatrices } from './deep/balance.js';
export type { BalancedNetOptions, LambdaBalancedNetOptions } from './deep/balancedNet.js';
export { balancedNet, lambdaBalancedNet } from './deep/balancedNet.js';
export type { BinaryData, LinearLoss, SquareLossData, SquareLossOptions } from './deep/flow/losses.js';
export { exponentialLoss, logisticLoss, squareLoss, squareLossOfData } from './deep/flow/losses.js';
export { gradientFlow, type GradientFlowOptions, type GradientFlowReport } from './deep/flow/gradientFlow.js';
export type { IntegrationReport } from './deep/flow/integrateGauss.js';
export type { FlowDetail, FlowOptions } from './deep/flow/flowOptions.js';
export { type FlowReason, flowReasons, type LimitReason } from '@hyperribbon/contract/reasons';
export { layerDescent, type LayerDescentOptions, type LayerDescentReport } from './deep/flow/layerDescent.js';
export { type SaxeCurve, saxeMode, type SaxeMode, saxeTime } from './deep/twoLayer/saxeMode.js';
export { saxePair, type SaxePair, type SaxePairCurve } from './deep/twoLayer/saxePair.js';
export { alignedFlow, type AlignedFlow, type AlignedFlowOptions } from './deep/twoLayer/alignedFlow.js';
export {
  lambdaBalancedFlow,
  type LambdaBalancedFlow,
  type LambdaBalancedFlowOptions,
  type LambdaBalancedMethod,
} from './deep/twoLayer/lambdaBalancedFlow.js';
export type { TwoLayerOptions } from './deep/twoLayer/riccatiProblem.js';
export type { LambdaBalancedLimit, LambdaBalancedLimitOptions } from './deep/twoLayer/lambdaBalancedLimit.js';
export { lambdaBalancedLimit } from './deep/twoLayer/lambdaBalancedLimit.js';
export { braunFlow, type BraunFlow, type BraunFlowOptions } from './deep/twoLayer/braunFlow.js';
export { twoLayerNtk, type TwoLayerNtkOptions } from './deep/twoLayer/twoLayerNtk.js';
export { type KuninCurve, kuninNeuron, type KuninNeuron } from './deep/models/kuninNeuron.js';
export { kuninPreconditioner, type KuninPreconditionerOptions } from './deep/models/kuninPreconditioner.js';
export {
  endToEndPreconditioner,
  type EndToEndPreconditioner,
  type EndToEndShape,
  endToEndVelocity,
  singleOutputVelocity,
  singularValueVelocities,
} from './deep/flow/endToEndPreconditioner.js';
export { endToEndFlow, type EndToEndFlowOptions, type EndToEndFlowReport } from './deep/flow/endToEndFlow.js';
export { type InterpolationProblem, kernelToRich, type KernelToRichReport } from './deep/models/kernelToRich.js';
export { type DiagonalNet, kernelToRichPenalty } from './deep/models/diagonalNet.js';
export { diagonalNetFlow, type DiagonalNetFlow, type DiagonalNetFlowOptions } from './deep/models/diagonalNetFlow.js';
export { layerAlignment, type LayerAlignment, rankOneBound } from './deep/alignment.js';
export { layerHessian, type LayerHessian } from './deep/layerHessian.js';
export type { UnconstrainedFeatures, UnconstrainedFeaturesOptions } from './deep/models/unconstrainedFeatures.js';
export { unconstrainedFeatures } from './deep/models/unconstrainedFeatures.js';
export type { InContextRegression, InContextRegressionOptions } from './deep/models/inContextRegression.js';
export { inContextRegression } from './deep/models/inContextRegression.js';
