import { exponentOf, maxAbs, powerOfTwo, scaleByPower } from '../dense/powerOfTwo.js';

const EPS = 2 ** -52;
/**
 * Rows of this length and less, of a matrix with entries of order one, are zero. A row that depends on the others shrinks step by step: once it is
 * subnormal its rotations and reflectors are not orthogonal, and do not end.
 */
export const NOTHING: number = 2 ** -950;

/**
 * One-sided Jacobi on the rows of w (k, m): rotations of pairs of rows until all are orthogonal to working precision [demmel1992, Alg. 4.1],
 * with the norms kept in order, which makes it converge in few sweeps [derijk1989].
 *
 * With T the product of the rotations w becomes T w, its rows σᵢ vᵢᵀ; a `turned` that was the identity becomes T, its rows the left singular
 * vectors. Small singular values keep relative accuracy where rows are scaled differently: every comparison is relative to the two rows at
 * hand, whose scales are taken out first. The same bits in every runtime.
 *
 * @param w (k, m) row-major, finite, k ≤ m; overwritten
 * @param turned (k, columns) or null: has the same rotations applied
 * @returns (k,) norms of the rows, descending: rows of w and turned are sorted with them
 * @throws Error when 60 sweeps do not suffice, which no finite matrix is known to do
 * Cost: about 6 sweeps of 3 k² m flops.
 * @example
 * const w = Float64Array.of(0, 3, 4, 0);
 * jacobiRows(2, 2, w, null, 0); // [4, 3]
 */
export function jacobiRows(
  k: number,
  m: number,
  w: Float64Array,
  turned: Float64Array | null,
  columns: number,
): Float64Array {
  const exponent = exponentOf(maxAbs(w));
  scaleByPower(w, -exponent);
  const norms = rowNorms(k, m, w);
  const tolerance = cosineTolerance(m);
  for (let sweep = 0; ; sweep++) {
    if (sweep === 60) throw new Error('svd: no convergence after 60 sweeps');
    let rotations = 0;
    for (let p = 0; p < k - 1; p++) {
      // the largest of what is left to the front
      let largest = p;
      for (let i = p + 1; i < k; i++) if (norms[i] > norms[largest]) largest = i;
      if (largest !== p) {
        swapRows(w, p * m, largest * m, m);
        if (turned !== null) swapRows(turned, p * columns, largest * columns, columns);
        [norms[p], norms[largest]] = [norms[largest], norms[p]];
      }
      for (let q = p + 1; q < k; q++) {
        if (norms[q] <= NOTHING) {
          w.fill(0, q * m, (q + 1) * m);
          norms[q] = 0;
          continue;
        }
        const cosine = cosineOf(w, p * m, q * m, m, norms[p], norms[q]);
        if (!(Math.abs(cosine) > tolerance)) continue;
        rotations++;
        const t = tangent(norms[q] / norms[p], cosine);
        rotate(w, p * m, q * m, m, t);
        if (turned !== null) rotate(turned, p * columns, q * columns, columns, t);
        norms[p] = rowNorm(w, p * m, m);
        norms[q] = rowNorm(w, q * m, m);
      }
    }
    if (rotations > 0) continue;
    scaleByPower(w, exponent);
    return scaleByPower(norms, exponent);
  }
}

/**
 * Tangent t of the angle that makes rows p and q orthogonal, p ← c p − s q, from the ratio ‖q‖/‖p‖ of their lengths and their cosine: nothing over- or
 * underflows.
 */
export function tangent(ratio: number, cosine: number): number {
  const zeta = (ratio - 1 / ratio) / (2 * cosine);
  const size = Math.abs(zeta);
  return (zeta < 0 ? -1 : 1) / (size > 1e150 ? 2 * size : size + Math.sqrt(1 + zeta * zeta));
}

/** Σ xᵢ yᵢ / (‖x‖ ‖y‖) of two rows. */
function cosineOf(w: Float64Array, p: number, q: number, m: number, normP: number, normQ: number): number {
  let s = 0;
  if (normP * normQ > 1e-250 && normP * normQ < 1e250) {
    // four sums: one alone waits for every addition
    let [s1, s2, s3] = [0, 0, 0];
    let j = 0;
    for (; j + 4 <= m; j += 4) {
      s += w[p + j] * w[q + j];
      s1 += w[p + j + 1] * w[q + j + 1];
      s2 += w[p + j + 2] * w[q + j + 2];
      s3 += w[p + j + 3] * w[q + j + 3];
    }
    for (; j < m; j++) s += w[p + j] * w[q + j];
    return (s + s1 + (s2 + s3)) / normP / normQ;
  }
  const [a, b] = [scaleOf(normP), scaleOf(normQ)];
  for (let j = 0; j < m; j++) s += w[p + j] * a * (w[q + j] * b);
  return s / (normP * a) / (normQ * b);
}

function scaleOf(norm: number): number {
  return powerOfTwo(Math.max(-1000, Math.min(1000, -exponentOf(norm))));
}

/** Rows of m entries with a cosine up to this are orthogonal to working precision. */
export function cosineTolerance(m: number): number {
  return 2 * EPS * Math.sqrt(m);
}

/** (k,) lengths of the rows of w (k, m). */
export function rowNorms(k: number, m: number, w: Float64Array): Float64Array {
  return Float64Array.from({ length: k }, (_, i) => rowNorm(w, i * m, m));
}

/** ‖row‖ without over- or underflow. */
export function rowNorm(w: Float64Array, start: number, m: number): number {
  const squares = sumOfSquares(w, start, start + m, 1);
  // far enough from both ends of the range that no square was lost
  if (squares > 1e-250 && squares < 1e250) return Math.sqrt(squares);
  const largest = maxAbs(w.subarray(start, start + m));
  if (largest === 0) return 0;
  const scale = scaleOf(largest);
  return Math.sqrt(sumOfSquares(w, start, start + m, scale)) / scale;
}

/** Σ (scale · w_j)² in eight sums: one alone of a hundred equal numbers rounds the same way again and again, and was off by 25 eps. */
function sumOfSquares(w: Float64Array, from: number, end: number, scale: number): number {
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
  let j = from;
  for (; j + 8 <= end; j += 8) {
    a += (w[j] * scale) ** 2;
    b += (w[j + 1] * scale) ** 2;
    c += (w[j + 2] * scale) ** 2;
    d += (w[j + 3] * scale) ** 2;
    e += (w[j + 4] * scale) ** 2;
    f += (w[j + 5] * scale) ** 2;
    g += (w[j + 6] * scale) ** 2;
    h += (w[j + 7] * scale) ** 2;
  }
  for (; j < end; j++) a += (w[j] * scale) ** 2;
  return a + b + (c + d) + (e + f + (g + h));
}

/**
 * Rows p and q turned by the angle of tangent t. In the form x − s (y + τ x), τ the tangent of half the angle [rutishauser1966], small rotations do not
 * stretch: with c x − s y the rounding of c stretches a row each time, by 60 eps after all rotations of 100 rows.
 */
function rotate(w: Float64Array, p: number, q: number, m: number, t: number): void {
  const c = 1 / Math.sqrt(1 + t * t);
  const s = c * t;
  const half = s / (1 + c);
  for (let j = 0; j < m; j++) {
    const x = w[p + j];
    const y = w[q + j];
    w[p + j] = x - s * (y + half * x);
    w[q + j] = y + s * (x - half * y);
  }
}

function swapRows(w: Float64Array, p: number, q: number, m: number): void {
  const kept = w.slice(p, p + m);
  w.copyWithin(p, q, q + m);
  w.set(kept, q);
}
