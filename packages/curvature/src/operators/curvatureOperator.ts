import type { LinearOperator } from '@hyperribbon/linop';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';

/** Which matrix an operator is. */
export type CurvatureKind =
  | 'hessian'
  | 'gaussNewton'
  | 'fisherExact'
  | 'fisherSampled'
  | 'fisherEmpirical'
  | 'logitJacobian';

/** What every operator over the same data says about itself, however it runs. */
export interface OperatorFacts {
  readonly kind: CurvatureKind;
  readonly network: string;
  readonly reduction: 'mean' | 'sum';
  readonly dtype: Dtype;
  readonly examples: number;
  readonly chunks: number;
  /** examples per chunk; the last holds the rest */
  readonly chunkSize: number;
  /** names of the parameters that count; absent: all */
  readonly parameters?: readonly string[];
  /** the seed of sampled labels, where there are any */
  readonly seed?: number;
}

/** What the plans of an operator take, of one thread or of all. */
export interface PlanInfo {
  readonly kernels: KernelInfo;
  /** chunks whose data and residuals stay in memory; the others recompute them in every product */
  readonly residentChunks: number;
  /** all memory of the operator */
  readonly bytes: number;
  /** the part of it that holds what does not depend on the direction */
  readonly residualBytes: number;
  /** floating-point operations of one product */
  readonly flops: number;
}

/** How an operator runs: plain data, for reports. */
export interface CurvatureInfo extends OperatorFacts, PlanInfo {
  /** threads that compute, the calling one included */
  readonly workers: number;
}

/** A curvature matrix of a network's loss over a data set, known by its products. */
export interface CurvatureOperator extends LinearOperator {
  /** out ← A x, both (size,); synchronous, allocates nothing */
  apply(x: FloatArray, out: FloatArray): void;
  /** loss over the examples, mean or sum as `info.reduction` says */
  readonly loss: number;
  /** ‖∇ loss‖₂ */
  readonly gradientNorm: number;
  /** A copy of the gradient of the loss (size,), float64. */
  gradient(): Float64Array;
  /**
   * Moves the operator to other weights (size,), in the plans and the memory that it has: products, `loss` and gradient are then those of an
   * operator made there, bit for bit. Cost: one gradient, none of the planning.
   *
   * @throws ArgumentError for another number of weights, weights that are not finite, and labels that were drawn at the weights before
   */
  setWeights(params: FloatArray): void;
  /** products made so far */
  readonly matvecs: number;
  readonly info: CurvatureInfo;
}

/**
 * A curvature matrix whose examples are shared among threads: the same bits, but products are promises.
 *
 * Workers start with the operator. What only they can tell (`loss`, `gradientNorm`, `gradient()`, `info`) is there once
 * `ready` has resolved or a product has been made; asking earlier throws a TypeError that says so. A product that a
 * worker fails at rejects with a {@link WorkerError}, and the next one starts a new worker. Waiting workers do not keep a
 * Node program from ending; `close` ends them sooner, and so does losing the last reference to the operator.
 */
export interface ShardedCurvatureOperator extends Omit<CurvatureOperator, 'apply' | 'setWeights'> {
  /** out ← A x, both (size,), not to be changed meanwhile; products asked for at once are made one after the other */
  apply(x: FloatArray, out: FloatArray): Promise<void>;
  /** out ← A X for `columns` vectors stored one after another, in one round trip; sums take 8·size·columns bytes per node */
  applyBlock(x: FloatArray, out: FloatArray, columns: number): Promise<void>;
  /** resolves when all shards are linearised; rejects with the reason if a worker cannot start, and asked again tries again */
  readonly ready: Promise<void>;
  /** Ends the workers; what is under way rejects with reason 'closed'. May be called again. */
  close(): Promise<void>;
}
