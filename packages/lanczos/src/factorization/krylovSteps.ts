import type { FloatArray } from '@hyperribbon/kernels/linear';
import { refuse, requireInteger, requireOptions, requireSeed } from '@hyperribbon/contract';
import { assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { factorizationBytes } from './basisRows.js';
import { MOST_BYTES, type FactorizationOptions } from './factorizationOptions.js';
import { KrylovFactorization } from './krylovFactorization.js';
import { requireStart } from './startVector.js';

/** A step of the Lanczos process: A Qᵀ = Qᵀ H + residual, after `size` products. */
export interface KrylovStep {
  readonly factorization: KrylovFactorization;
  /** vectors in the basis */
  readonly size: number;
  /** the new diagonal entry of H, qᵀ A q */
  readonly alpha: number;
  /** norm of the residual, the next entry beside the diagonal; 0 when the Krylov space is exhausted */
  readonly beta: number;
}

export interface InitializeOptions extends Partial<FactorizationOptions> {
  /** start vector (n,); default a random one named by `seed` */
  readonly v0?: FloatArray;
}

/**
 * A Krylov factorization with its start vector, to be expanded and shrunk by hand.
 *
 * @param options capacity: rows of memory, default min(n + 2, 64); seed, default 0; v0
 * @throws ArgumentError when v0 has another length, is not finite or zero, capacity is below 2 or takes more than 4 GB, or seed is not an integer in [0, 2^53 - 1]
 * Cost: capacity · n numbers, no products.
 * @example
 * const f = initialize(A, { capacity: 30, seed: 1 });
 * await f.expand();
 */
export function initialize(op: LinearOperator, options: InitializeOptions = {}): KrylovFactorization {
  assertOperator(op, 'initialize');
  requireOptions('initialize', options);
  const { v0, capacity = Math.min(op.size + 2, 64), seed = 0, ...rest } = options;
  requireInteger('initialize', 'capacity', capacity, 2);
  const bytes = factorizationBytes(op, capacity);
  if (bytes > MOST_BYTES)
    refuse('initialize', `capacity ${capacity} takes ${bytes} bytes, more than ${MOST_BYTES}; lower it`);
  requireSeed('initialize', seed);
  requireStart('initialize', v0, op.size, 1);
  const f = new KrylovFactorization(op, { caller: 'initialize', ...rest, capacity, seed });
  if (v0 === undefined) f.appendRandom();
  else if (f.append(v0) === 0) refuse('initialize', 'v0 must not be zero');
  return f;
}

/**
 * The Lanczos process as an asynchronous iterator: each step expands the factorization once. It ends when the Krylov space is exhausted (the last
 * step has beta 0); the consumer ends it earlier by leaving the loop, and may {@link KrylovFactorization.shrink} between steps. When the rows are
 * used up it throws, as expand does.
 *
 * @example
 * for await (const { size, alpha, beta, factorization } of krylovSteps(initialize(A, { capacity: 30 }))) {
 *   if (size === 20) break;
 * }
 */
export async function* krylovSteps(factorization: KrylovFactorization): AsyncGenerator<KrylovStep, void, void> {
  const f = factorization;
  while (f.candidates > 0) {
    const left = await f.expand();
    const { size } = f;
    yield { factorization: f, size, alpha: f.unscale(f.entry(size - 1, size - 1)), beta: Math.abs(f.unscale(left)) };
  }
}
