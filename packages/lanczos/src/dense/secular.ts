const EPS = 2 ** -52;
/** a step smaller than this, relative to the distance from the pole, is the last one */
const SETTLED = 2 ** -28;

/**
 * Root j of the secular equation 1/rho + Σ zᵢ²/(dᵢ − λ) = 0 in (d_j, d_{j+1}), for the last j in (d_j, d_j + rho).
 *
 * d (k,) strictly ascending, ‖z‖ = 1, rho > 0. `delta` receives dᵢ − λ, each to high relative accuracy because the unknown is the
 * distance from the nearest pole. Iterates the rational interpolation with both neighbouring poles ("middle way" [li1993]) inside a
 * bracket. Cost: about 4 passes over k terms.
 * @returns λ
 */
export function secularRoot(
  k: number,
  j: number,
  d: Float64Array,
  z2: Float64Array,
  rho: number,
  delta: Float64Array,
): number {
  const last = j === k - 1;
  const gap = last ? rho : d[j + 1] - d[j];
  // the first pass, at the middle, tells by its sign which pole is nearer
  let pole = d[j];
  let low = 0;
  let high = gap;
  let mu = gap / 2;
  const sums = new Float64Array(2);
  for (let i = 0; i < k; i++) delta[i] = d[i] - pole;
  for (let step = 0; step < 100; step++) {
    // psi sums poles up to j (negative), phi those beyond (positive); f increases from −∞ to +∞
    sumTerms(0, j + 1, z2, delta, mu, sums);
    const [psi, dpsi] = sums;
    sumTerms(j + 1, k, z2, delta, mu, sums);
    const [phi, dphi] = sums;
    const f = 1 / rho + psi + phi;
    if (step === 0 && f < 0 && !last) {
      pole = d[j + 1];
      for (let i = 0; i < k; i++) delta[i] = d[i] - pole;
      [low, mu, high] = [-gap, -gap / 2, 0];
    }
    if (Math.abs(f) <= 4 * EPS * (1 / rho - psi + phi)) break;
    if (f < 0) low = mu;
    else high = mu;
    if (high - low <= EPS * Math.min(Math.abs(low), Math.abs(high))) break;
    const near = delta[j];
    const far = last ? Infinity : delta[j + 1];
    const a1 = near - mu;
    let next: number;
    if (last) {
      const c = f - a1 * dpsi;
      next = mu + a1 + (a1 * a1 * dpsi) / c;
    } else {
      const a2 = far - mu;
      const a = (a1 + a2) * f - a1 * a2 * (dpsi + dphi);
      const b = a1 * a2 * f;
      const c = f - a1 * dpsi - a2 * dphi;
      const root = Math.sqrt(Math.max(0, a * a - 4 * b * c));
      next = mu + (a <= 0 ? (a - root) / (2 * c) : (2 * b) / (a + root));
    }
    if (!(next > low && next < high)) next = between(low, high);
    // what is still missing is of the order of the square of this step
    const settled = Math.abs(next - mu) <= SETTLED * Math.abs(next);
    mu = next;
    if (settled) break;
  }
  for (let i = 0; i < k; i++) delta[i] -= mu;
  return pole + mu;
}

/** sums ← Σ zᵢ²/(deltaᵢ − mu) and its derivative over i in [from, to). Two terms share a division: it is what a pass waits for. */
function sumTerms(
  from: number,
  to: number,
  z2: Float64Array,
  delta: Float64Array,
  mu: number,
  sums: Float64Array,
): void {
  let sum = 0;
  let derivative = 0;
  let i = from;
  if ((to - from) % 2 === 1) {
    const t = 1 / (delta[i] - mu);
    sum = z2[i++] * t;
    derivative = sum * t;
  }
  for (; i < to; i += 2) {
    const a = delta[i] - mu;
    const b = delta[i + 1] - mu;
    const r = 1 / (a * b);
    const s = z2[i] * (r * b);
    const t = z2[i + 1] * (r * a);
    sum += s + t;
    derivative += s * (r * b) + t * (r * a);
  }
  sums[0] = sum;
  sums[1] = derivative;
}

/** Middle of a bracket, by magnitude when its ends differ much: the root may be 1e-20 of the gap. */
function between(low: number, high: number): number {
  const big = Math.max(Math.abs(low), Math.abs(high));
  const small = Math.min(Math.abs(low), Math.abs(high));
  if (small > big / 16) return (low + high) / 2;
  const middle = small === 0 ? big / 1024 : Math.sqrt(small) * Math.sqrt(big);
  return high > 0 ? middle : -middle;
}
