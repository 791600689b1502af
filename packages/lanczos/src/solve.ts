export { cg } from './solve/cg.js';
export { minres } from './solve/minres.js';
export { type LeastSquaresOptions, lsqr } from './solve/lsqr.js';
export type { SolveDetail, SolveOptions, SymmetricSolveOptions } from './solve/solveOptions.js';
export { type SolveReason, solveReasons, type SolveReport } from './solve/solveReport.js';
export { diagonal, fromDense, fromDenseRectangular, fromMatvec, fromMatvecs } from '@hyperribbon/linop';
export type { LinearOperator, RectangularOperator } from '@hyperribbon/linop';
