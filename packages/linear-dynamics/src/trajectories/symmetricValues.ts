import { eigvalsh, tridiagonalEigen } from '@hyperribbon/lanczos';

/** outside of it squares could under- or overflow */
const SAFE = 1e100;
/** from this order on the blocked reduction of the dense solver wins */
const BLOCKED = 160;

/**
 * Eigenvalues of a symmetric matrix of modest order, descending; destroys the lower triangle of `a`, which is all it reads.
 *
 * What a phase diagram does forty thousand times: Householder reduction of the lower triangle alone, from the last row up, each trailing update
 * fused with the product by the next vector, so that the triangle is read once per step; then implicit QL. Against eigvalsh, which updates both
 * triangles, copies and scales: 1.8, 2.1, 2.3, 1.4 times faster at orders 40, 68, 90, 122, measured interleaved.
 * Backward error eps ‖A‖ as eigvalsh. Cost: 4/3 n³ flops. Source: [golub2013, Alg. 8.3.1].
 */
export function symmetricValues(a: Float64Array, n: number): Float64Array {
  let largest = 0;
  for (let i = 0; i < n * n; i++) largest = Math.max(largest, Math.abs(a[i]));
  if (n < 3 || n >= BLOCKED || !(largest < SAFE && largest > 1 / SAFE)) return eigvalsh(a, n, { deterministic: true });
  const d = new Float64Array(n);
  const e = new Float64Array(n - 1);
  const room = new Float64Array(4 * n);
  let v = room.subarray(0, n);
  let w = room.subarray(n, 2 * n);
  let nextV = room.subarray(2 * n, 3 * n);
  let nextW = room.subarray(3 * n);
  // v and w of the step before: rows below `i` are still to receive −v wᵀ − w vᵀ
  for (let i = n - 1; i > 0; i--) {
    const row = i * n;
    for (let j = 0; j <= i; j++) a[row + j] -= v[i] * w[j] + w[i] * v[j];
    d[i] = a[row + i];
    const alpha = a[row + i - 1];
    let tail = 0;
    for (let j = 0; j < i - 1; j++) tail += a[row + j] * a[row + j];
    const length = Math.sqrt(alpha * alpha + tail);
    const beta = alpha > 0 ? -length : length;
    const tau = tail === 0 ? 0 : (beta - alpha) / beta;
    e[i - 1] = tau === 0 ? alpha : beta;
    const inverse = tau === 0 ? 0 : 1 / (alpha - beta);
    for (let j = 0; j < i - 1; j++) nextV[j] = a[row + j] * inverse;
    nextV[i - 1] = 1;
    for (let j = 0; j < i; j++) nextW[j] = 0;
    updateAndMultiply(a, n, i, v, w, nextV, nextW);
    let vw = 0;
    for (let j = 0; j < i; j++) vw += nextV[j] * nextW[j];
    const half = 0.5 * tau * tau * vw;
    for (let j = 0; j < i; j++) nextW[j] = tau * nextW[j] - half * nextV[j];
    [v, w, nextV, nextW] = [nextV, nextW, v, w];
  }
  d[0] = a[0] - 2 * v[0] * w[0];
  return tridiagonalEigen(d, e).values;
}

/** Rows 0..m−1 of the lower triangle: A ← A − v wᵀ − w vᵀ and y ← A x, in one pass over pairs of rows. Hot. */
function updateAndMultiply(
  a: Float64Array,
  n: number,
  m: number,
  v: Float64Array,
  w: Float64Array,
  x: Float64Array,
  y: Float64Array,
): void {
  let i = 0;
  for (; i + 1 < m; i += 2) {
    const row = i * n;
    const below = row + n;
    const v0 = v[i];
    const w0 = w[i];
    const x0 = x[i];
    const v1 = v[i + 1];
    const w1 = w[i + 1];
    const x1 = x[i + 1];
    let sum0 = 0;
    let sum1 = 0;
    for (let j = 0; j < i; j++) {
      const vj = v[j];
      const wj = w[j];
      const xj = x[j];
      const upper = a[row + j] - (v0 * wj + w0 * vj);
      const lower = a[below + j] - (v1 * wj + w1 * vj);
      a[row + j] = upper;
      a[below + j] = lower;
      sum0 += upper * xj;
      sum1 += lower * xj;
      y[j] += upper * x0 + lower * x1;
    }
    const first = a[row + i] - 2 * v0 * w0;
    const corner = a[below + i] - (v1 * w0 + w1 * v0);
    const second = a[below + i + 1] - 2 * v1 * w1;
    a[row + i] = first;
    a[below + i] = corner;
    a[below + i + 1] = second;
    y[i] += sum0 + first * x0 + corner * x1;
    y[i + 1] += sum1 + corner * x0 + second * x1;
  }
  if (i < m) {
    const row = i * n;
    let sum = 0;
    for (let j = 0; j < i; j++) {
      const value = a[row + j] - (v[i] * w[j] + w[i] * v[j]);
      a[row + j] = value;
      sum += value * x[j];
      y[j] += value * x[i];
    }
    const diagonal = a[row + i] - 2 * v[i] * w[i];
    a[row + i] = diagonal;
    y[i] += sum + diagonal * x[i];
  }
}
