import { dotRange } from '../sums.js';
import { createLinearWorkspace, productIn } from '@hyperribbon/kernels/linear';

/**
 * From this many multiply-adds on a product goes to the gemm kernel. Setting up its workspace costs as much as 1e5
 * multiply-adds of the plain loop (0.3 ms against 2.7 ns each, measured in one run).
 */
const LARGE = 1 << 18;

/** (m, n) ← (m, k) (k, n), row-major; the same bits in every runtime. */
export function multiply(a: Float64Array, b: Float64Array, m: number, k: number, n: number): Float64Array {
  if (m * k * n >= LARGE) return preparedProduct(b, k, n, m)(a, new Float64Array(m * n));
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const left = a[i * k + p]!;
      for (let j = 0, to = i * n, from = p * n; j < n; j++) c[to++]! += left * b[from++]!;
    }
  }
  return c;
}

/** A function a, out ↦ a b for a right factor b (k, n) that stays: it lives in kernel memory. */
export function preparedProduct(
  b: Float64Array,
  k: number,
  n: number,
  m: number,
): (a: Float64Array, out: Float64Array) => Float64Array {
  const space = createLinearWorkspace({ bytes: 8 * (m * k + k * n + m * n) + 256, deterministic: true });
  const [pa, pb, pc] = [space.allocate(8 * m * k), space.allocate(8 * k * n), space.allocate(8 * m * n)];
  space.float64View(pb, k * n).set(b);
  const [va, vc] = [space.float64View(pa, m * k), space.float64View(pc, m * n)];
  return (a, out) => {
    va.set(a);
    productIn(space.float64, { m, n, k, a: pa, b: pb, c: pc });
    out.set(vc);
    return out;
  };
}

export function identity(n: number): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) a[i * (n + 1)] = 1;
  return a;
}

/** (n, m) ← transpose of (m, n) */
export function transpose(a: Float64Array, m: number, n: number): Float64Array {
  const t = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) t[j * m + i] = a[i * n + j]!;
  return t;
}

/** A Aᵀ (m, m) of a (m, n), exactly symmetric */
export function rowGram(a: Float64Array, m: number, n: number): Float64Array {
  return symmetrize(multiply(a, transpose(a, m, n), m, n, m), m);
}

/** Aᵀ A (n, n) of a (m, n), exactly symmetric */
export function columnGram(a: Float64Array, m: number, n: number): Float64Array {
  return rowGram(transpose(a, m, n), n, m);
}

function symmetrize(a: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i]!;
  return a;
}

export function maxAbs(a: ArrayLike<number>): number {
  let m = 0;
  for (let i = 0; i < a.length; i++) {
    const x = Math.abs(a[i]!);
    if (x > m || x !== x) m = x;
  }
  return m;
}

/** max |aᵢ − bᵢ| */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let m = 0;
  for (let i = 0; i < a.length; i++) {
    const x = Math.abs(a[i]! - b[i]!);
    if (x > m || x !== x) m = x;
  }
  return m;
}

/**
 * Cholesky factor L (lower, row-major) of a symmetric positive definite matrix (n, n), whose lower triangle is all it reads;
 * undefined when a pivot is not positive.
 */
export function cholesky(a: Float64Array, n: number): Float64Array | undefined {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const s = a[i * n + j]! - dotRange(l, i * n, l, j * n, j);
      if (i !== j) l[i * n + j] = s / l[j * n + j]!;
      else if (!(s > 0)) return undefined;
      else l[i * n + i] = Math.sqrt(s);
    }
  }
  return l;
}

/** Rows of x (m, n) ← rows times L⁻ᵀ, in place: x Lᵀ = given. */
export function solveRows(l: Float64Array, n: number, x: Float64Array, m: number): Float64Array {
  for (let r = 0; r < m; r++) {
    for (let j = 0; j < n; j++) {
      x[r * n + j] = (x[r * n + j]! - dotRange(l, j * n, x, r * n, j)) / l[j * n + j]!;
    }
  }
  return x;
}

/** x (n,) ← L⁻ᵀ x in place */
export function solveTransposed(l: Float64Array, n: number, x: Float64Array): Float64Array {
  for (let j = n - 1; j >= 0; j--) {
    let s = x[j]!;
    for (let i = j + 1; i < n; i++) s -= l[i * n + j]! * x[i]!;
    x[j] = s / l[j * n + j]!;
  }
  return x;
}

/**
 * ((√(λ² + 4 s²) + λ)/2, (√(λ² + 4 s²) − λ)/2) from s², without cancellation: two numbers whose product is s² and whose difference is λ.
 */
export function balancedPair(square: number, lambda: number): readonly [number, number] {
  const large = (Math.sqrt(lambda * lambda + 4 * square) + Math.abs(lambda)) / 2;
  const small = large === 0 ? 0 : square / large;
  return lambda >= 0 ? [large, small] : [small, large];
}

/** Σ values[k] (row k)ᵀ (row k), (n, n), of rows (values.length, n) */
export function spanned(rows: Float64Array, values: ArrayLike<number>, n: number): Float64Array {
  const scaled = rows.map((x, p) => x * values[Math.floor(p / n)]!);
  return multiply(transpose(rows, values.length, n), scaled, n, values.length, n);
}
