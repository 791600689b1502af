export { eigh, eigvalsh } from './dense/eigh.js';
export { tridiagonalEigen } from './dense/tridiagonalEigen.js';
export type { Eigen, EigenOptions } from './dense/tridiagonalEigen.js';
