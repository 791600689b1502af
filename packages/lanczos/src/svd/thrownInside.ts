import { NonFiniteError, OperatorError } from '@hyperribbon/linop';

/** The error of a product that was made inside of another one, such as that of AᵀA; any other error as it is. */
export function thrownInside(error: unknown): unknown {
  const { cause } = error as Error;
  const inner = cause instanceof NonFiniteError || cause instanceof OperatorError;
  return error instanceof OperatorError && inner ? cause : error;
}
