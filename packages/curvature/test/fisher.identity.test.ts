import { exampleJacobian, fisher, gramMatrix, hessian, logitJacobian } from '@hyperribbon/curvature';
import { eigvalsh } from '@hyperribbon/lanczos';
import { type Examples, logits, mlp } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { drawLabels } from '../src/operators/drawLabels.js';
import { matrixOf, product, relativeDistance, smallExamples, someVector } from './smallExamples.js';

const network = mlp([9, 8, 6, 5]);
const examples = smallExamples(50, 9, 5);
const w = network.init(3, 'float64').map((x) => 2 * x) as Float64Array;
const options = { dtype: 'float64', chunkSize: 16 } as const;
const { count, classes } = examples;
const n = network.size;

/** Rows of an example Jacobian, made explicit by products with unit vectors. */
function rowsOf(of: Parameters<typeof exampleJacobian>[3], data: Examples = examples): Float64Array[] {
  const J = exampleJacobian(network, w, data, { ...options, ...of });
  return Array.from({ length: data.count }, (_, i) => {
    const unit = new Float64Array(data.count);
    unit[i] = 1;
    const row = new Float64Array(n);
    J.applyTransposed(unit, row);
    return row;
  });
}

describe('Fisher matrices', () => {
  it('sampled: names its seed, and has loss and gradient of the data', () => {
    const F = fisher(network, w, examples, { ...options, kind: 'sampled', seed: 4 });
    expect(F.info.seed).toBe(4);
    const H = hessian(network, w, examples, options);
    expect([F.loss, F.gradientNorm]).toEqual([H.loss, H.gradientNorm]);
    const other = fisher(network, w, examples, { ...options, kind: 'sampled', seed: 5 });
    expect(relativeDistance(product(other, someVector(n)), product(F, someVector(n)))).toBeGreaterThan(1e-2);
  });

  it('sampled labels follow the model’s probabilities', () => {
    const big = smallExamples(20_000, 9, 5, 8);
    const labels = drawLabels(network, w, big, 1);
    const z = logits(network, w, big);
    const expected = Array.from({ length: classes }, () => 0);
    const variance = Array.from({ length: classes }, () => 0);
    for (let i = 0; i < big.count; i++) {
      const e = Array.from(z.subarray(i * classes, (i + 1) * classes), Math.exp);
      const total = e.reduce((sum, x) => sum + x, 0);
      e.forEach((x, c) => {
        expected[c] += x / total;
        variance[c] += (x / total) * (1 - x / total);
      });
    }
    expected.forEach((mean, c) => {
      const seen = labels.filter((label) => label === c).length;
      expect(Math.abs(seen - mean)).toBeLessThan(4 * Math.sqrt(variance[c]));
    });
  });

  it('sampled trace is within 10 % of the exact one at 1000 examples', () => {
    const many = smallExamples(1000, 9, 5, 2);
    const start = network.init(1, 'float64');
    const trace = (F: ReturnType<typeof fisher>): number => {
      const a = matrixOf(F);
      let sum = 0;
      for (let i = 0; i < n; i++) sum += a[i * (n + 1)];
      return sum;
    };
    const exact = trace(fisher(network, start, many, options));
    const sampled = trace(fisher(network, start, many, { ...options, kind: 'sampled' }));
    expect(Math.abs(sampled / exact - 1)).toBeLessThan(0.1);
    expect(sampled).not.toBe(exact);
  });
});

describe('the dual trick', () => {
  it.each([
    ['empirical Fisher', {}, () => fisher(network, w, examples, { ...options, kind: 'empirical' })],
    ['Jacobian of logit 3', { of: 3 }, () => logitJacobian(network, w, examples, { ...options, logit: 3 })],
  ])('%s: the Gram matrix has its non-zero eigenvalues', (_, of, build) => {
    const direct = eigvalsh(matrixOf(build()), n).slice(0, count);
    const dual = eigvalsh(gramMatrix(network, w, examples, of), count);
    dual.forEach((value, i) => expect(Math.abs(value - direct[i])).toBeLessThan(1e-10 * dual[0]));
  });

  it('entry (i, j) is the inner product of two gradients over n', () => {
    const K = gramMatrix(network, w, examples);
    const rows = rowsOf({});
    for (const [i, j] of [
      [0, 0],
      [3, 41],
      [49, 17],
    ]) {
      const inner = rows[i].reduce((sum, x, k) => sum + x * rows[j][k], 0) / count;
      expect(Math.abs(K[i * count + j] - inner)).toBeLessThan(1e-13 * K[0]);
    }
  });
});

describe('the example Jacobian', () => {
  it.each(['float64', 'float32'] as const)('in %s is the adjoint of its transpose: u·(J v) = (Jᵀ u)·v', (dtype) => {
    for (const of of [{}, { of: 2 }]) {
      const J = exampleJacobian(network, w, examples, { ...options, ...of, dtype });
      const [v, u] = [someVector(n, 5), someVector(count, 6)];
      const [Jv, Ju] = [new Float64Array(count), new Float64Array(n)];
      J.apply(v, Jv);
      J.applyTransposed(u, Ju);
      const left = Jv.reduce((sum, x, i) => sum + x * u[i], 0);
      const right = Ju.reduce((sum, x, i) => sum + x * v[i], 0);
      const size = Math.sqrt(Jv.reduce((sum, x) => sum + x * x, 0) * u.reduce((sum, x) => sum + x * x, 0));
      expect(Math.abs(left - right)).toBeLessThan((dtype === 'float64' ? 1e-14 : 1e-6) * size);
    }
  });

  it('of the loss, with weights 1/n, gives the gradient', () => {
    const out = new Float64Array(n);
    exampleJacobian(network, w, examples, options).applyTransposed(new Float64Array(count).fill(1 / count), out);
    expect(relativeDistance(out, hessian(network, w, examples, options).gradient())).toBeLessThan(1e-13);
  });

  it('twice is n times the logit operator', () => {
    const J = exampleJacobian(network, w, examples, { ...options, of: 1 });
    const v = someVector(n);
    const [Jv, JJv] = [new Float64Array(count), new Float64Array(n)];
    J.apply(v, Jv);
    J.applyTransposed(Jv, JJv);
    const A = logitJacobian(network, w, examples, { ...options, logit: 1, reduction: 'sum' });
    expect(relativeDistance(product(A, v), JJv)).toBeLessThan(1e-13);
  });
});
