/** A complex number. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** Σ conj(xⱼ) yⱼ of interleaved vectors. */
export function innerProduct(x: Float64Array, y: Float64Array): Complex {
  let [re, im] = [0, 0];
  for (let j = 0; j < x.length; j += 2) {
    re += x[j] * y[j] + x[j + 1] * y[j + 1];
    im += x[j] * y[j + 1] - x[j + 1] * y[j];
  }
  return { re, im };
}

/** y ← y + a x */
export function addMultiple(y: Float64Array, { re, im }: Complex, x: Float64Array): void {
  for (let j = 0; j < x.length; j += 2) {
    y[j] += re * x[j] - im * x[j + 1];
    y[j + 1] += re * x[j + 1] + im * x[j];
  }
}

/** i x */
export function timesI(x: Float64Array): Float64Array {
  const y = new Float64Array(x.length);
  for (let j = 0; j < x.length; j += 2) {
    y[j] = -x[j + 1];
    y[j + 1] = x[j];
  }
  return y;
}

/**
 * Complex orthonormal vectors with the same complex span as m real orthonormal ones.
 *
 * Of m vectors that are orthonormal over the reals at least m/2 are independent over the complex numbers, and while fewer than that are chosen, the longest remainder has a square of
 * at least 1/m: what remains of those below half of that lies in the span, up to rounding, or belongs to eigenvectors of which another copy was chosen.
 *
 * @param rows (m, 2n) interleaved
 * @returns (r, 2n) rows, m/2 ≤ r ≤ m
 * Cost: 16 m r n flops.
 */
export function complexSpan(rows: Float64Array, m: number): Float64Array[] {
  const length = m === 0 ? 0 : rows.length / m;
  const left = Array.from({ length: m }, (_, i) => rows.slice(i * length, (i + 1) * length));
  const chosen: Float64Array[] = [];
  while (left.length > 0) {
    let [best, most] = [0, -1];
    left.forEach((x, i) => {
      const square = innerProduct(x, x).re;
      if (square > most) [best, most] = [i, square];
    });
    if (!(most > 1 / (2 * m))) break;
    const [next] = left.splice(best, 1);
    // a second pass takes out what rounding of the first left
    for (const q of chosen) subtractPart(next, q);
    const size = Math.sqrt(innerProduct(next, next).re);
    for (let j = 0; j < length; j++) next[j] /= size;
    chosen.push(next);
    for (const x of left) subtractPart(x, next);
  }
  return chosen;
}

function subtractPart(x: Float64Array, q: Float64Array): void {
  const { re, im } = innerProduct(q, x);
  addMultiple(x, { re: -re, im: -im }, q);
}
