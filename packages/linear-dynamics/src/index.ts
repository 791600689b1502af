// InPCA: maps of trained models (src/inpca)

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
export { joinPhaseDiagrams, phaseDiagram } from './trajectories/phaseDiagram.js';
export type { DiagramSpectrum, PhaseDiagram, PhaseDiagramOptions } from './trajectories/phaseDiagram.js';
export { sloppyEigenvalues } from './trajectories/sloppyEigenvalues.js';
export type { SloppyEigenvaluesOptions } from './trajectories/sloppyEigenvalues.js';

// Kernel machines and stochastic gradient descent (src/sgd)

// Deep linear networks (src/deep)

export {};
