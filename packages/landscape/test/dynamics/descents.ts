import { type Examples, mlp, squaredError } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { hessianAt, lossDerivatives } from '../../src/dynamics/lossDerivatives.js';
import { preconditioned, trackPairs } from '../../src/dynamics.js';

/** 299 weights, tanh: comes to the edge in some 140 steps of rate 0.4. */
export const network = mlp([8, 12, 12, 3], { activation: 'tanh' });
export const loss = { kind: 'squared-error' } as const;

/** Sixty points of three classes in eight standardised dimensions that overlap: the loss goes on falling at the edge for long. */
export function overlapping(seed: number): Examples {
  const [count, features] = [60, 8];
  const draws = stream({ seed, purpose: 'overlapping' });
  const means = draws.normal(new Float64Array(3 * features));
  const labels = Int32Array.from({ length: count }, (_, i) => i % 3);
  const inputs = Float64Array.from(
    draws.normal(new Float64Array(count * features)),
    (x, at) => x + 0.4 * means[features * labels[Math.floor(at / features)] + (at % features)],
  );
  for (let f = 0; f < features; f++) {
    const column = Array.from({ length: count }, (_, i) => inputs[i * features + f]);
    const mean = column.reduce((sum, x) => sum + x / count, 0);
    const deviation = Math.sqrt(column.reduce((sum, x) => sum + ((x - mean) * (x - mean)) / count, 0));
    column.forEach((x, i) => (inputs[i * features + f] = (x - mean) / deviation));
  }
  return { inputs, labels, count, features, classes: 3 };
}

/** A rule written out again: w ← w − g/P. */
export interface PlainRule {
  /** P of a step, from the second moments after it */
  readonly p: (squares: Float64Array) => Float64Array;
  readonly next: (squares: Float64Array, gradient: Float64Array) => Float64Array;
  readonly squares: Float64Array;
}

/** A run of descent, and what its midpoints (w₋ + 2w + w₊)/4, which do not oscillate, are like. */
export interface Descent {
  readonly weights: readonly Float64Array[];
  readonly losses: readonly number[];
  /** second moments after as many updates */
  readonly squares: readonly Float64Array[];
  midpoint(step: number): Float64Array;
  /** λ₁ of H at the midpoint, P⁻¹H with η in P where the rule has one */
  sharpness(step: number): Promise<number>;
}

/**
 * @param noise added to each weight in each step, times a normal number: without it the component along the top eigenvector decays to rounding before S crosses 2/η,
 * and the first burst comes late and large
 */
export function descend(
  examples: Examples,
  start: Float64Array,
  rule: PlainRule,
  { steps, noise, seed }: { readonly steps: number; readonly noise: number; readonly seed: number },
): Descent {
  const derivatives = lossDerivatives('descend', network, examples, {
    loss: squaredError,
    dtype: 'float64',
    deterministic: true,
  });
  const draws = stream({ seed, purpose: 'noise of descent' });
  const [weights, squares, losses]: [Float64Array[], Float64Array[], number[]] = [[start], [rule.squares], []];
  const gradient = new Float64Array(start.length);
  for (let step = 0; step <= steps; step++) {
    const w = weights[step];
    losses.push(derivatives.gradient(w, gradient));
    squares.push(rule.next(squares[step], gradient));
    const P = rule.p(squares[step + 1]);
    const kick = draws.normal(new Float64Array(w.length));
    weights.push(w.map((value, i) => value - gradient[i] / P[i] + noise * kick[i]) as Float64Array);
  }
  const midpoint = (step: number): Float64Array =>
    weights[step].map((w, i) => (weights[step - 1][i] + 2 * w + weights[step + 1][i]) / 4) as Float64Array;
  return {
    weights,
    losses,
    squares,
    midpoint,
    async sharpness(step) {
      const H = preconditioned(hessianAt(derivatives, midpoint(step)), rule.p(squares[step + 1]));
      return (await trackPairs(H, { tol: 1e-3 })).values[0];
    },
  };
}

export const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
export const distance = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  Math.sqrt(Array.from(x).reduce((sum, value, i) => sum + (value - y[i]) * (value - y[i]), 0));

/** Mean squared distance of iterates from their midpoints over some steps. */
export function spreadOf(descent: Descent, steps: readonly number[]): number {
  return mean(steps.map((step) => distance(descent.weights[step], descent.midpoint(step)) ** 2));
}
