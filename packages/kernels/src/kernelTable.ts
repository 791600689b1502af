/**
 * The one small interface through which every algorithm of this project touches numbers in bulk.
 *
 * A table exists once per dtype and per workspace. Pointers are byte offsets into the workspace's memory, aligned to the
 * element size (16 bytes is fastest); `ld*` are leading dimensions in elements; matrices are row-major. Every function
 * accepts zero sizes. `out` may equal an input (elementwise functions only) but must not overlap it partially.
 *
 * Long float32 sums (dot, sums, norms, gemv) accumulate in float64 and round once. Summation order is part of the
 * contract: in the deterministic flavour the WebAssembly kernel and its TypeScript twin return the same bits.
 */
export interface KernelTable {
  // BLAS-1
  /** Σ xᵢ yᵢ */
  dot(n: number, x: number, y: number): number;
  /** ‖x‖₂ (not scaled: overflows where the sum of squares does) */
  norm2(n: number, x: number): number;
  /** Σ xᵢ */
  sum(n: number, x: number): number;
  /** max |xᵢ|; NaN if any xᵢ is NaN */
  maxAbs(n: number, x: number): number;
  /** y ← y + alpha x */
  axpy(n: number, alpha: number, x: number, y: number): void;
  /** out ← alpha x + beta y */
  axpby(n: number, alpha: number, x: number, beta: number, y: number, out: number): void;
  /** x ← alpha x */
  scale(n: number, alpha: number, x: number): void;
  /** x ← alpha */
  fill(n: number, alpha: number, x: number): void;
  /** out ← x */
  copy(n: number, x: number, out: number): void;

  // BLAS-2 and block orthogonalisation (rows of A may be very long: a Krylov basis is k × n with k ≪ n)
  /** y ← alpha A x + beta y, A is (m, n); each row sum accumulates in float64 */
  gemv(m: number, n: number, alpha: number, a: number, lda: number, x: number, beta: number, y: number): void;
  /** y ← alpha Aᵀ x + beta y, A is (m, n), x is (m,), y is (n,) */
  gemvTransposed(m: number, n: number, alpha: number, a: number, lda: number, x: number, beta: number, y: number): void;
  /** c (float64, (k, b)) ← Q Xᵀ, Q is (k, n), X is (b, n): the coefficients of b long vectors in a basis; float64 sums */
  projectionCoefficients(
    k: number,
    b: number,
    n: number,
    q: number,
    ldq: number,
    x: number,
    ldx: number,
    c: number,
  ): void;
  /** X ← X − cᵀ Q with c (float64, (k, b)): takes the basis out of b vectors at once */
  subtractProjection(k: number, b: number, n: number, q: number, ldq: number, x: number, ldx: number, c: number): void;
  /** out (r, n) ← Sᵀ Q, S is (float64, (k, r)) with leading dimension r, Q is (k, n): rotates a basis (thick restart); out must not overlap Q */
  rotateBasis(k: number, r: number, n: number, s: number, q: number, ldq: number, out: number, ldout: number): void;

  // BLAS-3
  /**
   * C ← act(alpha op(A) op(B) + beta C + bias), C is (m, n), the sum has length k.
   * transA: 0 means A is stored (m, k), 1 means (k, m); transB: 0 means (k, n), 1 means (n, k).
   * bias: pointer to (n,) added to every row, or 0 for none. activation: one of {@link Activation}.
   * With beta = 0 the old C is never read (NaN does not leak).
   */
  gemm(
    transA: number,
    transB: number,
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    beta: number,
    c: number,
    ldc: number,
    bias: number,
    activation: number,
  ): void;

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
    batch: number,
    height: number,
    width: number,
    channels: number,
    kh: number,
    kw: number,
    strideH: number,
    strideW: number,
    padTop: number,
    padLeft: number,
    oh: number,
    ow: number,
    x: number,
    out: number,
  ): void;
  /** the transpose of im2col: out (batch, height, width, channels) is cleared, then patches are added into it in a fixed order */
  col2im(
    batch: number,
    height: number,
    width: number,
    channels: number,
    kh: number,
    kw: number,
    strideH: number,
    strideW: number,
    padTop: number,
    padLeft: number,
    oh: number,
    ow: number,
    x: number,
    out: number,
  ): void;
  /** out (batch, oh, ow, channels) ← mean over kh × kw windows, no padding */
  averagePool(
    batch: number,
    height: number,
    width: number,
    channels: number,
    kh: number,
    kw: number,
    strideH: number,
    strideW: number,
    x: number,
    out: number,
  ): void;
  /** the transpose of averagePool: out (batch, height, width, channels) is cleared first */
  averageUnpool(
    batch: number,
    height: number,
    width: number,
    channels: number,
    kh: number,
    kw: number,
    strideH: number,
    strideW: number,
    x: number,
    out: number,
  ): void;
  /** index (int32, (batch, oh, ow, channels)) ← flat position in x of the first largest entry of each window */
  argmaxPool(
    batch: number,
    height: number,
    width: number,
    channels: number,
    kh: number,
    kw: number,
    strideH: number,
    strideW: number,
    x: number,
    index: number,
  ): void;
}

/** Elementwise functions of one argument. `step` is 1 for x > 0, else 0; `sech2` is 1/cosh²; `gaussian` is e^(−x²); `gelu` is x Φ(x), `normalPdf` φ, `normalCdf` Φ. */
export type UnaryName =
  | 'neg'
  | 'abs'
  | 'sign'
  | 'step'
  | 'relu'
  | 'square'
  | 'reciprocal'
  | 'sqrt'
  | 'rsqrt'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sin'
  | 'cos'
  | 'atan'
  | 'asinh'
  | 'tanh'
  | 'sech2'
  | 'sigmoid'
  | 'softplus'
  | 'logsigmoid'
  | 'erf'
  | 'gaussian'
  | 'normalCdf'
  | 'normalPdf'
  | 'gelu'
  | 'logcosh'
  | 'lgamma'
  | 'digamma'
  | 'trigamma';

/** Elementwise functions of two arguments; `greater` is 1 for x > y, else 0; `pow` follows IEEE pow. */
export type BinaryName = 'add' | 'sub' | 'mul' | 'div' | 'max' | 'min' | 'greater' | 'pow';

/** Codes of the activation folded into gemm's epilogue. */
export const Activation = { none: 0, relu: 1, tanh: 2, sigmoid: 3 } as const;
