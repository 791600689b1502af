export type { GaussianPosterior, KroneckerBasis, LayerBasis } from './networks/gaussian/gaussianPosterior.js';
export { type BasisLayer, basisLayers } from './networks/gaussian/basisLayers.js';
export { isotropicPrior, kroneckerPrior, priorStd } from './networks/gaussian/gaussianPrior.js';
export type {
  CurvaturePriorOptions,
  IsotropicOptions,
  KroneckerPriorOptions,
  KroneckerSpectrum,
} from './networks/gaussian/gaussianPrior.js';
export type { PriorFamily, PriorScale, PriorTensor } from './networks/gaussian/priorFamily.js';
export { fromBasis, toBasis } from './networks/gaussian/kroneckerBasis.js';
export type { MeanCoordinates } from './networks/noise/noisyLogits.js';
export { turnPrior } from './networks/gaussian/turnedPrior.js';
export type { TurnedTensor } from './networks/gaussian/priorFamily.js';
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
export type { BoundDetail, BoundCheckpoint, BoundEpoch, BoundProgress } from './networks/descent/boundCheckpoint.js';

export { posteriorErrors } from './networks/certify/posteriorErrors.js';
export type { PosteriorErrorOptions, PosteriorErrors } from './networks/certify/posteriorErrors.js';
export { chooseScales } from './networks/certify/chooseScales.js';
export type { ChosenPrior, KlPart } from './networks/certify/chooseScales.js';
export { assembleBound, certifyPosterior } from './networks/certify/certifyPosterior.js';
export type { CertifyOptions, NetworkBound } from './networks/certify/certifyPosterior.js';
export type { TheoremBound } from './networks/certify/inEveryTheorem.js';
export { posteriorArrays, posteriorFromArrays } from './networks/gaussian/posteriorArrays.js';
export type { NamedArrays } from './networks/gaussian/posteriorArrays.js';
export { subspaceArrays, subspaceFromArrays } from './networks/subspace/subspacePosterior.js';
export type { SubspacePosterior, SubspacePrior } from './networks/subspace/subspacePosterior.js';
export { planSubspaceErrors, subspaceErrors } from './networks/subspace/subspaceErrors.js';
export type {
  SubspaceErrorOptions,
  SubspaceErrorPlan,
  SubspaceErrorPlanOptions,
} from './networks/subspace/subspaceErrors.js';
export { measuredBy, networkCertificate } from './networks/certify/networkCertificate.js';
export { measuredBySubspace, remeasurePosterior } from './networks/certify/remeasurePosterior.js';
export type { NetworkCertificateArguments } from './networks/certify/networkCertificate.js';

export {
  curvaturePrior,
  isSpherical,
  sphericalPrior,
  subspacePriorOf,
} from './networks/subspace/subspacePriorFamily.js';
export type { SubspacePriorFamily } from './networks/subspace/subspacePriorFamily.js';
export { planSubspaceStep } from './networks/subspace/subspaceStep.js';
export type { SubspaceStep, SubspaceStepOptions } from './networks/subspace/subspaceStep.js';
export { optimizeSubspaceBound } from './networks/subspace/optimizeSubspaceBound.js';
export type { OptimizedSubspaceBound, OptimizeSubspaceOptions } from './networks/subspace/optimizeSubspaceBound.js';
export { chooseSubspaceScales } from './networks/subspace/chooseSubspaceScales.js';
export type { ChosenSubspacePrior } from './networks/subspace/chooseSubspaceScales.js';
export { certifySubspace } from './networks/subspace/certifySubspace.js';
export type { CertifySubspaceOptions, SubspaceBound } from './networks/subspace/certifySubspace.js';
export { subspaceCertificate } from './networks/subspace/subspaceCertificate.js';
export type { SubspaceCertificateArguments } from './networks/subspace/subspaceCertificate.js';
