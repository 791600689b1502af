// Plain matrix arithmetic of the tests, on nested arrays: another layout and another code path than the package's.
import { stream } from '@hyperribbon/random';

export type M = number[][];

export const rowsOf = (flat: ArrayLike<number>, rows: number, columns: number, from = 0): M =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => flat[from + i * columns + j]!));
export const flat = (a: M): Float64Array => Float64Array.from(a.flat());
export const T = (a: M): M => a[0]!.map((_, j) => a.map((row) => row[j]!));
export const mul = (a: M, b: M): M =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, v, k) => sum + v * b[k]![j]!, 0)));
export const sub = (a: M, b: M): M => a.map((row, i) => row.map((v, j) => v - b[i]![j]!));
export const add = (a: M, b: M): M => a.map((row, i) => row.map((v, j) => v + b[i]![j]!));
export const scaled = (a: M, c: number): M => a.map((row) => row.map((v) => c * v));
export const eye = (n: number): M =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => +(i === j)));
export const chain = (ws: M[]): M => ws.reduce((product, w) => mul(w, product));
export const norm2 = (a: ArrayLike<number>): number => Math.sqrt(Array.from(a).reduce((s, v) => s + v * v, 0));

export const normals = (seed: number, count: number, purpose = 'deep-test'): Float64Array =>
  stream({ seed, purpose }).normal(new Float64Array(count));
export const gaussian = (seed: number, rows: number, columns: number, scale = 1): M =>
  scaled(rowsOf(normals(seed, rows * columns), rows, columns), scale);

/** max |a − b| */
export function gap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`lengths differ: ${a.length} and ${b.length}`);
  let m = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i]! - b[i]!);
    if (!(d <= m)) m = d;
  }
  return m;
}

/** A determinant by elimination. */
export function det(a: M): number {
  const w = a.map((row) => [...row]);
  let d = 1;
  for (let k = 0; k < w.length; k++) {
    const p = w.reduce((best, row, i) => (i >= k && Math.abs(row[k]!) > Math.abs(w[best]![k]!) ? i : best), k);
    if (p !== k) [w[p], w[k], d] = [w[k]!, w[p]!, -d];
    d *= w[k]![k]!;
    for (let i = k + 1; i < w.length; i++) {
      const f = w[i]![k]! / w[k]![k]!;
      for (let j = k; j < w.length; j++) w[i]![j]! -= f * w[k]![j]!;
    }
  }
  return d;
}

/** The field of all factors, −dL/dW_j for G = dL/dW, straight from the formula: no shared partial products. */
export function factorField(widths: readonly number[], slope: (map: M) => M): (y: readonly number[]) => number[] {
  return (y) => {
    const ws = split(widths, y);
    const G = slope(chain(ws));
    return ws.flatMap((_, j) => {
      const above = ws.slice(j + 1);
      const below = ws.slice(0, j);
      let g = G;
      if (above.length > 0) g = mul(T(chain(above)), g);
      if (below.length > 0) g = mul(g, T(chain(below)));
      return g.flat().map((v) => -v);
    });
  };
}

export function split(widths: readonly number[], y: ArrayLike<number>): M[] {
  let from = 0;
  return widths.slice(1).map((rows, j) => {
    const w = rowsOf(y, rows, widths[j]!, from);
    from += rows * widths[j]!;
    return w;
  });
}
