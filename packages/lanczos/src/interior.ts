export { eigshNear } from './interior/eigshNear.js';
export type { EigshNearOptions, Inverse } from './interior/interiorOptions.js';
export type { InteriorMethod, InteriorReason, InteriorReport } from './interior/interiorReport.js';
export { diagonal, fromDense, fromMatvec } from '@hyperribbon/linop';
export type { LinearOperator, Matvec } from '@hyperribbon/linop';
