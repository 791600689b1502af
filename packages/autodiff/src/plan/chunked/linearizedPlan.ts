import type { KernelInfo, KernelOptions, Workspace } from '@hyperribbon/kernels';
import type { DataArray } from '../../dataArray.js';
import type { Linearized } from '../../transforms/linearize.js';

/** What {@link Linearized} tells: the two programs and where the residuals come from. */
export type LinearizedPrograms = Pick<Linearized, 'primal' | 'tangent' | 'residuals'>;

export interface LinearizedPlanOptions extends KernelOptions {
  /** which of the given programs each chunk runs; for 2,500 examples in chunks of 1,024: [0, 0, 1] */
  readonly chunks: readonly number[];
  /** for every primal input: true where one copy serves all chunks (weights), false where each chunk has its own (data) */
  readonly shared: readonly boolean[];
  /**
   * How many of the primal program's first outputs are wanted as sums. Default: all but the residuals at the end; say it
   * where the last wanted output is a residual too
   */
  readonly outputs?: number;
  /** bytes for everything together; chunks that do not fit recompute their residuals in every product. Default 2 GiB */
  readonly memoryLimit?: number;
  /**
   * How many entries are not zero in an input of its own of a chunk, where that is mostly zeros and does not change: products of the
   * tangent program with it then go by lists of these entries, within `memoryLimit`. Data with more entries are multiplied without lists.
   */
  readonly entries?: (chunk: number, input: number) => number | undefined;
  /** memory to plan into; default: a new one of the right size */
  readonly workspace?: Workspace;
}

/** One of the two halves of a {@link LinearizedPlan}: outputs are sums over the chunks run since `clear`. */
export interface ChunkedRun {
  /** views of the sums, in the order of the program's outputs (residuals excluded); they stay valid for the plan's life */
  readonly outputs: readonly DataArray[];
  /** floating-point operations of one run over all chunks */
  readonly flops: number;
  /** outputs ← 0 */
  clear(): void;
  /** outputs += result of one chunk; allocates nothing */
  run(chunk: number): void;
}

/**
 * A linearised function bound to many chunks of data: the executor under every curvature operator. All chunks share one
 * arena of temporaries, one copy of the shared inputs, of the tangents and of the output sums. Each resident chunk owns a
 * region with its data and residuals, and steps bound to it once, so that changing the chunk costs nothing. Chunks that do not fit
 * memoryLimit keep a reference to the caller's arrays, and their data are copied in and their residuals recomputed per product.
 *
 * Sums are taken in the order of the calls to run: same order, same bits.
 *
 * @example
 * const loss = (w: Tensor, x: Tensor): Tensor => sum(square(matmul(x, w))); // of the rows of x
 * const programs = [2, 1].map((rows) => {
 *   const { program } = trace(valueAndGrad(loss), [float64(3), float64(rows, 3)]);
 *   return linearizeProgram(program, { wrt: [0] });
 * });
 * const plan = planLinearized(programs, { chunks: [0, 0, 1], shared: [true, false], outputs: 2 }); // 2 + 2 + 1 rows
 * for (let i = 0; i < 3; i++) plan.setData(i, [undefined, new Float64Array(i < 2 ? 6 : 3).fill(1)]);
 * plan.shared[0]!.set([1, 0, 0]);
 * plan.primal.clear();
 * for (let i = 0; i < 3; i++) plan.primal.run(i); // residuals are kept
 * plan.primal.outputs[1]; // [10, 10, 10]: the gradient
 * plan.tangents[0]!.set([0, 1, 1]);
 * plan.tangent.clear();
 * for (let i = 0; i < 3; i++) plan.tangent.run(i);
 * plan.tangent.outputs[1]; // [20, 20, 20]: the Hessian's product
 */
export interface LinearizedPlan {
  readonly kernels: KernelInfo;
  /** bytes taken from the workspace */
  readonly bytes: number;
  /** chunks, from the first on, whose data and residuals stay in memory; the others recompute */
  readonly residentChunks: number;
  /** bytes of the residuals that stay in memory */
  readonly residualBytes: number;
  /** by primal input: the one copy to write into, undefined where the input belongs to the chunks */
  readonly shared: readonly (DataArray | undefined)[];
  /** the tangents to write into before a product */
  readonly tangents: readonly DataArray[];
  /**
   * Gives a chunk its data, by primal input (entries of shared inputs are ignored). Resident chunks copy, the others keep
   * the reference. Residuals of the chunk are void until its primal part runs again.
   *
   * @throws ArgumentTypeError for a wrong type or length, ArgumentError for an index out of range
   */
  setData(chunk: number, inputs: readonly (DataArray | undefined)[]): void;
  readonly primal: ChunkedRun;
  /** @throws ArgumentTypeError from run if the chunk's primal part did not run since its data changed */
  readonly tangent: ChunkedRun;
}
