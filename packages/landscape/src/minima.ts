export type { MinimumCertificate } from './minima/minimumTypes.js';
