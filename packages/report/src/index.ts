export { RecordFormatError } from '@hyperribbon/contract/decode';
export { type Study, parseStudy, studySchema, studyVersion } from './study.js';
export { renderStudy } from './renderStudy.js';
export { studyFigures } from './studyFigures.js';
export { studyTable } from './studyTable.js';

export type { SectionName, Sections } from './sections/shapes.js';
export type { TestSetRow } from './sections/bound/shape.js';
export type { AnalyticBoundSection, BoundCandidate } from './sections/analyticBound/shape.js';
export type { CollapseRow, CollapseSection } from './sections/collapse/shape.js';
export type { ComplexityMeasure, ComplexityMeasuresSection } from './sections/complexityMeasures/shape.js';
export type { CurvatureSpectrum, SpectralDensity } from './sections/curvature/shape.js';
export type { EffectiveDimension } from './sections/effectiveDimension/shape.js';
export type { EdgeMomentRow, EdgeSection, FlowMomentRow } from './sections/edge/shape.js';
export type {
  EnsembleRun,
  EnsembleSection,
  InpcaMap,
  SampleMaps,
  Statement,
  StressCurve,
} from './sections/ensemble/shape.js';
export type { InputSpectrum } from './sections/inputSpectrum/shape.js';
export type { JacobianMomentRow, JacobianSection, SharpnessChangeRow } from './sections/jacobian/shape.js';
export type { KernelChangeRow, KernelFamilyRow, KernelSection } from './sections/kernel/shape.js';
export type { LayerRankRow } from './sections/layerRanks/shape.js';
export type {
  LinearRegressionSection,
  PhaseDiagram,
  PhasePoint,
  TrajectoryWidths,
} from './sections/linearRegression/shape.js';
export type { LossPlaneSection, PlaneAxisRow, PlanePointRow } from './sections/lossPlane/shape.js';
export type { MarginsSection } from './sections/margins/shape.js';
export type { MinimumSection } from './sections/minimum/shape.js';
export type { NetworkBoundSection, TheoremRow } from './sections/networkBound/shape.js';
export type { NormBoundRow, NormBoundsSection } from './sections/normBounds/shape.js';
export type { Note } from './sections/notes/shape.js';
export type { PredictionsSection } from './sections/predictions/shape.js';
export type { Setting } from './sections/setting/shape.js';
export type { SlopeFit } from './sections/spectra/fit.js';
export type { EpochRecord, TrainingRun } from './sections/training/shape.js';
export type { WeightSpectraSection, WeightSpectrumRow } from './sections/weightSpectra/shape.js';
