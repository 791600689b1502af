export { binaryKl } from './limits/binaryKl.js';
export {
  klInverseLower,
  klInverseLowerComplement,
  klInverseUpper,
  klInverseUpperComplement,
} from './limits/klInverse.js';

export { binomialTails } from './limits/binomialTail.js';
export type { BinomialTails } from './limits/binomialTail.js';
export { clopperPearsonLower, clopperPearsonUpper } from './limits/clopperPearson.js';
export { meanOf, squaredDistance } from './limits/summation.js';
export { monteCarloLimit, monteCarloLowerLimit } from './limits/monteCarlo.js';
export type {
  AveragedDraws,
  MonteCarloEvidence,
  MonteCarloLowerRecord,
  MonteCarloOptions,
  MonteCarloRecord,
  SingleTrials,
} from './limits/monteCarlo.js';

export { complexity } from './theorems/complexity.js';
export { divergenceMoment } from './theorems/divergenceMoment.js';
export type { Complexity, ComplexityArguments, Theorem } from './theorems/complexity.js';
export type { BoundArguments, BoundRecord, DeltaSpent, UnionPrice } from './theorems/boundRecord.js';
export { errorOfGuessing } from './theorems/chance.js';
export type { Chance } from './theorems/chance.js';
export { testSetBound } from './theorems/testSetBound.js';
export type { TestSetBound, TestSetEvidence } from './theorems/testSetBound.js';
export { klBound, mcAllesterBound } from './theorems/klBound.js';
export type { KlBoundArguments } from './theorems/klBound.js';
export { catoniBound } from './theorems/catoni.js';
export type { CatoniArguments } from './theorems/catoni.js';
export { quadraticBound, thiemannBound } from './theorems/thiemann.js';
export type { ThiemannArguments } from './theorems/thiemann.js';

export { tolstikhinSeldinBound } from './theorems/tolstikhinSeldin.js';
export type { TolstikhinSeldinArguments } from './theorems/tolstikhinSeldin.js';
export { unexpectedBernsteinBound } from './theorems/unexpectedBernstein.js';
export type { UnexpectedBernsteinArguments } from './theorems/unexpectedBernstein.js';
export { splitKlBound } from './theorems/splitKl.js';
export type { SplitKlArguments } from './theorems/splitKl.js';

export { diagonalGaussianKl, lowRankGaussianKl } from './divergences/gaussianKl.js';
export type { DiagonalGaussians, GaussianKl, LowRankGaussians } from './divergences/gaussianKl.js';
export { rotatedGaussianKl } from './divergences/rotatedGaussianKl.js';
export type { RotatedGaussianKl, RotatedGaussians } from './divergences/rotatedGaussianKl.js';
export { lowRankPlusDiagonalGaussianKl } from './divergences/lowRankPlusDiagonalGaussianKl.js';
export type { LowRankPlusDiagonalGaussians } from './divergences/lowRankPlusDiagonalGaussianKl.js';
export { subspaceGaussianKl } from './divergences/subspaceGaussianKl.js';
export type { SubspaceGaussianKl, SubspaceGaussians } from './divergences/subspaceGaussianKl.js';
export { denseGaussianKl } from './divergences/denseGaussianKl.js';
export type { DenseGaussians } from './divergences/denseGaussianKl.js';

export {
  continuousPrice,
  gridNeighbours,
  gridPrecision,
  gridPrice,
  gridVariance,
  listPrice,
} from './theorems/penalties.js';
export type { PenaltyForm, ScaleGrid } from './theorems/penalties.js';

export { curvatureFactor, effectiveDimension, exponentialEffectiveDimension } from './analytic/effectiveDimension.js';
export type { DimensionCount, PosteriorConvention } from './analytic/effectiveDimension.js';
export { spectrumDecay } from './analytic/spectrumDecay.js';
export type { SpectrumDecay } from './analytic/spectrumDecay.js';
export { analyticPosterior } from './analytic/analyticPosterior.js';
export type { AnalyticPosterior, PosteriorArguments } from './analytic/analyticPosterior.js';
export { analyticBound, bestPlugIn } from './analytic/analyticBound.js';
export type {
  AnalyticBound,
  AnalyticBoundArguments,
  BoundCandidate,
  BoundGrid,
  CertifiedBound,
  GridEvidence,
} from './analytic/analyticBoundRecord.js';

export { certificateDigest } from './certificate/canonicalJson.js';
export { issueCertificate } from './certificate/issueCertificate.js';
export type { CertificateArguments, DivergenceEvidence } from './certificate/issueCertificate.js';
export type { DrawnEvidence, ExactEvidence, RiskEvidence } from './certificate/riskRecord.js';
export type {
  BasisOrigin,
  Certificate,
  CertificateTheorem,
  DataSplit,
  DrawnRisk,
  DrawPlan,
  MeanOrigin,
  RandomLabels,
  SplitIndices,
} from './certificate/certificate.js';
export { parseCertificate } from './certificate/parseCertificate.js';
export { CertificateError } from './certificate/certificateError.js';
export { verifyCertificate } from './verification/verifyCertificate.js';
export type {
  Aspect,
  CertificateChecks,
  Examination,
  Examine,
  Remeasure,
  RemeasureEvidence,
  Remeasurement,
  Verification,
} from './verification/verifyCertificate.js';
export type { Recomputed } from './verification/checkRecord.js';
export type { RecomputedBound } from './verification/checkArithmetic.js';
export type { Findings, Reason, ReasonCode } from './verification/reason.js';
export { detectableRisk } from './verification/detectableRisk.js';
export { dataSplit, PriorOverlapError, sharedExamples } from './certificate/dataSplit.js';
export { boundAtShare } from './certificate/boundAtShare.js';
export { issueTestSetCertificate } from './certificate/testSet/issueTestSetCertificate.js';
export type { TestSetCertificateArguments } from './certificate/testSet/issueTestSetCertificate.js';
export { parseTestSetCertificate } from './certificate/testSet/parseTestSetCertificate.js';
export { mistakesOfOneNetwork } from './certificate/testSet/testSetTexts.js';
export type { TestSetCertificate } from './certificate/testSet/testSetCertificate.js';
export { verifyTestSetCertificate } from './verification/verifyTestSetCertificate.js';
export type { TestSetChecks, TestSetVerification } from './verification/verifyTestSetCertificate.js';
export { drawPurpose, drawSeed } from './certificate/drawSeed.js';
export type { Provenance } from './certificate/provenance.js';
export { drawAccount } from './certificate/drawAccount.js';
export type { DrawAccount, DrawAccountArguments, DrawScheme } from './certificate/drawAccount.js';
export { weightsDigest } from '@hyperribbon/contract/digest';

export { AssumptionError } from './assumptions.js';
