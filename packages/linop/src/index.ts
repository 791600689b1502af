export type { LinearOperator } from './linearOperator.js';
export { assertOperator } from './linearOperator.js';
export type { RectangularOperator } from './rectangularOperator.js';
export {
  assertRectangular,
  cyclicOperator,
  fromDenseRectangular,
  fromMatvecs,
  isRectangular,
  normalOperator,
} from './rectangularOperator.js';
export { asDtype } from './asDtype.js';
export { fromMatvec } from './fromMatvec.js';
export type { Matvec, VectorOf } from './fromMatvec.js';
export { diagonal, fromDense } from './dense.js';
export { add, afterProduct, compose, deflate, kroneckerSum, scale, shift } from './combinators.js';
export { materialize } from './materialize.js';
export type { MaterializeOptions } from './materialize.js';
export { guardOperator } from './guarded.js';
export type { GuardedOperator } from './guarded.js';
export { ContractError, NonFiniteError, OperatorError } from './errors.js';
export { verifyOperator } from './verifyOperator.js';
export type { VerifyCheck, VerifyOptions, VerifyReport } from './verifyOperator.js';
