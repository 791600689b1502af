import type { BasisRowsOptions } from './basisRows.js';

/** What a Krylov factorization is made with; rows of memory are for basis vectors, candidates and one vector of work. */
export interface FactorizationOptions extends BasisRowsOptions {
  /** names the random vectors */
  readonly seed: number;
  /** +1: the operator as it is; −1: its negative */
  readonly sign?: 1 | -1;
  /** first word of error messages */
  readonly caller?: string;
  /** ends the wait for a product that comes later, with an AbortError */
  readonly signal?: AbortSignal | undefined;
  /** most vectors in one call of applyBlock, for `expandBlock`; default 1 */
  readonly blockWidth?: number;
}

/** that a workspace can have: pointers are 32-bit */
export const MOST_BYTES: number = 2 ** 32 - 65536;
