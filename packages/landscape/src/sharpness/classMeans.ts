import { floatArray } from '@hyperribbon/contract';
import type { ExampleJacobian } from '@hyperribbon/curvature';
import type { LabelledRows } from './labelledRows.js';

/** Means of gradients by the true class and the other class, with the weights of the model. */
export interface ClassMeans {
  /** (K, K) W_cc′ */
  readonly weights: Float64Array;
  /** √W_c ḡ_c of every class that has examples, (size,) each */
  readonly ofClass: readonly Float64Array[];
  /** √W_cc′ (ḡ_cc′ − ḡ_c) of every pair that has weight */
  readonly cross: readonly Float64Array[];
}

/**
 * ḡ_cc′ and ḡ_c of rows with weights, scaled by the roots of their weights so that their outer products add up to the parts.
 *
 * Cost: one product Jᵀu for each pair of classes
 */
export function classMeans(J: ExampleJacobian, { classes: K, weights, groups }: LabelledRows): ClassMeans {
  const totals = new Float64Array(K * K);
  groups.forEach((group, row) => {
    if (group >= 0) totals[group] += weights[row];
  });
  const [ofClass, cross]: [Float64Array[], Float64Array[]] = [[], []];
  for (let c = 0; c < K; c++) {
    const pairs = Array.from({ length: K }, (_, other) => c * K + other).filter((pair) => totals[pair] > 0);
    const whole = pairs.reduce((sum, pair) => sum + totals[pair], 0);
    if (whole === 0) continue;
    const means = pairs.map((pair) => meanOf(J, weights, groups, pair, totals[pair]));
    const centre = new Float64Array(J.columns);
    means.forEach((mean, i) => {
      const share = totals[pairs[i]] / whole;
      for (let j = 0; j < centre.length; j++) centre[j] += share * mean[j];
    });
    const root = Math.sqrt(whole);
    ofClass.push(centre.map((x) => root * x));
    means.forEach((mean, i) => {
      const own = Math.sqrt(totals[pairs[i]]);
      cross.push(mean.map((x, j) => own * (x - centre[j])));
    });
  }
  return { weights: totals, ofClass, cross };
}

function meanOf(
  J: ExampleJacobian,
  weights: Float64Array,
  groups: Int32Array,
  pair: number,
  total: number,
): Float64Array {
  const out = floatArray(J.dtype, J.columns);
  const shares = weights.map((w, row) => (groups[row] === pair ? w / total : 0));
  J.applyTransposed(floatArray(J.dtype, shares), out);
  return Float64Array.from(out);
}

/** (n, n) products of vectors */
export function gramOf(vectors: readonly Float64Array[]): Float64Array {
  const n = vectors.length;
  const gram = new Float64Array(n * n);
  for (let a = 0; a < n; a++)
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let i = 0; i < vectors[a].length; i++) sum += vectors[a][i] * vectors[b][i];
      gram[a * n + b] = gram[b * n + a] = sum;
    }
  return gram;
}
