export type { MinimumCertificate, MinimumRank, MinimumVerdict } from './minima/minimumTypes.js';

export type { AffineLoss, AffineModel } from './minima/affineExamples.js';
export { type LinearMinimum, type LinearMinimumOptions, linearMinimum, runawayModel } from './minima/linearMinimum.js';
export { type Separation, type SeparatingFeature, separatingFeatures } from './minima/separation.js';
export { UnattainedMinimumError } from './minima/unattainedMinimumError.js';
export { type ConstructedMinimum, type ConstructOptions, constructMinimum } from './minima/constructMinimum.js';
export { type Kinks, kinksOf } from './minima/kinks.js';
export { type BetterPoint, type BetterPointOptions, betterPoint } from './minima/betterPoint.js';
export { type CertifyOptions, certifyMinimum } from './minima/certifyMinimum.js';
export { type DeadOptions, deadMinimum } from './minima/deadMinimum.js';
export { type EmbeddedNetwork, type EmbedOptions, embedNetwork } from './minima/embedNetwork.js';
export { type ExtendOptions, extendSubnet } from './minima/extendSubnet.js';
export {
  type BadStart,
  type BadStartOptions,
  type BadStartRow,
  badStart,
  type StartMeasure,
  trainFromBadStarts,
} from './minima/badStarts.js';
