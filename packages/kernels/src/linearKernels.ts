/**
 * The kernels of linear algebra: all that eigenvalue problems need, and a part of every {@link KernelTable}.
 *
 * A table exists once per dtype and per workspace. Pointers are byte offsets into the workspace's memory, aligned to the
 * element size (16 bytes is fastest); `ld*` are leading dimensions in elements; matrices are row-major. Every function
 * accepts zero sizes. `out` may equal an input (elementwise functions only) but must not overlap it partially.
 *
 * Long float32 sums (dot, sums, norms) accumulate in float64 and round once; gemv, and projections of one vector, add 8 products a lane in
 * float32 before that, a third of the time: errors stay below 2^-20 Σ|xᵢ yᵢ|, of long sums far below. Summation order is
 * part of the contract: in the deterministic flavour the WebAssembly kernel and its TypeScript twin return the same bits.
 */
export interface LinearKernels {
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
  /** y ← alpha A x + beta y, A is (m, n) */
  gemv(m: number, n: number, alpha: number, a: number, lda: number, x: number, beta: number, y: number): void;
  /** y ← alpha Aᵀ x + beta y, A is (m, n), x is (m,), y is (n,) */
  gemvTransposed(m: number, n: number, alpha: number, a: number, lda: number, x: number, beta: number, y: number): void;
  /** y ← A x, A symmetric (n, n), of which only the lower triangle is read, once; in float32 its TypeScript twin runs */
  symv(n: number, a: number, lda: number, x: number, y: number): void;
  /** c (float64, (k, b)) ← Q Xᵀ, Q is (k, n), X is (b, n): the coefficients of b long vectors in a basis; for b > 1 all sums are in float64 */
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
  /** X ← X − cᵀ Q with c (float64, (k, b)): takes the basis out of b vectors at once; for b = 1 sums over rows have the storage type */
  subtractProjection(k: number, b: number, n: number, q: number, ldq: number, x: number, ldx: number, c: number): void;
  /** out (r, n) ← Sᵀ Q, S is (float64, (k, r)) with leading dimension r, Q is (k, n): rotates a basis (thick restart); out must not overlap Q */
  rotateBasis(k: number, r: number, n: number, s: number, q: number, ldq: number, out: number, ldout: number): void;

  // BLAS-3
  /**
   * C ← act(alpha op(A) op(B) + beta C + bias), C is (m, n), the sum has length k.
   * transA: 0 means A is stored (m, k), 1 means (k, m); transB: 0 means (k, n), 1 means (n, k).
   * bias: pointer to (n,) added to every row, or 0 for none. activation: one of {@link Activation};
   * tables of createLinearWorkspace know `none` and `relu` only.
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
}

/** Codes of the activation folded into gemm's epilogue. @example Activation.tanh; // 2 */
export const Activation = { none: 0, relu: 1, tanh: 2, sigmoid: 3 } as const;
