export type { GaussianPosterior, KroneckerBasis, LayerBasis } from './networks/gaussian/gaussianPosterior.js';
export { type BasisLayer, basisLayers } from './networks/gaussian/basisLayers.js';
export { curvaturePrior, isotropicPrior, kroneckerPrior } from './networks/gaussian/gaussianPrior.js';
export type {
  CurvaturePriorOptions,
  IsotropicOptions,
  KroneckerPriorOptions,
  KroneckerSpectrum,
} from './networks/gaussian/gaussianPrior.js';
export { priorStd } from './networks/gaussian/priorFamily.js';
export type { PriorFamily, PriorScale, PriorTensor, TurnedTensor } from './networks/gaussian/priorFamily.js';
export { fromBasis, toBasis } from './networks/gaussian/kroneckerBasis.js';
export type { MeanCoordinates } from './networks/noise/noisyLogits.js';
export { turnPrior } from './networks/gaussian/turnedPrior.js';
export { noisyForward } from './networks/noise/noisyForward.js';
export type { NoiseKind, NoisyForward, NoisyForwardOptions } from './networks/noise/noisyForward.js';

export { planBoundStep } from './networks/descent/boundStep.js';
export type { BoundStep } from './networks/descent/boundStep.js';
export type { BoundStepOptions, BoundStepResult } from './networks/descent/boundStepOptions.js';
export type { ObjectiveName, ObjectiveSetting } from './networks/descent/objective.js';
export type { Surrogate } from './networks/descent/surrogate.js';
export type { DescentOptions } from './networks/descent/resolveDescent.js';
export { optimizeBound } from './networks/descent/optimizeBound.js';
export type { OptimizeBoundOptions, OptimizedBound } from './networks/descent/optimizedBound.js';
export type { DescendedBound } from './networks/descent/descendBound.js';
export type { BoundDetail, BoundCheckpoint, BoundEpoch, BoundProgress } from './networks/descent/boundCheckpoint.js';

export type {
  Gaussian,
  KlEvidence,
  KlOfScales,
  NamedArrays,
  PosteriorErrors,
  PosteriorFamily,
  SettledDraws,
} from './networks/posteriorFamily.js';
export { gaussianFamily } from './networks/gaussian/gaussianFamily.js';
export { subspaceFamily } from './networks/subspace/subspaceFamily.js';
export { posteriorErrors } from './networks/gaussian/posteriorErrors.js';
export type { PosteriorErrorOptions } from './networks/gaussian/posteriorErrors.js';
export type { SubspacePosterior } from './networks/subspace/subspacePosterior.js';
export { planSubspaceErrors, subspaceErrors } from './networks/subspace/subspaceErrors.js';
export type {
  SubspaceErrorOptions,
  SubspaceErrorPlan,
  SubspaceErrorPlanOptions,
} from './networks/subspace/subspaceErrors.js';
export type { DrawOptions, NetworkPosterior } from './networks/certify/familyOf.js';
export { chooseScales } from './networks/certify/chooseScales.js';
export type { ChosenPrior } from './networks/certify/chooseScales.js';
export type { GridMembers } from './networks/certify/searchGrids.js';
export { assembleBound, certifyingStream, certifyPosterior } from './networks/certify/certifyPosterior.js';
export type { AccountingOptions, CertifyOptions, NetworkBound } from './networks/certify/certifyPosterior.js';
export type { TheoremBound } from './networks/certify/inEveryTheorem.js';
export { posteriorArrays, posteriorFromArrays } from './networks/certify/posteriorArrays.js';
export { networkCertificate, networkLoss } from './networks/certify/networkCertificate.js';
export type { NetworkCertificateArguments } from './networks/certify/networkCertificate.js';
export { remeasurePosterior } from './networks/certify/remeasurePosterior.js';
export { repeatedRowsCaveat } from './networks/certify/repeatedRows.js';
export { learnPrior } from './networks/certify/learnPrior.js';
export type { LearnPriorOptions, PriorRecipe } from './networks/certify/learnPrior.js';
export { withRandomLabels } from './networks/examine/splitExamples.js';

export { planSubspaceStep } from './networks/subspace/subspaceStep.js';
export type { SubspaceStep, SubspaceStepOptions } from './networks/subspace/subspaceStep.js';
export { optimizeSubspaceBound } from './networks/subspace/optimizeSubspaceBound.js';
export type { OptimizeSubspaceOptions } from './networks/subspace/optimizeSubspaceBound.js';
