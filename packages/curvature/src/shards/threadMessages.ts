import type { FloatArray } from '@hyperribbon/kernels';
import type { PlanInfo } from '../operators/curvatureOperator.js';
import type { Shard } from './shard.js';

export type ToWorker =
  | { readonly type: 'bind'; readonly shard: Shard }
  | {
      readonly type: 'products';
      readonly columns: number;
      readonly x: FloatArray;
      /** memory for the sums that is there already; it goes to and fro */
      readonly sums: readonly Float64Array[];
    };

/** A shard is bound and linearised. */
export interface BoundReply extends PlanInfo {
  readonly losses: Float64Array;
  /** of the gradient, by node */
  readonly sums: readonly Float64Array[];
  readonly nodes: readonly number[];
}

export interface ProductsReply {
  readonly x: FloatArray;
  /** by column and node */
  readonly sums: readonly Float64Array[];
}

export type FromWorker = BoundReply | ProductsReply;
