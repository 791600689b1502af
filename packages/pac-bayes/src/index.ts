export { binaryKl } from './binaryKl.js';
export { klInverseLower, klInverseLowerComplement, klInverseUpper, klInverseUpperComplement } from './klInverse.js';

export { binomialTails } from './binomialTail.js';
export type { BinomialTails } from './binomialTail.js';
export { clopperPearsonLower, clopperPearsonUpper } from './clopperPearson.js';
export { monteCarloLimit, monteCarloLowerLimit } from './monteCarlo.js';
export type {
  AveragedDraws,
  MonteCarloEvidence,
  MonteCarloLowerRecord,
  MonteCarloOptions,
  MonteCarloRecord,
  SingleTrials,
} from './monteCarlo.js';

export { complexity } from './complexity.js';
export { divergenceMoment } from './divergenceMoment.js';
export type { Complexity, ComplexityArguments, Theorem } from './complexity.js';
export type { BoundArguments, BoundRecord, DeltaSpent, UnionPrice } from './boundRecord.js';
export { klBound, mcAllesterBound } from './klBound.js';
export type { KlBoundArguments } from './klBound.js';
export { catoniBound } from './catoni.js';
export type { CatoniArguments } from './catoni.js';
export { quadraticBound, thiemannBound } from './thiemann.js';
export type { ThiemannArguments } from './thiemann.js';

export { tolstikhinSeldinBound } from './tolstikhinSeldin.js';
export type { TolstikhinSeldinArguments } from './tolstikhinSeldin.js';
export { unexpectedBernsteinBound } from './unexpectedBernstein.js';
export type { UnexpectedBernsteinArguments } from './unexpectedBernstein.js';
export { splitKlBound } from './splitKl.js';
export type { SplitKlArguments } from './splitKl.js';

export { diagonalGaussianKl, lowRankGaussianKl } from './gaussianKl.js';
export type { DiagonalGaussians, GaussianKl, LowRankGaussians } from './gaussianKl.js';
export { rotatedGaussianKl } from './rotatedGaussianKl.js';
export type { RotatedGaussianKl, RotatedGaussians } from './rotatedGaussianKl.js';
export { lowRankPlusDiagonalGaussianKl } from './lowRankPlusDiagonalGaussianKl.js';
export type { LowRankPlusDiagonalGaussians } from './lowRankPlusDiagonalGaussianKl.js';
export { subspaceGaussianKl } from './subspaceGaussianKl.js';
export type { SubspaceGaussianKl, SubspaceGaussians } from './subspaceGaussianKl.js';
export { denseGaussianKl } from './denseGaussianKl.js';
export type { DenseGaussians } from './denseGaussianKl.js';

export { continuousPrice, gridNeighbours, gridPrecision, gridPrice, gridVariance, listPrice } from './penalties.js';
export type { PenaltyForm, ScaleGrid } from './penalties.js';

export { curvatureFactor, effectiveDimension, exponentialEffectiveDimension } from './effectiveDimension.js';
export type { DimensionCount, PosteriorConvention } from './effectiveDimension.js';
export { spectrumDecay } from './spectrumDecay.js';
export type { SpectrumDecay } from './spectrumDecay.js';
export { analyticPosterior } from './analyticPosterior.js';
export type { AnalyticPosterior, PosteriorArguments } from './analyticPosterior.js';
export { analyticBound, bestPlugIn } from './analyticBound.js';
export type {
  AnalyticBound,
  AnalyticBoundArguments,
  BoundCandidate,
  BoundGrid,
  CertifiedBound,
  GridEvidence,
} from './analyticBoundRecord.js';

export { certificateDigest, issueCertificate } from './certificate/issueCertificate.js';
export type {
  CertificateArguments,
  DivergenceEvidence,
  DrawnEvidence,
  ExactEvidence,
  RiskEvidence,
} from './certificate/issueCertificate.js';
export type {
  AnalyticIngredients,
  Certificate,
  CertificateTheorem,
  ClaimRecord,
  DataRecord,
  DeltaRecord,
  DivergencePart,
  DivergenceRecord,
  DrawnRisk,
  DrawSelection,
  ExactRisk,
  FixedScale,
  GridScale,
  ListedScale,
  LossRecord,
  PosteriorRecord,
  PriorRecord,
  PriorScale,
  Provenance,
  RandomLabels,
  SoftwareRecord,
  TheoremRecord,
} from './certificate/certificate.js';
export { parseCertificate } from './certificate/parseCertificate.js';
export { CertificateError } from './certificate/certificateError.js';
export { verifyCertificate } from './certificate/verifyCertificate.js';
export type {
  Remeasure,
  RemeasureEvidence,
  Remeasurement,
  Verification,
  VerifyOptions,
} from './certificate/verifyCertificate.js';
export type { Recomputed } from './certificate/checkRecord.js';
export type { RecomputedBound } from './certificate/checkArithmetic.js';
export type { Reason, ReasonCode } from './certificate/reason.js';
export type { AssumptionId, AssumptionRecord } from './certificate/assumptionTexts.js';
export { dataSplit, PriorOverlapError, sharedExamples } from './certificate/dataSplit.js';
export type { DataSplit, SplitIndices } from './certificate/dataSplit.js';
export { drawAccount } from './certificate/drawAccount.js';
export type { DrawAccount, DrawAccountArguments, DrawScheme } from './certificate/drawAccount.js';
export { weightsDigest } from './certificate/sha256.js';

export { AssumptionError } from './assumptions.js';
