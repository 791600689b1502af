import { fromMatvec, type LinearOperator } from '@hyperribbon/linop';
import { nearest, readGolden, readNpy, type GoldenNumber } from './goldenData.js';

export function mulberry32(seed: number): () => number {
  let a = seed;
  return () => {
    a |= 0;
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

export function dyadics(seed: number, n: number, bits: number): Float64Array {
  const next = mulberry32(seed);
  const half = 2 ** (bits - 1);
  return Float64Array.from({ length: n }, () => ((next() >>> (32 - bits)) - half) / half);
}

export function rademacher(seed: number, n: number): Float64Array {
  const next = mulberry32(seed);
  return Float64Array.from({ length: n }, () => (next() >>> 31 === 0 ? 1 : -1));
}

export interface ImplicitCase {
  name: string;
  type: string;
  n: number;
  params: Record<string, never> & {
    shape: number[];
    reflectors: number;
    seed: number;
    d: number;
    rho: number;
    k: number;
  };
  spectrum_file: string;
  factors_d_e: { d: number[]; e: number[] }[];
  factors_lower: number[][];
  factors_n: number[];
  top: GoldenNumber[];
  bottom?: GoldenNumber[];
  norm2: number;
  max_mult: number | null;
  traces: Record<string, string>;
  count_above: [number, number][];
  eff_dim?: [number, string][];
}

export const implicitCases: readonly ImplicitCase[] = readGolden<{ cases: ImplicitCase[] }>('implicit.json').cases;
export const tops = (c: ImplicitCase): number[] => c.top.map(nearest);
/** Ascending. */
export const bottoms = (c: ImplicitCase): number[] | undefined => c.bottom?.map(nearest);

type Product = (x: Float64Array, y: Float64Array) => void;

/** A = H₁ … H_m D H_m … H₁ with Householder reflections of dyadic vectors. */
export function householderProduct(d: Float64Array, m: number, seed: number): Product {
  const n = d.length;
  const v = dyadics(seed, n * m, 12);
  const b = Array.from({ length: m }, (_, j) => 2 / v.subarray(j * n, j * n + n).reduce((s, x) => s + x * x, 0));
  const reflect = (y: Float64Array, j: number): void => {
    let s = 0;
    for (let i = 0; i < n; i++) s += v[j * n + i] * y[i];
    s *= b[j];
    for (let i = 0; i < n; i++) y[i] -= s * v[j * n + i];
  };
  return (x, y) => {
    y.set(x);
    for (let j = 0; j < m; j++) reflect(y, j);
    for (let i = 0; i < n; i++) y[i] *= d[i];
    for (let j = m - 1; j >= 0; j--) reflect(y, j);
  };
}

function hadamardProduct(d: Float64Array, seed: number): Product {
  const n = d.length;
  const s = rademacher(seed, n);
  const r = 1 / Math.sqrt(n);
  const transform = (y: Float64Array): void => {
    for (let h = 1; h < n; h *= 2) {
      for (let i = 0; i < n; i += 2 * h) {
        for (let j = i; j < i + h; j++) {
          const a = y[j];
          const b = y[j + h];
          y[j] = a + b;
          y[j + h] = a - b;
        }
      }
    }
    for (let i = 0; i < n; i++) y[i] *= r;
  };
  return (x, y) => {
    y.set(x);
    transform(y);
    for (let i = 0; i < n; i++) y[i] = s[i] * (d[i] * (s[i] * y[i]));
    transform(y);
  };
}

function stencilProduct(shape: number[]): Product {
  const strides = shape.map((_, a) => shape.slice(a + 1).reduce((p, s) => p * s, 1));
  return (x, y) => {
    for (let p = 0; p < x.length; p++) {
      let s = 2 * shape.length * x[p];
      for (let a = 0; a < shape.length; a++) {
        const c = Math.floor(p / strides[a]) % shape[a];
        if (c > 0) s -= x[p - strides[a]];
        if (c < shape[a] - 1) s -= x[p + strides[a]];
      }
      y[p] = s;
    }
  };
}

function kroneckerSumProduct(factors: { d: number[]; e: number[] }[]): Product {
  const sizes = factors.map((f) => f.d.length);
  const strides = sizes.map((_, a) => sizes.slice(a + 1).reduce((p, s) => p * s, 1));
  return (x, y) => {
    for (let p = 0; p < x.length; p++) {
      let s = 0;
      factors.forEach(({ d, e }, a) => {
        const c = Math.floor(p / strides[a]) % sizes[a];
        s += d[c] * x[p];
        if (c > 0) s += e[c - 1] * x[p - strides[a]];
        if (c < sizes[a] - 1) s += e[c] * x[p + strides[a]];
      });
      y[p] = s;
    }
  };
}

function kroneckerProduct(lower: number[][], sizes: number[]): Product {
  const [p, q] = sizes;
  const square = (l: number[], n: number): Float64Array => {
    const a = new Float64Array(n * n);
    for (let i = 0, t = 0; i < n; i++) for (let j = 0; j <= i; j++, t++) a[i * n + j] = a[j * n + i] = l[t];
    return a;
  };
  const a = square(lower[0], p);
  const b = square(lower[1], q);
  return (x, y) => {
    const z = new Float64Array(p * q);
    for (let i = 0; i < p; i++)
      for (let j = 0; j < q; j++) for (let t = 0; t < q; t++) z[i * q + j] += b[j * q + t] * x[i * q + t];
    y.fill(0);
    for (let i = 0; i < p; i++)
      for (let t = 0; t < p; t++) for (let j = 0; j < q; j++) y[i * q + j] += a[i * p + t] * z[t * q + j];
  };
}

function productOf(c: ImplicitCase): Product {
  const { n, params } = c;
  switch (c.type) {
    case 'householder':
      return householderProduct(readNpy(c.spectrum_file), params.reflectors, params.seed);
    case 'hadamard':
      return hadamardProduct(readNpy(c.spectrum_file), params.seed);
    case 'laplacian2d':
    case 'laplacian3d':
      return stencilProduct(params.shape);
    case 'cycle_laplacian':
      return (x, y) => {
        for (let i = 0; i < n; i++) y[i] = 2 * x[i] - x[(i + 1) % n] - x[(i + n - 1) % n];
      };
    case 'path_laplacian':
      return (x, y) => {
        for (let i = 0; i < n; i++) y[i] = (i > 0 ? x[i] - x[i - 1] : 0) + (i < n - 1 ? x[i] - x[i + 1] : 0);
      };
    case 'complete_laplacian':
      return (x, y) => {
        const sum = x.reduce((s, v) => s + v, 0);
        for (let i = 0; i < n; i++) y[i] = n * x[i] - sum;
      };
    case 'star_adjacency':
      return (x, y) => {
        y[0] = 0;
        for (let i = 1; i < n; i++) {
          y[0] += x[i];
          y[i] = x[0];
        }
      };
    case 'hypercube_laplacian':
      return (x, y) => {
        for (let i = 0; i < n; i++) {
          let s = params.d * x[i];
          for (let b = 0; b < params.d; b++) s -= x[i ^ (1 << b)];
          y[i] = s;
        }
      };
    case 'minij':
      return (x, y) => {
        let t = 0;
        for (let i = n - 1; i >= 0; i--) y[i] = t += x[i];
        t = 0;
        for (let i = 0; i < n; i++) y[i] = t += y[i];
      };
    case 'kms':
      return (x, y) => {
        let t = 0;
        for (let i = 0; i < n; i++) y[i] = t = x[i] + params.rho * t;
        t = 0;
        for (let i = n - 1; i >= 0; i--) {
          y[i] += params.rho * t;
          t = x[i] + params.rho * t;
        }
      };
    case 'kron_sum':
      return kroneckerSumProduct(c.factors_d_e);
    case 'kron_prod':
      return kroneckerProduct(c.factors_lower, c.factors_n);
    default:
      throw new Error(`unknown operator ${c.type}`);
  }
}

export function implicitOperator(c: ImplicitCase): LinearOperator {
  return fromMatvec(c.n, productOf(c));
}

/** The same operator with float32 vectors: products computed in float64 and rounded once. */
export function implicitOperator32(c: ImplicitCase): LinearOperator {
  const product = productOf(c);
  const [x64, y64] = [new Float64Array(c.n), new Float64Array(c.n)];
  return fromMatvec(
    c.n,
    (x, out) => {
      x64.set(x);
      product(x64, y64);
      out.set(y64);
    },
    { dtype: 'float32' },
  );
}
