// Tasks of regression in context, and the best that anybody can answer: shared by the study and a fast test.
import { stream } from '@hyperribbon/random';

/**
 * Tasks w ~ N(0, I): from pairs (xᵢ, w·xᵢ + σεᵢ) and a question x to its answer w·x + σε.
 *
 * @param setting dimension d, length n, noise σ
 * @returns inputs (count, (n + 1)(d + 1)), token by token, the last answer left out; targets with noise, `clean` without
 */
export function inContextTasks({ dimension: d, length: n, noise }, { count, seed, index = 0 }) {
  const draws = stream({ seed, purpose: 'in-context', index });
  const [width, features] = [d + 1, (n + 1) * (d + 1)];
  const inputs = new Float32Array(count * features);
  const [targets, clean] = [new Float32Array(count), new Float64Array(count)];
  const [w, x, e] = [new Float64Array(d), new Float64Array((n + 1) * d), new Float64Array(n + 1)];
  for (let t = 0; t < count; t++) {
    for (const array of [w, x, e]) draws.normal(array);
    for (let i = 0; i <= n; i++) {
      const token = t * features + i * width;
      let y = 0;
      for (let j = 0; j < d; j++) {
        inputs[token + j] = x[i * d + j];
        y += w[j] * x[i * d + j];
      }
      if (i < n) inputs[token + d] = y + noise * e[i];
      else [clean[t], targets[t]] = [y, y + noise * e[i]];
    }
  }
  return { inputs, targets, outputs: 1, count, features, clean };
}

/** Answers of ridge regression with λ = σ², the posterior mean: no function of the pairs has a smaller risk. */
export function ridgeAnswers({ dimension: d, length: n, noise }, { inputs, count, features }) {
  return Float64Array.from({ length: count }, (_, t) => {
    const token = (i, j) => inputs[t * features + i * (d + 1) + j];
    // (XᵀX + σ²I | Xᵀy), solved by elimination
    const A = Array.from({ length: d }, (_, a) =>
      Array.from({ length: d + 1 }, (_, b) => {
        let sum = a === b ? noise * noise : 0;
        for (let i = 0; i < n; i++) sum += token(i, a) * token(i, b);
        return sum;
      }),
    );
    for (let p = 0; p < d; p++)
      for (let r = p + 1; r < d; r++) {
        const factor = A[r][p] / A[p][p];
        for (let c = p; c <= d; c++) A[r][c] -= factor * A[p][c];
      }
    const w = new Float64Array(d);
    for (let p = d - 1; p >= 0; p--) {
      let rest = A[p][d];
      for (let c = p + 1; c < d; c++) rest -= A[p][c] * w[c];
      w[p] = rest / A[p][p];
    }
    return w.reduce((sum, weight, j) => sum + weight * token(n, j), 0);
  });
}

/** Mean of (a − b)². */
export function meanSquare(a, b) {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum / b.length;
}
