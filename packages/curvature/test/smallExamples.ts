import type { CurvatureOperator } from '@hyperribbon/curvature';
import type { Examples } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';

/** Gaussian inputs with labels of every class: `count` examples of `features` numbers. */
export function smallExamples(count: number, features: number, classes: number, seed = 1): Examples {
  const inputs = stream({ seed, purpose: 'test-inputs' }).normal(new Float64Array(count * features));
  const draw = stream({ seed, purpose: 'test-labels' });
  return { inputs, labels: Int32Array.from({ length: count }, () => draw.integer(classes)), count, features, classes };
}

/** Some of the examples, in the order given. */
export function select(examples: Examples, rows: readonly number[]): Examples {
  const { features } = examples;
  const inputs = new Float64Array(rows.length * features);
  rows.forEach((row, i) => inputs.set(examples.inputs.subarray(row * features, (row + 1) * features), i * features));
  return { ...examples, inputs, labels: Int32Array.from(rows, (row) => examples.labels[row]), count: rows.length };
}

/** A vector that looks random. */
export function someVector(n: number, seed = 3): Float64Array {
  return stream({ seed, purpose: 'test-vector' }).normal(new Float64Array(n));
}

/** The matrix of an operator, (n, n) row-major. */
export function matrixOf(operator: CurvatureOperator): Float64Array {
  const n = operator.size;
  const a = new Float64Array(n * n);
  const unit = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    unit.fill(0);
    unit[j] = 1;
    // symmetric: column j is row j
    operator.apply(unit, a.subarray(j * n, (j + 1) * n));
  }
  return a;
}

export function product(operator: CurvatureOperator, v: Float64Array): Float64Array {
  const out = new Float64Array(v.length);
  operator.apply(v, out);
  return out;
}

/** max |a − b| / max |b| */
export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let distance = 0;
  let scale = 0;
  for (let i = 0; i < b.length; i++) {
    distance = Math.max(distance, Math.abs(a[i] - b[i]));
    scale = Math.max(scale, Math.abs(b[i]));
    if (Number.isNaN(a[i] - b[i])) return Number.NaN;
  }
  return a.length === b.length ? distance / scale : Number.NaN;
}
