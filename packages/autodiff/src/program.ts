import type { BinaryName, UnaryName } from '@hyperribbon/kernels';

export type ElementType = 'float32' | 'float64' | 'int32';

/** Shape and element type of one value of a program. Shape [] is a scalar. */
export interface Spec {
  readonly shape: readonly number[];
  readonly dtype: ElementType;
}

/**
 * A traced function as plain data: values are numbered, each equation makes one value from earlier ones.
 * Everything here survives JSON and structuredClone; constants are held apart, by reference.
 */
export interface Program {
  /** value number → its shape and element type */
  readonly values: readonly Spec[];
  readonly inputs: readonly number[];
  readonly constants: readonly { readonly value: number; readonly data: Float32Array | Float64Array | Int32Array }[];
  readonly equations: readonly Equation[];
  readonly outputs: readonly number[];
}

export interface Equation {
  readonly op: PrimitiveName;
  readonly inputs: readonly number[];
  readonly output: number;
  readonly params: PrimitiveParams;
}

/** Parameters of an equation by primitive; primitives that are not listed have none ({}). */
export interface PrimitiveParams {
  /** full: every element has this value */
  readonly value?: number;
  /** reduceSum, reduceMax: reduced axes, ascending. broadcast: for each input axis the output axis it becomes, ascending */
  readonly axes?: readonly number[];
  /** full, broadcast, reshape, scatterFlat: output shape */
  readonly shape?: readonly number[];
  /** transpose: output axis i is input axis permutation[i] */
  readonly permutation?: readonly number[];
  /** matmul: 1 where an operand is stored transposed in its last two axes */
  readonly transA?: 0 | 1;
  readonly transB?: 0 | 1;
  /** slice: start and limit per axis (step 1). pad: zeros before and after per axis (the transpose of slice) */
  readonly start?: readonly number[];
  readonly limit?: readonly number[];
  readonly low?: readonly number[];
  readonly high?: readonly number[];
  /** concatenate */
  readonly axis?: number;
  /** scatterRows: number of columns of the output */
  readonly columns?: number;
  /** convert */
  readonly dtype?: ElementType;
  /** im2col, col2im, depthwise and its transposes, averagePool, averageUnpool, argmaxPool (NHWC) */
  readonly window?: Window;
}

/** Geometry of a convolution or pooling in NHWC; `oh`, `ow` follow from the rest and are stored for convenience. */
export interface Window {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly kh: number;
  readonly kw: number;
  readonly strideH: number;
  readonly strideW: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly oh: number;
  readonly ow: number;
  /** steps in the image between neighbours of the window; absent: 1. Never with pooling */
  readonly dilationH?: number;
  readonly dilationW?: number;
}

/**
 * The closed set of primitives. Operands of elementwise primitives have equal shapes and dtypes: broadcasting is an
 * explicit `broadcast` equation, which the planner folds into the consumer, so it costs nothing.
 */
export type PrimitiveName =
  | UnaryName
  | BinaryName
  | 'select' // (condition, x, y): condition ≠ 0 ? x : y
  | 'full' // no inputs
  | 'broadcast'
  | 'reshape'
  | 'transpose'
  | 'slice'
  | 'pad'
  | 'concatenate' // one or more inputs
  | 'reduceSum'
  | 'reduceMax'
  | 'matmul' // (..., m, k) × (..., k, n), equal leading axes
  | 'logSumExp' // over the last axis: (..., n) → (...)
  | 'softmax' // over the last axis
  | 'gatherRows' // (x (m, n), index int32 (m,)) → (m,)
  | 'scatterRows' // (x (m,), index int32 (m,)) → (m, columns), zero elsewhere
  | 'gatherFlat' // (x any shape, index int32 shape s) → s: x.flat[index]
  | 'scatterFlat' // (x shape s, index int32 shape s) → shape: zeros, then out.flat[index] += x
  | 'argsort' // int32 positions that sort the last axis, NaN last; not differentiable
  | 'argmaxPool' // int32 flat positions of window maxima; not differentiable
  | 'im2col'
  | 'col2im'
  | 'depthwise' // (x (batch, height, width, c), w (kh, kw, c)) → (batch, oh, ow, c): each channel with a window of its own
  | 'depthwiseInput' // (y (batch, oh, ow, c), w) → (batch, height, width, c): the transpose by x
  | 'depthwiseWeights' // (x, y) → (kh, kw, c): the transpose by w
  | 'averagePool'
  | 'averageUnpool'
  | 'convert'
  | 'stopGradient';
