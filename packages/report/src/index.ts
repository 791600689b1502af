export type {
  Analysis,
  AnalysisStatus,
  BoundCandidate,
  BoundSection,
  CertifiedBound,
  CurvatureSpectrum,
  DeltaSpent,
  EffectiveDimension,
  EpochRecord,
  InputSpectrum,
  MonteCarloRecord,
  Note,
  Setting,
  SlopeFit,
  SpectralDensity,
  TrainingRun,
} from './analysis.js';
export { analysisSchema, analysisVersion } from './analysis.js';
export { renderFigures } from './renderFigures.js';
export { renderReport } from './renderReport.js';
export { parseAnalysis } from './parseAnalysis.js';
export { AnalysisFormatError } from './shape.js';
export { terminalTable } from './terminalTable.js';
