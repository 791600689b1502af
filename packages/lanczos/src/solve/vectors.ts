/** Σ xᵢ yᵢ in float64, four sums side by side. */
export function dot(x: Float64Array, y: Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const body = x.length & ~3;
  for (let i = 0; i < body; i += 4) {
    a += x[i] * y[i];
    b += x[i + 1] * y[i + 1];
    c += x[i + 2] * y[i + 2];
    d += x[i + 3] * y[i + 3];
  }
  for (let i = body; i < x.length; i++) a += x[i] * y[i];
  return a + b + (c + d);
}

/** ‖x‖ of numbers whose squares neither overflow nor vanish. */
export function norm(x: Float64Array): number {
  return Math.sqrt(dot(x, x));
}

/** y ← y + a x */
export function addTo(y: Float64Array, a: number, x: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] += a * x[i];
}
