// InPCA: maps of trained models (src/inpca)
export type { Models, Predictions } from './inpca/models.js';
export { ProbabilityError } from './inpca/models.js';
export type { DivergenceKind } from './inpca/measure.js';
export type { BlockOptions, DivergenceOptions, Divergences } from './inpca/divergenceOptions.js';
export {
  bhattacharyyaDivergences,
  divergencesBetween,
  gaussianDivergences,
  greatCircleDivergences,
  symmetrizedKlDivergences,
} from './inpca/divergences.js';
export type { DivergenceBlock } from './inpca/divergenceBlock.js';
export { divergenceBlock } from './inpca/divergenceBlock.js';
export { divergenceRows, type RowRange } from './inpca/divergenceRows.js';
export type { DivergenceAssembly } from './inpca/assembleDivergences.js';
export { assembleDivergences, divergenceAssembly } from './inpca/assembleDivergences.js';
export type { CrossDivergences } from './inpca/crossDivergences.js';
export { crossDivergences } from './inpca/crossDivergences.js';
export type { SquaredDistances } from './inpca/centring.js';
export type { InpcaMap, InpcaOptions } from './inpca/inpca.js';
export { inpca } from './inpca/inpca.js';
export type { Embedded } from './inpca/embed.js';
export { embed, embeddedStress } from './inpca/embed.js';
export { explainedDistance } from './inpca/explainedDistance.js';
export { geodesicPoint, ignorance, truth } from './inpca/geodesic.js';
export type { ProgressOptions } from './inpca/progress.js';
export { progress } from './inpca/progress.js';
export type { ReindexOptions, ReindexedTrajectory } from './inpca/reindexTrajectory.js';
export { reindexTrajectory } from './inpca/reindexTrajectory.js';
export type { TrajectoryDistanceOptions } from './inpca/trajectoryDistance.js';
export { trajectoryDistance } from './inpca/trajectoryDistance.js';
export type { MeanKind, MeanModel, MeanOptions } from './inpca/meanModel.js';
export { meanModel } from './inpca/meanModel.js';
export type { IsklCoordinates, IsklOptions } from './inpca/isklCoordinates.js';
export { isklCoordinates } from './inpca/isklCoordinates.js';
export type { FamilyMaps, FamilyMapsOptions, GroupStress, PlacedModels } from './inpca/familyMaps.js';
export { familyMaps } from './inpca/familyMaps.js';
export type { StressSummary } from './inpca/stressSummary.js';
export { stressSummary } from './inpca/stressSummary.js';
export { toAmplitudes, toProbabilities } from './inpca/amplitudes.js';
export { checkpointSteps } from './inpca/checkpointSteps.js';

// Trajectories of linear regression (src/trajectories)
export { iterate } from './trajectories/iterate.js';
export type { IterateOptions } from './trajectories/iterate.js';
export type { Descent, Dynamics } from './trajectories/descent.js';
export { UnstableStepError } from './trajectories/unstableStepError.js';
export type { CloudOptions, TargetAveraging } from './trajectories/cloud.js';
export { trajectoryCovariance } from './trajectories/trajectoryCovariance.js';
export type { TrajectoryCovariance } from './trajectories/trajectoryCovariance.js';
export { predictedWidths } from './trajectories/predictedWidths.js';
export type { PredictedWidths, WidthsOptions } from './trajectories/predictedWidths.js';
export { ribbonCriteria } from './trajectories/phase/ribbonCriteria.js';
export type { CriteriaOptions, RibbonCriteria } from './trajectories/phase/ribbonCriteria.js';
export {
  asymptoticTargetEigenvalues,
  geometricBoundary,
  plateauBoundary,
  ribbonScales,
} from './trajectories/phase/ribbonScales.js';
export type { RibbonScales, RibbonScalesOptions } from './trajectories/phase/ribbonScales.js';
export { inputSpectrumSlope } from './trajectories/spectra/inputSpectrumSlope.js';
export type { SlopeOptions, SpectrumSlope } from './trajectories/spectra/inputSpectrumSlope.js';
export { regressionSpectrum } from './trajectories/spectra/regressionSpectrum.js';
export type { RegressionData, RegressionSpectrum } from './trajectories/spectra/regressionSpectrum.js';
export type { CorrelationSpectrum } from './trajectories/spectra/correlationSpectrum.js';
export { correlationSpectrum } from './trajectories/spectra/correlationSpectrum.js';
export { phasePoint } from './trajectories/phase/phasePoint.js';
export type { PhasePoint, PhasePointOptions } from './trajectories/phase/phasePoint.js';
export { phaseBoundary } from './trajectories/phase/phaseBoundary.js';
export type { PhaseBoundary, PhaseBoundaryOptions } from './trajectories/phase/phaseBoundary.js';
export { phaseDiagram } from './trajectories/phase/phaseDiagram.js';
export type { DiagramSpectrum, PhaseDiagramOptions } from './trajectories/phase/phaseDiagram.js';
export type { PhaseGrid, PhaseGridOptions, PhaseGridRow } from './trajectories/phase/phaseGrid.js';
export { phaseGrid, phaseGridRow, phaseSurface } from './trajectories/phase/phaseGrid.js';
export { joinPhaseDiagrams } from './trajectories/phase/diagramParts.js';
export type { PhaseDiagram } from './trajectories/phase/diagramParts.js';
export { displacement, zolotarevBound } from './trajectories/displacement.js';
export type { Displacement, DisplacementOptions } from './trajectories/displacement.js';
export { flowTraces } from './trajectories/flowTraces.js';
export type { FlowTracesOptions } from './trajectories/flowTraces.js';
export type { RegressionRuns, RegressionRunsOptions } from './trajectories/regression/regressionRuns.js';
export { regressionRuns } from './trajectories/regression/regressionRuns.js';
export type { MeasuredWidths } from './trajectories/regression/measuredWidths.js';
export { measuredWidths } from './trajectories/regression/measuredWidths.js';
export type { PrincipalAxesOptions } from './trajectories/regression/principalAxes.js';
export { principalAxes } from './trajectories/regression/principalAxes.js';
export { simulateDescent } from './trajectories/simulateDescent.js';
export type { SimulatedCovariance, SimulateOptions } from './trajectories/simulateDescent.js';
export { sloppyEigenvalues } from './trajectories/spectra/sloppyEigenvalues.js';
export type { SloppyEigenvaluesOptions } from './trajectories/spectra/sloppyEigenvalues.js';

// Kernel machines and stochastic gradient descent (src/sgd)
export { kernelMatrix } from './sgd/kernelMatrix.js';
export type { Kernel, KernelMatrixOptions } from './sgd/kernelMatrix.js';
export { kernelDescent } from './sgd/kernelDescent.js';
export type { KernelDescent, KernelDescentOptions } from './sgd/kernelDescent.js';
export { freshMoments } from './sgd/freshMoments.js';
export type { FreshMomentsOptions, SgdCovariance } from './sgd/freshMoments.js';
export { finiteMoments } from './sgd/finiteMoments.js';
export type { FiniteMoments, FiniteMomentsOptions } from './sgd/finiteMoments.js';
export { noiseFloor } from './sgd/noiseFloor.js';
export type { NoiseFloor, NoiseFloorOptions } from './sgd/noiseFloor.js';
export { sgdStepLimit } from './sgd/sgdStepLimit.js';

// Deep linear networks (src/deep)
export { deepLinearNet, endToEnd } from './deep/deepLinearNet.js';
export type { DeepLinearNet } from './deep/deepLinearNet.js';
export { balanceDrift, balanceMatrices } from './deep/balance.js';
export { balancedNet, lambdaBalancedNet } from './deep/balancedNet.js';
export type { BalancedNetOptions, LambdaBalancedNetOptions } from './deep/balancedNet.js';
export { exponentialLoss, logisticLoss, squareLoss, squareLossOfData } from './deep/flow/losses.js';
export type { BinaryData, LinearLoss, SquareLossData, SquareLossOptions } from './deep/flow/losses.js';
export { gradientFlow } from './deep/flow/gradientFlow.js';
export type { GradientFlowOptions, GradientFlowReport } from './deep/flow/gradientFlow.js';
export type { FlowDetail, IntegrationReport } from './deep/flow/integrateGauss.js';
export type { FlowOptions } from './deep/flow/flowOptions.js';
export { type FlowReason, flowReasons, type LimitReason } from '@hyperribbon/contract/reasons';
export { layerDescent } from './deep/flow/layerDescent.js';
export type { LayerDescentOptions, LayerDescentReport } from './deep/flow/layerDescent.js';
export { saxeMode, saxeTime } from './deep/twoLayer/saxeMode.js';
export type { SaxeCurve, SaxeMode } from './deep/twoLayer/saxeMode.js';
export { saxePair } from './deep/twoLayer/saxePair.js';
export type { SaxePair, SaxePairCurve } from './deep/twoLayer/saxePair.js';
export { alignedFlow } from './deep/twoLayer/alignedFlow.js';
export type { AlignedFlow, AlignedFlowOptions } from './deep/twoLayer/alignedFlow.js';
export { lambdaBalancedFlow } from './deep/twoLayer/lambdaBalancedFlow.js';
export type {
  LambdaBalancedFlow,
  LambdaBalancedFlowOptions,
  LambdaBalancedMethod,
} from './deep/twoLayer/lambdaBalancedFlow.js';
export type { TwoLayerOptions } from './deep/twoLayer/riccatiProblem.js';
export { lambdaBalancedLimit } from './deep/twoLayer/lambdaBalancedLimit.js';
export type { LambdaBalancedLimit, LambdaBalancedLimitOptions } from './deep/twoLayer/lambdaBalancedLimit.js';
export { braunFlow } from './deep/twoLayer/braunFlow.js';
export type { BraunFlow, BraunFlowOptions } from './deep/twoLayer/braunFlow.js';
export { twoLayerNtk } from './deep/twoLayer/twoLayerNtk.js';
export type { TwoLayerNtkOptions } from './deep/twoLayer/twoLayerNtk.js';
export { kuninNeuron } from './deep/models/kuninNeuron.js';
export type { KuninCurve, KuninNeuron } from './deep/models/kuninNeuron.js';
export { kuninPreconditioner } from './deep/models/kuninPreconditioner.js';
export type { KuninPreconditionerOptions } from './deep/models/kuninPreconditioner.js';
export {
  endToEndPreconditioner,
  endToEndVelocity,
  singleOutputVelocity,
  singularValueVelocities,
} from './deep/flow/endToEndPreconditioner.js';
export type { EndToEndPreconditioner, EndToEndShape } from './deep/flow/endToEndPreconditioner.js';
export { endToEndFlow } from './deep/flow/endToEndFlow.js';
export type { EndToEndFlowOptions, EndToEndFlowReport } from './deep/flow/endToEndFlow.js';
export { kernelToRich } from './deep/models/kernelToRich.js';
export type { InterpolationProblem, KernelToRichReport } from './deep/models/kernelToRich.js';
export { kernelToRichPenalty } from './deep/models/diagonalNet.js';
export type { DiagonalNet } from './deep/models/diagonalNet.js';
export { diagonalNetFlow } from './deep/models/diagonalNetFlow.js';
export type { DiagonalNetFlow, DiagonalNetFlowOptions } from './deep/models/diagonalNetFlow.js';
export { layerAlignment, rankOneBound } from './deep/alignment.js';
export type { LayerAlignment } from './deep/alignment.js';
export { layerHessian } from './deep/layerHessian.js';
export type { LayerHessian } from './deep/layerHessian.js';
export { unconstrainedFeatures } from './deep/models/unconstrainedFeatures.js';
export type { UnconstrainedFeatures, UnconstrainedFeaturesOptions } from './deep/models/unconstrainedFeatures.js';
export { inContextRegression } from './deep/models/inContextRegression.js';
export type { InContextRegression, InContextRegressionOptions } from './deep/models/inContextRegression.js';
