import { exp, type FloatArray } from '@hyperribbon/kernels';
import type { Examples } from '@hyperribbon/nn';

/** What every row (example i, label c) is: its combination of outputs, its weight p_ic / n, and its group c_i · K + c, −1 where c is the true label. */
export interface LabelledRows {
  readonly classes: number;
  /** (rows, K) p − e_c */
  readonly coefficients: Float64Array;
  /** (rows,) */
  readonly weights: Float64Array;
  /** (rows,) */
  readonly groups: Int32Array;
}

/** @param outputs (count, K) logits */
export function labelledRows(outputs: FloatArray, { count, labels, classes: k }: Examples): LabelledRows {
  const coefficients = new Float64Array(count * k * k);
  const weights = new Float64Array(count * k);
  const groups = new Int32Array(count * k);
  for (let i = 0; i < count; i++) {
    const z = Float64Array.from(outputs.subarray(i * k, (i + 1) * k));
    const top = z.reduce((a, b) => Math.max(a, b), -Infinity);
    const p = z.map((x) => exp(x - top));
    const total = p.reduce((a, b) => a + b, 0);
    for (let c = 0; c < k; c++) p[c] /= total;
    for (let c = 0; c < k; c++) {
      const row = i * k + c;
      coefficients.set(p, row * k);
      // p_c − 1 loses all digits where p_c is near 1: minus the others keeps them
      let others = 0;
      for (let d = 0; d < k; d++) if (d !== c) others += p[d];
      coefficients[row * k + c] = -others;
      weights[row] = p[c] / count;
      groups[row] = c === labels[i] ? -1 : labels[i] * k + c;
    }
  }
  return { classes: k, coefficients, weights, groups };
}
