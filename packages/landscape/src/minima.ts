export type { MinimumCertificate, MinimumRank, MinimumVerdict } from './minima/minimumTypes.js';

export type { AffineLoss } from './minima/affineExamples.js';
export { type LinearMinimum, type LinearMinimumOptions, linearMinimum } from './minima/linearMinimum.js';
export { type Separation, type SeparatingFeature, separatingFeatures } from './minima/separation.js';
export { type ReachedModel, UnattainedMinimumError } from './minima/unattainedMinimumError.js';
