import { refuse, requireFloatArray, requireInteger, typedArrayName } from '@hyperribbon/contract';
import { Activation, type LinearKernels } from './linearKernels.js';
import { createLinearWorkspace } from './workspace/createLinearWorkspace.js';
import type { FloatArray, KernelOptions } from './workspace/workspace.js';

/** op(A) op(B), (m, k) times (k, n), with everything that is mostly as it is here left out. */
interface ProductShape {
  readonly m: number;
  readonly n: number;
  /** length of the sums */
  readonly k: number;
  /** A is stored (k, m), B (n, k); default false: (m, k) and (k, n) */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** default 1 */
  readonly alpha?: number;
}

/** Matrices in the memory of a workspace, by pointer; `ld*`: from one row to the next, default the width of what is stored. */
export interface ProductInMemory extends ProductShape {
  readonly a: number;
  readonly lda?: number;
  readonly b: number;
  readonly ldb?: number;
  /** what the old C is multiplied by; default 0: it is never read */
  readonly beta?: number;
  readonly c: number;
  readonly ldc?: number;
  /** (n,) added to every row */
  readonly bias?: number;
}

/**
 * C ← alpha op(A) op(B) + beta C + bias in the memory of a workspace: {@link LinearKernels.gemm} by name instead of by place.
 *
 * Cost: 2 m n k flops; nothing is checked. Same bits as gemm.
 * @param kernels `float32` or `float64` of the workspace
 * @example
 * const space = createLinearWorkspace({ bytes: 1 << 10 });
 * const [x, gram] = [space.allocate(8 * 6), space.allocate(8 * 4)];
 * space.float64View(x, 6).set([1, 2, 3, 4, 5, 6]); // (3, 2)
 * productIn(space.float64, { m: 2, n: 2, k: 3, a: x, transposeA: true, b: x, c: gram }); // Xᵀ X
 * space.float64View(gram, 4); // [35, 44, 44, 56]
 */
export function productIn(kernels: LinearKernels, matrices: ProductInMemory): void {
  const { m, n, k, transposeA = false, transposeB = false, alpha = 1, a, b, beta = 0, c, bias = 0 } = matrices;
  const { lda = transposeA ? m : k, ldb = transposeB ? k : n, ldc = n } = matrices;
  const ta = transposeA ? 1 : 0;
  const tb = transposeB ? 1 : 0;
  kernels.gemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, bias, Activation.none);
}

/** Matrices as arrays, rows without gaps. */
export interface ProductOfArrays<A extends FloatArray> extends ProductShape {
  readonly a: A;
  readonly b: A;
}

/**
 * alpha op(A) op(B) of typed arrays, for single products: memory for the kernels is made for each call.
 *
 * Cost: 2 m n k flops, three copies, and 0.3 ms for the memory; loops do better with a workspace and {@link productIn}.
 * @param matrices A and B row-major, of one type
 * @param options as for createLinearWorkspace
 * @returns a new array (m, n) of their type
 * @throws ArgumentError for sizes and lengths that do not fit; ArgumentTypeError for arrays of another or of two types;
 *   MemoryLimitError
 * @example
 * product({ m: 1, n: 2, k: 2, a: Float64Array.of(1, 2), b: Float64Array.of(1, 3, 2, 4) }); // [5, 11]
 */
export function product<A extends FloatArray>(matrices: ProductOfArrays<A>, options: KernelOptions = {}): A {
  const { m, n, k, a, b } = matrices;
  for (const [name, size] of Object.entries({ m, n, k })) requireInteger('product', name, size, 0);
  requireFloatArray('product', 'a', a, [m, k]);
  requireFloatArray('product', 'b', b, [k, n]);
  const [type, other] = [typedArrayName(a), typedArrayName(b)];
  if (type !== other) refuse('product', `a and b must have one type, got ${type} and ${other}`);
  const width = a.BYTES_PER_ELEMENT;
  const space = createLinearWorkspace({ ...options, bytes: width * (m * k + k * n + m * n) + 192 });
  const [pa, pb, c] = [m * k, k * n, m * n].map((size) => space.allocate(width * size)) as [number, number, number];
  const view = (pointer: number, length: number): FloatArray =>
    width === 4 ? space.float32View(pointer, length) : space.float64View(pointer, length);
  view(pa, m * k).set(a);
  view(pb, k * n).set(b);
  productIn(width === 4 ? space.float32 : space.float64, { ...matrices, a: pa, b: pb, c });
  return view(c, m * n).slice() as A;
}
