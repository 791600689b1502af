import { hypotenuse, scaledNorm } from '../solve/vectors.js';
import { addMultiple, type Complex } from './complexVectors.js';

const SWEEPS = 40;

/**
 * Eigenvalues and vectors of a small Hermitian matrix by cyclic Jacobi rotations [golub2013, 8.5].
 *
 * @param a (r, 2r) rows of interleaved numbers; its lower triangle is not read apart from the upper one; overwritten
 * @returns values descending, vectors (r, 2r): row i belongs to values[i]
 * Cost: about 40 r³ flops a sweep, of which there are 6 to 10.
 */
export function hermitianJacobi(
  a: Float64Array,
  r: number,
): { readonly values: Float64Array; readonly vectors: Float64Array[] } {
  const row = (i: number): Float64Array => a.subarray(2 * r * i, 2 * r * (i + 1));
  // rows of V hold eigenvectors conjugated until the end: V ← G V where A ← G A Gᴴ
  const turn = Array.from({ length: r }, (_, i) => {
    const v = new Float64Array(2 * r);
    v[2 * i] = 1;
    return v;
  });
  const negligible = 2 ** -56 * scaledNorm(a);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let turned = false;
    for (let p = 0; p < r; p++)
      for (let q = p + 1; q < r; q++) {
        const rotation = rotationOf(row(p), row(q), p, q, negligible);
        if (rotation === null) continue;
        turned = true;
        rotateRows(row(p), row(q), rotation);
        rotateColumns(a, r, p, q, rotation);
        rotateRows(turn[p], turn[q], rotation);
      }
    if (!turned) break;
  }
  const order = Array.from({ length: r }, (_, i) => i).sort((i, j) => row(j)[2 * j] - row(i)[2 * i]);
  const vectors = order.map((i) => turn[i].map((x, j) => (j % 2 === 0 ? x : -x)));
  return { values: Float64Array.from(order, (i) => row(i)[2 * i]), vectors };
}

/** cos, and sin with a phase */
interface Rotation {
  readonly c: number;
  readonly s: Complex;
}

/** That which makes entry (p, q) zero; null where it is negligible already. */
function rotationOf(rowP: Float64Array, rowQ: Float64Array, p: number, q: number, negligible: number): Rotation | null {
  const [re, im] = [rowP[2 * q], rowP[2 * q + 1]];
  const size = hypotenuse(re, im);
  if (!(size > negligible)) return null;
  const ratio = (rowQ[2 * q] - rowP[2 * p]) / (2 * size);
  const t = (ratio >= 0 ? 1 : -1) / (Math.abs(ratio) + hypotenuse(1, ratio));
  const c = 1 / Math.sqrt(1 + t * t);
  return { c, s: { re: (t * c * re) / size, im: (t * c * im) / size } };
}

/** rows p, q ← c p − s q, conj(s) p + c q */
function rotateRows(x: Float64Array, y: Float64Array, { c, s }: Rotation): void {
  const kept = x.slice();
  for (let j = 0; j < x.length; j++) x[j] *= c;
  addMultiple(x, { re: -s.re, im: -s.im }, y);
  for (let j = 0; j < y.length; j++) y[j] *= c;
  addMultiple(y, { re: s.re, im: -s.im }, kept);
}

/** The same from the right, conjugated; the diagonal is made real and entry (p, q) zero, as they are but for rounding. */
function rotateColumns(a: Float64Array, r: number, p: number, q: number, { c, s }: Rotation): void {
  for (let i = 0; i < r; i++) {
    const [x, y] = [2 * (r * i + p), 2 * (r * i + q)];
    const [xr, xi, yr, yi] = [a[x], a[x + 1], a[y], a[y + 1]];
    a[x] = c * xr - (s.re * yr + s.im * yi);
    a[x + 1] = c * xi - (s.re * yi - s.im * yr);
    a[y] = c * yr + (s.re * xr - s.im * xi);
    a[y + 1] = c * yi + (s.re * xi + s.im * xr);
  }
  for (const [i, j] of [
    [p, q],
    [q, p],
  ]) {
    a[2 * (r * i + i) + 1] = 0;
    a[2 * (r * i + j)] = 0;
    a[2 * (r * i + j) + 1] = 0;
  }
}
