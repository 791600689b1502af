// The loops of update rules: one per rule, for both element types. Numbers are computed in float64 and rounded where they are kept.
import type { FloatArray } from '@hyperribbon/kernels';

export function momentumUpdate(
  w: FloatArray,
  g: FloatArray,
  v: FloatArray,
  lr: number,
  { momentum: mu, nesterov }: { readonly momentum: number; readonly nesterov: boolean },
): void {
  for (let i = 0; i < w.length; i++) {
    const velocity = mu * v[i] + g[i];
    v[i] = velocity;
    w[i] = w[i] - lr * (nesterov ? g[i] + mu * velocity : velocity); // hot
  }
}

/**
 * lr m̂/(√v̂ + ε) with m̂ = m/c1, v̂ = v/c2² is (lr c2/c1) m/(√v + ε c2): one division and one root per weight.
 *
 * @param updates made so far, this one included
 */
export function adamUpdate(
  w: FloatArray,
  g: FloatArray,
  m: FloatArray,
  v: FloatArray,
  learningRate: number,
  updates: number,
  { beta1, beta2, epsilon }: { readonly beta1: number; readonly beta2: number; readonly epsilon: number },
): void {
  const c1 = 1 - integerPower(beta1, updates);
  const c2 = Math.sqrt(1 - integerPower(beta2, updates));
  adamLoop(w, g, m, v, beta1, beta2, (learningRate / c1) * c2, epsilon * c2);
}

// one loop for both element types: 1.05 of the time of one for float32 alone, where both types are in use
function adamLoop(
  w: FloatArray,
  g: FloatArray,
  m: FloatArray,
  v: FloatArray,
  beta1: number,
  beta2: number,
  learningRate: number,
  epsilon: number,
): void {
  const alpha1 = 1 - beta1;
  const alpha2 = 1 - beta2;
  for (let i = 0; i < w.length; i++) {
    const slope = g[i];
    const mean = beta1 * m[i] + alpha1 * slope;
    const square = beta2 * v[i] + alpha2 * slope * slope;
    m[i] = mean;
    v[i] = square;
    w[i] = w[i] - (learningRate * mean) / (Math.sqrt(square) + epsilon); // hot
  }
}

/** @param slots squares, then means where centred, then velocities where there is momentum */
export function rmsPropUpdate(
  w: FloatArray,
  g: FloatArray,
  slots: readonly FloatArray[],
  lr: number,
  {
    smoothing,
    epsilon,
    momentum,
    centered,
  }: { readonly smoothing: number; readonly epsilon: number; readonly momentum: number; readonly centered: boolean },
): void {
  const [squares, means] = slots;
  const velocities = momentum > 0 ? slots[slots.length - 1] : undefined;
  const rest = 1 - smoothing;
  for (let i = 0; i < w.length; i++) {
    const slope = g[i];
    const square = smoothing * squares[i] + rest * slope * slope;
    squares[i] = square;
    let spread = square;
    if (centered) {
      const mean = smoothing * means[i] + rest * slope;
      means[i] = mean;
      // rounding may leave a constant gradient with a variance below 0
      spread = Math.max(0, square - mean * mean);
    }
    let step = slope / (Math.sqrt(spread) + epsilon);
    if (velocities !== undefined) step = velocities[i] = momentum * velocities[i] + step;
    w[i] = w[i] - lr * step; // hot
  }
}

/** @param means of the gradients; undefined without momentum */
export function signUpdate(
  w: FloatArray,
  g: FloatArray,
  means: FloatArray | undefined,
  lr: number,
  { momentum }: { readonly momentum: number },
): void {
  const rest = 1 - momentum;
  for (let i = 0; i < w.length; i++) {
    const slope = means === undefined ? g[i] : (means[i] = momentum * means[i] + rest * g[i]);
    if (slope !== 0) w[i] = slope > 0 ? w[i] - lr : w[i] + lr; // hot
  }
}

/** b^n for a whole n ≥ 0 by squaring: `**` differs between runtimes. */
function integerPower(base: number, exponent: number): number {
  let result = 1;
  for (let square = base, n = exponent; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
