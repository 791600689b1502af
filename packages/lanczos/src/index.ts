export { eigsh } from './eigsh/eigsh.js';
export type { EigshOptions, EigshProgress } from './eigsh/eigsh.js';
export type { Completeness, EigenReport } from './eigsh/eigenReport.js';
export { reasonText } from './eigsh/reasons.js';
export type { Reason } from './eigsh/reasons.js';
export type { Which } from './eigsh/which.js';
export { AbortError } from './eigsh/abortError.js';

export { KrylovFactorization } from './factorization/krylovFactorization.js';
export type { FactorizationOptions } from './factorization/krylovFactorization.js';
export { ritzPairs } from './factorization/ritz.js';
export type { Ritz } from './factorization/ritz.js';

export { eigh, eigvalsh } from './dense/eigh.js';
export { tridiagonalEigen } from './dense/tridiagonalEigen.js';
export type { Eigen, EigenOptions } from './dense/tridiagonalEigen.js';
