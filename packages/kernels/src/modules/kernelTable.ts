import type { LinearKernels } from '../linearKernels.js';
import type { BinaryName, UnaryName } from './names.js';

/**
 * The one small interface through which every algorithm of this project touches numbers in bulk. What {@link LinearKernels}
 * says about pointers, sizes and the order of sums holds here too. The kernels below have one flavour, the deterministic:
 * the same bits in every workspace.
 */
export interface KernelTable extends LinearKernels {
  // elementwise
  /** out ← f(x) for each {@link UnaryName} */
  readonly unary: Readonly<Record<UnaryName, (n: number, x: number, out: number) => void>>;
  /** out ← f(x, y), equal shapes */
  readonly binary: Readonly<Record<BinaryName, (n: number, x: number, y: number, out: number) => void>>;
  /** out ← f(x, alpha) with alpha a number */
  readonly binaryScalar: Readonly<Record<BinaryName, (n: number, x: number, alpha: number, out: number) => void>>;
  /** out ← f(alpha, x) with alpha a number */
  readonly scalarBinary: Readonly<Record<BinaryName, (n: number, alpha: number, x: number, out: number) => void>>;
  /** out (m, n) ← f(x (m, n), y (n,)): y repeats over rows */
  readonly binaryRow: Readonly<Record<BinaryName, (m: number, n: number, x: number, y: number, out: number) => void>>;
  /** out (m, n) ← f(x (m, n), y (m,)): y repeats over columns */
  readonly binaryColumn: Readonly<
    Record<BinaryName, (m: number, n: number, x: number, y: number, out: number) => void>
  >;
  /** out ← x y + z */
  multiplyAdd(n: number, x: number, y: number, z: number, out: number): void;
  /** out ← condition ≠ 0 ? x : y */
  select(n: number, condition: number, x: number, y: number, out: number): void;

  // reductions over a row-major (m, n)
  sumRows(m: number, n: number, x: number, out: number): void; // out (m,)
  sumColumns(m: number, n: number, x: number, out: number): void; // out (n,)
  maxRows(m: number, n: number, x: number, out: number): void; // out (m,), NaN wins
  /** out_i ← Σ_j x_ij y_ij */
  dotRows(m: number, n: number, x: number, y: number, out: number): void;
  /** out_i ← ln Σ_j exp x_ij, never overflows */
  logSumExpRows(m: number, n: number, x: number, out: number): void;
  softmaxRows(m: number, n: number, x: number, out: number): void;
  logSoftmaxRows(m: number, n: number, x: number, out: number): void;
  /** out_i ← index of the first largest entry of row i (int32); NaN counts as largest */
  argmaxRows(m: number, n: number, x: number, out: number): void;

  // moving data
  /** out (n, m) ← xᵀ, x is (m, n) */
  transpose(m: number, n: number, x: number, out: number): void;
  /** out (n, m, run) ← x (m, n, run) with the first two axes swapped */
  transposeRuns(m: number, n: number, run: number, x: number, out: number): void;
  /** out_i ← x[i, index_i], x is (m, n), index int32 */
  gatherRows(m: number, n: number, x: number, index: number, out: number): void;
  /** out (m, n) ← 0 except out[i, index_i] = x_i */
  scatterRows(m: number, n: number, x: number, index: number, out: number): void;
  /** out_i ← x[index_i], n = length of out; index int32, −1 gives 0 */
  gather(n: number, x: number, index: number, out: number): void;
  /** out[index_i] += x_i in the order of i, index −1 is skipped; out is NOT cleared first */
  scatterAdd(n: number, x: number, index: number, out: number): void;

  // images, NHWC: x is (batch, height, width, channels)
  /** out (batch·oh·ow, kh·kw·channels) ← patches of x with zero padding; oh = ⌊(height + padTop + padBottom − kh)/stride⌋ + 1 */
  im2col(
    ...given: [...sizes: WindowSizes, padTop: number, padLeft: number, oh: number, ow: number, x: number, out: number]
  ): void;
  /** the transpose of im2col: out (batch, height, width, channels) is cleared, then patches are added into it in a fixed order */
  col2im(
    ...given: [...sizes: WindowSizes, padTop: number, padLeft: number, oh: number, ow: number, x: number, out: number]
  ): void;
  /**
   * C ← act(alpha P op(W) + beta C + bias), C is (batch·oh·ow, n): gemm with the patches P of x, which are not written. The window
   * must lie inside x everywhere, (oh − 1)·strideH + kh ≤ height and so across: pad first. transW: 0 means W is stored
   * (kh·kw·channels, n), 1 means (n, kh·kw·channels). beta, bias, activation as for gemm; same bits as gemm of im2col.
   */
  convolve(
    ...given: [
      ...sizes: WindowSizes,
      oh: number,
      ow: number,
      n: number,
      transW: number,
      alpha: number,
      x: number,
      w: number,
      beta: number,
      c: number,
      bias: number,
      activation: number,
    ]
  ): void;
  /**
   * C ← alpha Gᵀ P + beta C, C is (m, kh·kw·channels), G is (batch·oh·ow, m): the backward pass by the weights. x as for
   * convolve; same bits as gemm of im2col.
   */
  convolveWeights(
    ...given: [
      ...sizes: WindowSizes,
      oh: number,
      ow: number,
      m: number,
      alpha: number,
      g: number,
      x: number,
      beta: number,
      c: number,
    ]
  ): void;
  /**
   * out (batch, height, width, channels) ← col2im(alpha G op(W) + alpha2 G2 op(W2)), G is (batch·oh·ow, k): the backward pass by the
   * input, of one product (g2 = 0) or of the sum of two. W is stored (k, kh·kw·channels), with transW = 1 (kh·kw·channels, k). Same
   * bits as col2im of gemm. k and kh·kw·channels must be within {@link convolveInputFits}.
   */
  convolveInput(
    ...given: [
      ...sizes: WindowSizes,
      padTop: number,
      padLeft: number,
      oh: number,
      ow: number,
      k: number,
      transW: number,
      alpha: number,
      g: number,
      w: number,
      alpha2: number,
      g2: number,
      w2: number,
      out: number,
    ]
  ): void;
  // a matrix that is mostly zero and never changes
  /**
   * list ← the entries of op(A) (m, k) that are not zero, row by row. trans as for gemm. The list takes {@link listBytes} from an address
   * that is a multiple of 8.
   */
  listEntries(trans: number, m: number, k: number, a: number, lda: number, list: number): void;
  /**
   * C ← alpha op(A) op(B) + beta C + bias with A given by its list: the bits of gemm, but for the sign of a zero in the fast flavour.
   * @returns 1; or 0, with C as it was, where B has infinities or NaN: there zeros of A count, and gemm is what serves
   */
  listedProduct(
    transB: number,
    m: number,
    n: number,
    k: number,
    alpha: number,
    list: number,
    b: number,
    ldb: number,
    beta: number,
    c: number,
    ldc: number,
    bias: number,
  ): number;
  /**
   * out (batch, oh, ow, channels) ← each channel of x with its own window of w (kh, kw, channels), zeros around: entry (ky, kx) of the
   * window at (oy, ox) lies on (oy·strideH + ky·dilationH − padTop, ox·strideW + kx·dilationW − padLeft)
   */
  depthwise(...given: [...sizes: DepthwiseSizes, x: number, w: number, out: number]): void;
  /** the transpose of depthwise by x: out (batch, height, width, channels) ← y (batch, oh, ow, channels) spread by w */
  depthwiseInput(...given: [...sizes: DepthwiseSizes, y: number, w: number, out: number]): void;
  /** the transpose of depthwise by w: out (kh, kw, channels) ← Σ x y over images and pixels */
  depthwiseWeights(...given: [...sizes: DepthwiseSizes, x: number, y: number, out: number]): void;
  /** out (batch, oh, ow, channels) ← mean over kh × kw windows, no padding */
  averagePool(...given: [...sizes: WindowSizes, x: number, out: number]): void;
  /** the transpose of averagePool: out (batch, height, width, channels) is cleared first */
  averageUnpool(...given: [...sizes: WindowSizes, x: number, out: number]): void;
  /** index (int32, (batch, oh, ow, channels)) ← flat position in x of the first largest entry of each window */
  argmaxPool(...given: [...sizes: WindowSizes, x: number, index: number]): void;
}

/** Images and the kh × kw window that goes over them. */
export type WindowSizes = [
  batch: number,
  height: number,
  width: number,
  channels: number,
  kh: number,
  kw: number,
  strideH: number,
  strideW: number,
];

/** The same with the zeros around, steps between neighbours of the window, and the size of the output. */
export type DepthwiseSizes = [
  ...sizes: WindowSizes,
  padTop: number,
  padLeft: number,
  dilationH: number,
  dilationW: number,
  oh: number,
  ow: number,
];
