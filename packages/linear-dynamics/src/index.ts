// InPCA: maps of trained models (src/inpca)
export type { Models, Predictions } from './inpca/models.js';
export { ProbabilityError } from './inpca/models.js';
export type { DivergenceKind } from './inpca/measure.js';
export type { DivergenceOptions, Divergences } from './inpca/divergences.js';
export {
  bhattacharyyaDivergences,
  divergencesBetween,
  gaussianDivergences,
  greatCircleDivergences,
  symmetrizedKlDivergences,
} from './inpca/divergences.js';
export type { BlockOptions, DivergenceBlock } from './inpca/divergenceBlock.js';
export { divergenceBlock } from './inpca/divergenceBlock.js';
export { divergenceRows } from './inpca/divergenceRows.js';
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
export { ribbonCriteria } from './trajectories/ribbonCriteria.js';
export type { CriteriaOptions, RibbonCriteria } from './trajectories/ribbonCriteria.js';
export {
  asymptoticTargetEigenvalues,
  geometricBoundary,
  plateauBoundary,
  ribbonScales,
} from './trajectories/ribbonScales.js';
export type { RibbonScales, RibbonScalesOptions } from './trajectories/ribbonScales.js';
export { inputSpectrumSlope } from './trajectories/inputSpectrumSlope.js';
export type { SlopeOptions, SpectrumSlope } from './trajectories/inputSpectrumSlope.js';
export { regressionSpectrum } from './trajectories/regressionSpectrum.js';
export type { RegressionData, RegressionSpectrum } from './trajectories/regressionSpectrum.js';
export { phasePoint } from './trajectories/phasePoint.js';
export type { PhasePoint, PhasePointOptions } from './trajectories/phasePoint.js';
export { phaseBoundary } from './trajectories/phaseBoundary.js';
export type { PhaseBoundary, PhaseBoundaryOptions } from './trajectories/phaseBoundary.js';
export { phaseDiagram } from './trajectories/phaseDiagram.js';
export type { DiagramSpectrum, PhaseDiagramOptions } from './trajectories/phaseDiagram.js';
export { joinPhaseDiagrams } from './trajectories/diagramParts.js';
export type { PhaseDiagram } from './trajectories/diagramParts.js';
export { displacement, zolotarevBound } from './trajectories/displacement.js';
export type { Displacement, DisplacementOptions } from './trajectories/displacement.js';
export { flowTraces } from './trajectories/flowTraces.js';
export type { FlowTracesOptions } from './trajectories/flowTraces.js';
export { simulateDescent } from './trajectories/simulateDescent.js';
export type { SimulatedCovariance, SimulateOptions } from './trajectories/simulateDescent.js';
export { sloppyEigenvalues } from './trajectories/sloppyEigenvalues.js';
export type { SloppyEigenvaluesOptions } from './trajectories/sloppyEigenvalues.js';

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
export { exponentialLoss, logisticLoss, squareLoss, squareLossOfData } from './deep/losses.js';
export type { BinaryData, LinearLoss, SquareLossData, SquareLossOptions } from './deep/losses.js';
export { gradientFlow } from './deep/gradientFlow.js';
export type { GradientFlowOptions, GradientFlowReport } from './deep/gradientFlow.js';
export type { FlowProgress, FlowReason, IntegrationReport } from './deep/integrateGauss.js';
export { flowReasonText } from './deep/flowReasons.js';
export type { LimitReason } from './deep/flowReasons.js';
export { layerDescent } from './deep/layerDescent.js';
export type { LayerDescentOptions, LayerDescentReport } from './deep/layerDescent.js';
export { saxeMode, saxeTime } from './deep/saxeMode.js';
export type { SaxeCurve, SaxeMode } from './deep/saxeMode.js';
export { saxePair } from './deep/saxePair.js';
export type { SaxePair, SaxePairCurve } from './deep/saxePair.js';
export { alignedFlow } from './deep/alignedFlow.js';
export type { AlignedFlow, AlignedFlowOptions } from './deep/alignedFlow.js';
export { lambdaBalancedFlow } from './deep/lambdaBalancedFlow.js';
export type { LambdaBalancedFlow, LambdaBalancedFlowOptions, LambdaBalancedMethod } from './deep/lambdaBalancedFlow.js';
export type { TwoLayerOptions } from './deep/riccatiProblem.js';
export { lambdaBalancedLimit } from './deep/lambdaBalancedLimit.js';
export type { LambdaBalancedLimit, LambdaBalancedLimitOptions } from './deep/lambdaBalancedLimit.js';
export { braunFlow } from './deep/braunFlow.js';
export type { BraunFlow, BraunFlowOptions } from './deep/braunFlow.js';
export { twoLayerNtk } from './deep/twoLayerNtk.js';
export type { TwoLayerNtkOptions } from './deep/twoLayerNtk.js';
export { kuninNeuron } from './deep/kuninNeuron.js';
export type { KuninCurve, KuninNeuron } from './deep/kuninNeuron.js';
export { kuninPreconditioner } from './deep/kuninPreconditioner.js';
export type { KuninPreconditionerOptions } from './deep/kuninPreconditioner.js';
export {
  endToEndPreconditioner,
  endToEndVelocity,
  singleOutputVelocity,
  singularValueVelocities,
} from './deep/endToEndPreconditioner.js';
export type { EndToEndPreconditioner, EndToEndShape } from './deep/endToEndPreconditioner.js';
export { endToEndFlow } from './deep/endToEndFlow.js';
export type { EndToEndFlowOptions, EndToEndFlowReport } from './deep/endToEndFlow.js';
export { kernelToRich } from './deep/kernelToRich.js';
export type { InterpolationProblem, KernelToRichReport } from './deep/kernelToRich.js';
export { kernelToRichPenalty } from './deep/diagonalNet.js';
export type { DiagonalNet } from './deep/diagonalNet.js';
export { diagonalNetFlow } from './deep/diagonalNetFlow.js';
export type { DiagonalNetFlow, DiagonalNetFlowOptions } from './deep/diagonalNetFlow.js';
export { layerAlignment, rankOneBound } from './deep/alignment.js';
export type { LayerAlignment } from './deep/alignment.js';
export { layerHessian } from './deep/layerHessian.js';
export type { LayerHessian } from './deep/layerHessian.js';
export { unconstrainedFeatures } from './deep/unconstrainedFeatures.js';
export type { UnconstrainedFeatures, UnconstrainedFeaturesOptions } from './deep/unconstrainedFeatures.js';
export { inContextRegression } from './deep/inContextRegression.js';
export type { InContextRegression, InContextRegressionOptions } from './deep/inContextRegression.js';
