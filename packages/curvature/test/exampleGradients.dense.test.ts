// Oracle: products with the Jacobian that is never formed, and central differences of the network's own function.
import {
  exampleGradientNorms,
  exampleGradients,
  exampleJacobian,
  gramMatrix,
  inputJacobian,
} from '@hyperribbon/curvature';
import { eigsh } from '@hyperribbon/lanczos';
import { svds } from '@hyperribbon/lanczos/svd';
import { lenet, logits, mlp, squaredError } from '@hyperribbon/nn';
import { gpt } from '@hyperribbon/nn/models';
import { describe, expect, it } from 'vitest';
import { relativeDistance, smallExamples, someVector } from './smallExamples.js';

const net = mlp([3, 4, 3, 2]);
const params = net.init(5, 'float64');
const examples = smallExamples(7, 3, 2);
const options = { dtype: 'float64' } as const;

describe('gradients of examples', () => {
  it.each([
    ['of the loss', {}],
    ['of another loss', { of: squaredError }],
    ['of a logit', { of: 1 }],
    ['of some parameters, in chunks', { parameters: /2$/, chunkSize: 3 }],
  ])('%s are the rows of the Jacobian', (_, more) => {
    const { matrix, rows, columns } = exampleGradients(net, params, examples, { ...options, ...more });
    const J = exampleJacobian(net, params, examples, { ...options, ...more });
    expect([rows, columns]).toEqual([7, J.columns]);
    const own = Float64Array.from({ length: 7 }, (__, i) => i).reduce(
      (all, i) => {
        J.applyTransposed(
          Float64Array.from({ length: 7 }, (__, k) => Number(k === i)),
          all.subarray(i * columns, (i + 1) * columns),
        );
        return all;
      },
      new Float64Array(7 * columns),
    );
    expect(relativeDistance(matrix, own)).toBeLessThan(1e-14);
    const norms = exampleGradientNorms(net, params, examples, { ...options, ...more });
    norms.forEach((norm, i) => {
      const row = matrix.slice(i * columns, (i + 1) * columns) as Float64Array;
      expect(norm).toBeCloseTo(Math.sqrt(row.reduce((sum, x) => sum + x * x, 0)), 12);
    });
    const { chunkSize: _size, ...ofGram } = more as { chunkSize?: number };
    const gram = gramMatrix(net, params, examples, ofGram);
    for (let i = 0; i < 7; i++) expect(Math.sqrt(7 * gram[i * 8])).toBeCloseTo(norms[i], 12);
  });

  it('tell their bytes, and are refused before anything runs where those are too many', () => {
    const { bytes } = exampleGradients(net, params, examples, options);
    expect(bytes).toBeGreaterThanOrEqual(8 * 7 * net.size);
    expect(exampleGradients(net, params, examples, { ...options, memoryLimit: bytes }).bytes).toBe(bytes);
    expect(() => exampleGradients(net, params, examples, { ...options, memoryLimit: bytes - 1 })).toThrow(
      `exampleGradients: needs ${bytes} bytes for 7 gradients of ${net.size} numbers`,
    );
    expect(() => exampleGradientNorms(net, params, examples, { ...options, memoryLimit: 100 })).toThrow(
      'or a smaller chunkSize',
    );
    const weighted = { ...examples, weights: new Float64Array(7).fill(1) };
    expect(() => exampleGradients(net, params, weighted, options)).toThrow('must not have weights');
  });
});

describe('the Jacobian by the inputs', () => {
  const [count, features, outputs] = [7, 3, 2];
  const J = inputJacobian(net, params, examples, { ...options, chunkSize: 3 });
  const h = 1e-5;
  /** (count, outputs, features) */
  const dense = Float64Array.from({ length: count * outputs * features }, (_, at) => {
    const [i, c, k] = [Math.floor(at / (outputs * features)), Math.floor(at / features) % outputs, at % features];
    const [above, below] = [h, -h].map((by) => {
      const inputs = Float64Array.from(examples.inputs);
      inputs[i * features + k] += by;
      return logits(net, params, { ...examples, inputs })[i * outputs + c];
    });
    return (above - below) / (2 * h);
  });
  const block = (i: number): Float64Array => dense.subarray(i * outputs * features, (i + 1) * outputs * features);

  it('is a block for each example, both ways', () => {
    expect([J.rows, J.columns]).toEqual([count * outputs, count * features]);
    const v = someVector(count * features);
    const Jv = new Float64Array(J.rows);
    J.apply(v, Jv);
    const u = someVector(count * outputs, 4);
    const JTu = new Float64Array(J.columns);
    J.applyTranspose(u, JTu);
    const expected = Jv.map((_, r) => {
      const [i, c] = [Math.floor(r / outputs), r % outputs];
      return [0, 1, 2].reduce((sum, k) => sum + block(i)[c * features + k] * v[i * features + k], 0);
    });
    expect(relativeDistance(Jv, expected)).toBeLessThan(1e-8);
    const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i], 0);
    expect(Math.abs(dot(u, Jv) - dot(JTu, v))).toBeLessThan(1e-14 * Math.abs(dot(u, Jv)) + 1e-15);
    expect(relativeDistance(Jv.with(0, Jv[0] + 1e-6), expected)).toBeGreaterThan(1e-8);
  });

  it('has means of JᵀJ and JJᵀ with the same trace, whose top is that of the stacked Jacobians', async () => {
    const gram = Float64Array.from({ length: features * features }, (_, ab) => {
      const [a, b] = [Math.floor(ab / features), ab % features];
      let sum = 0;
      for (let r = 0; r < count * outputs; r++) sum += dense[r * features + a] * dense[r * features + b];
      return sum / count;
    });
    const columns = [0, 1, 2].flatMap((k) => {
      const out = new Float64Array(features);
      void J.inputGram.apply(
        Float64Array.from({ length: features }, (_, j) => Number(j === k)),
        out,
      );
      return [...out];
    });
    expect(relativeDistance(columns, gram)).toBeLessThan(1e-8);
    const { values } = await eigsh(J.outputGram, { k: 2, which: 'LA', seed: 1 });
    const trace = gram[0] + gram[4] + gram[8];
    expect(Math.abs(values[0] + values[1] - trace)).toBeLessThan(1e-8 * trace);
    const one = inputJacobian(
      net,
      params,
      { ...examples, inputs: examples.inputs.slice(0, 3), labels: examples.labels.slice(0, 1), count: 1 },
      options,
    );
    const { values: singular } = await svds(one, { k: 2, seed: 1 });
    const square = block(0).reduce((sum, x) => sum + x * x, 0);
    expect(Math.abs(singular[0] ** 2 + singular[1] ** 2 - square)).toBeLessThan(1e-8 * square);
  });

  it('takes convolutional networks, and refuses tokens', () => {
    const cnn = lenet({ channels: [1, 1], hidden: [2], classes: 2 });
    const images = smallExamples(2, 784, 2);
    const map = inputJacobian(cnn, cnn.init(1, 'float64'), images, options);
    const [x, y] = [new Float64Array(map.columns).fill(1), new Float64Array(map.rows)];
    map.apply(x, y);
    expect(y.some((value) => value !== 0)).toBe(true);
    const model = gpt(4, 1, 1, { vocabulary: 5, positions: 2 });
    const tokens = { inputs: Float64Array.of(1, 2), targets: Float64Array.of(2, 3), count: 1, features: 2, outputs: 2 };
    expect(() => inputJacobian(model, model.init(1), tokens)).toThrow('takes tokens, by which there is no derivative');
  });
});
