export type { GaussianPosterior, KroneckerBasis, LayerBasis } from './networks/gaussianPosterior.js';
export { isotropicPrior, kroneckerPrior, priorStd } from './networks/gaussianPrior.js';
export type {
  IsotropicOptions,
  KroneckerPriorOptions,
  KroneckerSpectrum,
  PriorFamily,
  PriorScale,
  PriorTensor,
} from './networks/gaussianPrior.js';
export { fromBasis, toBasis } from './networks/kroneckerBasis.js';
export type { MeanCoordinates } from './networks/localLogits.js';
export { turnPrior } from './networks/turnedPrior.js';
export type { TurnedTensor } from './networks/turnedPrior.js';
export { noisyForward } from './networks/noisyForward.js';
export type { NoiseKind, NoisyForward, NoisyForwardOptions } from './networks/noisyForward.js';

export { planBoundStep } from './networks/boundStep.js';
export type { BoundStep, BoundStepOptions, BoundStepResult } from './networks/boundStep.js';
export type { ObjectiveName, ObjectiveSetting, Surrogate } from './networks/objective.js';
export { optimizeBound } from './networks/optimizeBound.js';
export type {
  BoundCheckpoint,
  BoundEpoch,
  BoundProgress,
  OptimizeBoundOptions,
  OptimizedBound,
} from './networks/optimizedBound.js';

export { posteriorErrors } from './networks/posteriorErrors.js';
export type { PosteriorErrorOptions, PosteriorErrors } from './networks/posteriorErrors.js';
export { chooseScales } from './networks/chooseScales.js';
export type { ChosenPrior, KlPart } from './networks/chooseScales.js';
export { assembleBound, certifyPosterior } from './networks/certifyPosterior.js';
export type { CertifyOptions, NetworkBound } from './networks/certifyPosterior.js';
export type { TheoremBound } from './networks/inEveryTheorem.js';
export { posteriorArrays, posteriorFromArrays } from './networks/posteriorArrays.js';
export type { NamedArrays } from './networks/posteriorArrays.js';
export { subspaceArrays, subspaceFromArrays } from './networks/subspacePosterior.js';
export type { SubspacePosterior, SubspacePrior } from './networks/subspacePosterior.js';
export { planSubspaceErrors, subspaceErrors } from './networks/subspaceErrors.js';
export type { SubspaceErrorOptions, SubspaceErrorPlan, SubspaceErrorPlanOptions } from './networks/subspaceErrors.js';
export { measuredBy, networkCertificate } from './networks/networkCertificate.js';
export { measuredBySubspace, remeasurePosterior } from './networks/remeasurePosterior.js';
export type { NetworkCertificateArguments } from './networks/networkCertificate.js';

export { curvaturePrior, isSpherical, sphericalPrior, subspacePriorOf } from './networks/subspacePriorFamily.js';
export type { CurvaturePriorOptions, SubspacePriorFamily } from './networks/subspacePriorFamily.js';
export { directionsDefect, orthonormalDirections } from './networks/orthonormalDirections.js';
export { planSubspaceStep } from './networks/subspaceStep.js';
export type { SubspaceStep, SubspaceStepOptions } from './networks/subspaceStep.js';
export { optimizeSubspaceBound } from './networks/optimizeSubspaceBound.js';
export type { OptimizedSubspaceBound, OptimizeSubspaceOptions } from './networks/optimizeSubspaceBound.js';
export { chooseSubspaceScales } from './networks/chooseSubspaceScales.js';
export type { ChosenSubspacePrior } from './networks/chooseSubspaceScales.js';
export { certifySubspace } from './networks/certifySubspace.js';
export type { CertifySubspaceOptions, SubspaceBound } from './networks/certifySubspace.js';
export { subspaceCertificate } from './networks/subspaceCertificate.js';
export type { SubspaceCertificateArguments } from './networks/subspaceCertificate.js';
