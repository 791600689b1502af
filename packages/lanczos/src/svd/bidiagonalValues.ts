import { rowNorm } from './jacobi.js';

const EPS = 2 ** -52;

/**
 * Singular values of an upper bidiagonal matrix by implicit QR, in place: d becomes the values, descending, e zeros.
 *
 * Chases from the larger end of each block to the smaller, with the smallest singular value of the trailing 2 × 2 block as shift, or without shift
 * [demmel1990] where that is below the rounding of the first entry, or an entry of d is: a sweep without shift then splits the block. Each value has an error of
 * a few eps ‖B‖.
 *
 * @param n order @param d (n,) diagonal, of order one at most @param e (n − 1,) above it, at least
 * @throws Error after 30 n² sweeps, which no finite matrix is known to need
 * Cost: about 2 sweeps of 20 n flops and 2 n roots for each value
 */
export function bidiagonalValues(n: number, d: Float64Array, e: Float64Array): void {
  let norm = 0;
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(d[i]), i + 1 < n ? Math.abs(e[i]) : 0);
  const floor = EPS * norm;
  let [high, blockLow, blockHigh] = [n - 1, -1, -1];
  for (let sweep = 0; high > 0; sweep++) {
    if (sweep > 30 * n * n) throw new Error(`bidiagonalValues: no convergence at index ${high} of ${n}`);
    let low = high;
    while (low > 0 && Math.abs(e[low - 1]) > negligible(d, low - 1, floor)) low--;
    if (low > 0) e[low - 1] = 0;
    if (low === high) {
      high--;
      continue;
    }
    if (low !== blockLow || high !== blockHigh) {
      [blockLow, blockHigh] = [low, high];
      // J Bᵀ J has both diagonals reversed, and the same values
      if (Math.abs(d[low]) < Math.abs(d[high])) {
        d.subarray(low, high + 1).reverse();
        e.subarray(low, high).reverse();
      }
    }
    const shift = shiftOf(d, e, low, high, floor);
    if (shift === 0) sweepWithoutShift(d, e, low, high);
    else sweepWithShift(d, e, low, high, shift);
  }
  for (let i = 0; i < n; i++) d[i] = Math.abs(d[i]);
  const values = d.subarray(0, n);
  values.sort();
  values.reverse();
}

function negligible(d: Float64Array, i: number, floor: number): number {
  return Math.max(EPS * (Math.abs(d[i]) + Math.abs(d[i + 1])), floor * 2 ** -4);
}

/** The smallest singular value of [[f, g], [0, h]], or 0 where it would be lost. */
function shiftOf(d: Float64Array, e: Float64Array, low: number, high: number, floor: number): number {
  for (let i = low; i <= high; i++) if (Math.abs(d[i]) <= floor) return 0;
  const [f, g, h] = [Math.abs(d[high - 1]), Math.abs(e[high - 1]), Math.abs(d[high])];
  // σ₁ σ₂ = f h, σ₁² + σ₂² = f² + g² + h²
  const [sum, difference] = [Math.sqrt((f + h) * (f + h) + g * g), Math.sqrt((f - h) * (f - h) + g * g)];
  const shift = (2 * f * h) / (sum + difference);
  const share = shift / Math.abs(d[low]);
  return share * share <= EPS ? 0 : shift;
}

/** Hot. */
function sweepWithoutShift(d: Float64Array, e: Float64Array, low: number, high: number): void {
  let [c, oldC, oldS] = [1, 1, 0];
  for (let i = low; i < high; i++) {
    const [f, g] = [d[i] * c, e[i]];
    const r = length(f, g);
    c = r === 0 ? 1 : f / r;
    const s = r === 0 ? 0 : g / r;
    if (i > low) e[i - 1] = oldS * r;
    const [f2, g2] = [oldC * r, d[i + 1] * s];
    const r2 = length(f2, g2);
    oldC = r2 === 0 ? 1 : f2 / r2;
    oldS = r2 === 0 ? 0 : g2 / r2;
    d[i] = r2;
  }
  const last = d[high] * c;
  d[high] = last * oldC;
  e[high - 1] = last * oldS;
}

/** Hot. */
function sweepWithShift(d: Float64Array, e: Float64Array, low: number, high: number, shift: number): void {
  let f = (Math.abs(d[low]) - shift) * ((d[low] < 0 ? -1 : 1) + shift / d[low]);
  let g = e[low];
  for (let i = low; i < high; i++) {
    const r = length(f, g);
    const [c, s] = r === 0 ? [1, 0] : [f / r, g / r];
    if (i > low) e[i - 1] = r;
    f = c * d[i] + s * e[i];
    e[i] = c * e[i] - s * d[i];
    g = s * d[i + 1];
    d[i + 1] *= c;
    const r2 = length(f, g);
    const [c2, s2] = r2 === 0 ? [1, 0] : [f / r2, g / r2];
    d[i] = r2;
    f = c2 * e[i] + s2 * d[i + 1];
    d[i + 1] = c2 * d[i + 1] - s2 * e[i];
    if (i + 1 < high) {
      g = s2 * e[i + 1];
      e[i + 1] *= c2;
    }
  }
  e[high - 1] = f;
}

/** √(f² + g²), also where squares underflow. */
function length(f: number, g: number): number {
  const r = Math.sqrt(f * f + g * g);
  return r > 1e-140 ? r : rowNorm(Float64Array.of(f, g), 0, 2);
}
