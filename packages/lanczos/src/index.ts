export { eigsh } from './eigsh/eigsh.js';
export { eigshCost } from './eigsh/eigshCost.js';
export type { EigshCost } from './eigsh/eigshCost.js';
export { CheckpointError } from './eigsh/checkpoint.js';
export type { EigshDetail, EigshOptions } from './eigsh/eigshOptions.js';
export type { KnownPairs } from './factorization/knownPairs.js';
export type { Completeness, EigenReport } from './eigsh/eigenReport.js';
export type { Enclosures } from './eigsh/enclosures.js';
export { solverReasons } from '@hyperribbon/contract/reasons';
export type { SolverReason } from '@hyperribbon/contract/reasons';
export type { Which } from './eigsh/which.js';

export { KrylovFactorization } from './factorization/krylovFactorization.js';
export type { FactorizationOptions } from './factorization/factorizationOptions.js';
export { initialize, krylovSteps } from './factorization/krylovSteps.js';
export type { KrylovStep } from './factorization/krylovSteps.js';
export { ritzPairs } from './factorization/ritz.js';
export type { Ritz } from './factorization/ritz.js';

export { eigh, eigvalsh } from './dense/eigh.js';
export { orient } from './dense/orient.js';
export { tridiagonalEigen } from './dense/tridiagonalEigen.js';
export type { Eigen, EigenOptions } from './dense/eigen.js';

export {
  ContractError,
  diagonal,
  fromDense,
  fromMatvec,
  NonFiniteError,
  OperatorError,
  verifyOperator,
} from '@hyperribbon/linop';
export type { LinearOperator, Matvec, VectorOf, VerifyOptions, VerifyReport } from '@hyperribbon/linop';
export { AbortError, ArgumentError, ArgumentTypeError, MemoryLimitError } from '@hyperribbon/contract';
