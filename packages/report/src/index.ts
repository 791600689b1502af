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
export { RecordFormatError } from '@hyperribbon/contract/decode';
export { terminalTable } from './terminalTable.js';

export type {
  EnsembleRun,
  EnsembleSection,
  InpcaMap,
  MapSection,
  PhasePoint,
  PhaseSection,
  RibbonSetting,
  RibbonStudy,
  Statement,
  StressCurve,
  WidthsSection,
} from './ribbon/ribbonStudy.js';
export { ribbonSchema, ribbonVersion } from './ribbon/ribbonStudy.js';
export { parseRibbon } from './ribbon/parseRibbon.js';
export { renderRibbon } from './ribbon/renderRibbon.js';
export { renderRibbonFigures } from './ribbon/ribbonFigures.js';
export { ribbonTable } from './ribbon/ribbonTable.js';

export type {
  BoundHistoryPoint,
  NetworkBoundResult,
  NetworkBoundStudy,
  TheoremRow,
} from './networkBound/networkBoundStudy.js';
export { networkBoundSchema, networkBoundVersion } from './networkBound/networkBoundStudy.js';
export { parseNetworkBound } from './networkBound/parseNetworkBound.js';
export { networkBoundTable, renderNetworkBound, renderNetworkBoundFigures } from './networkBound/renderNetworkBound.js';
