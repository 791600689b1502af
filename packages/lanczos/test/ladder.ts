import { diagonal, type LinearOperator } from '@hyperribbon/linop';

/** Eigenvalues 0..n−1, in no order. */
export const ladder = (n: number): LinearOperator =>
  diagonal(Float64Array.from({ length: n }, (_, i) => (i * 7919) % n));

export const caught = (p: Promise<unknown>): Promise<unknown> => p.then(() => null).catch((e: unknown) => e);
