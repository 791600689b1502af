export { eigshComplex } from './complex/eigshComplex.js';
export { fromComplexDense, fromComplexMatvec } from './complex/complexOperator.js';
export type { ComplexOperator } from './complex/complexOperator.js';
export type { EigshComplexOptions } from './complex/complexOptions.js';
export type { ComplexEigenReport } from './complex/complexReport.js';
export type { Matvec } from '@hyperribbon/linop';
