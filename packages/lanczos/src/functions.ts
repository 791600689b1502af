export { applyFunction, type ApplyFunctionOptions } from './functions/applyFunction.js';
export type { FunctionName } from './functions/namedFunctions.js';
export { type FunctionReason, functionReasons, type FunctionReport } from './functions/functionReport.js';
export { DomainError } from './density/domainError.js';
export { diagonal, fromDense, fromMatvec } from '@hyperribbon/linop';
export type { LinearOperator } from '@hyperribbon/linop';
