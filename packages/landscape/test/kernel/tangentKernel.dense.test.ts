import { exampleJacobian } from '@hyperribbon/curvature';
import { eigh } from '@hyperribbon/lanczos';
import { type Examples, mlp, type Network } from '@hyperribbon/nn';
import { parseArchitecture, resnet } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, test } from 'vitest';
import { neuralTangentKernel, traceKernel } from '../../src/kernel.js';
import { examples as plain, network as small } from '../small.js';

function images(net: Network, count: number): Examples {
  const inputs = stream({ seed: 3, purpose: 'inputs' }).normal(new Float32Array(count * net.inputs));
  const labels = Int32Array.from({ length: count }, (_, i) => i % net.classes);
  return { inputs, labels, count, features: net.inputs, shape: net.inputShape!, classes: net.classes };
}

/** J (n k, size): gradients of every logit of every example. */
function jacobian(net: Network, params: Float64Array, examples: Examples): Float64Array[] {
  const { count } = examples;
  return Array.from({ length: count * net.classes }, (_, row) => {
    const [i, c] = [Math.floor(row / net.classes), row % net.classes];
    const one = exampleJacobian(net, params, examples, { of: c, dtype: 'float64' });
    const unit = new Float64Array(count);
    unit[i] = 1;
    const gradient = new Float64Array(net.size);
    one.applyTransposed(unit, gradient);
    return gradient;
  });
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i], 0);

const convolutions = parseArchitecture(
  '{"input":[1,6,6],"layers":[{"kind":"conv2d","out":3,"kernel":3,"padding":1},{"kind":"tanh"},{"kind":"averagePool","size":2},{"kind":"flatten"},{"kind":"linear","out":3}]}',
);
const residual = resnet(8, { classes: 3, width: 0.125, image: [1, 8, 8] });
const cases: readonly (readonly [string, Network, Examples])[] = [
  ['a dense network', small, { ...plain, ...slice(plain, 6) }],
  ['one layer', mlp([5, 3]), { ...plain, ...slice(plain, 6) }],
  ['convolutions', convolutions, images(convolutions, 4)],
  ['a residual network with batch norms', residual, images(residual, 3)],
];

function slice(examples: Examples, count: number) {
  return { inputs: examples.inputs.subarray(0, 5 * count), labels: examples.labels.subarray(0, count), count };
}

describe('The tangent kernel is J Jᵀ', () => {
  for (const [name, net, examples] of cases)
    test(name, async () => {
      const params = net.init(2, 'float64') as Float64Array;
      const kernel = await neuralTangentKernel(net, params, examples, { dtype: 'float64' });
      const J = jacobian(net, params, examples);
      const rows = J.length;
      expect([kernel.rows, kernel.examples, kernel.outputs]).toEqual([rows, examples.count, net.classes]);
      const scale = Math.max(...J.map((row) => dot(row, row)));
      for (let a = 0; a < rows; a++)
        for (let b = 0; b < rows; b++) {
          expect(Math.abs(kernel.matrix[a * rows + b] - dot(J[a], J[b]))).toBeLessThan(1e-12 * scale);
          expect(kernel.matrix[a * rows + b]).toBe(kernel.matrix[b * rows + a]);
        }
      const { values } = eigh(kernel.matrix, rows);
      expect(values[rows - 1]).toBeGreaterThan(-1e-13 * rows * values[0]);
      // the mean over logits, and one of them, are parts of the whole
      const trace = await neuralTangentKernel(net, params, examples, { of: 'trace', dtype: 'float64' });
      traceKernel(kernel).matrix.forEach((entry, at) => expect(trace.matrix[at]).toBeCloseTo(entry, 10));
      const second = await neuralTangentKernel(net, params, examples, { of: 1, dtype: 'float64' });
      const n = examples.count;
      second.matrix.forEach((entry, at) => {
        const whole = kernel.matrix[(Math.floor(at / n) * net.classes + 1) * rows + (at % n) * net.classes + 1];
        expect(entry).toBeCloseTo(whole, 10);
      });
    });

  test('of some parameters: kernels of the parts add up', async () => {
    const params = small.init(2, 'float64');
    const examples = { ...plain, ...slice(plain, 6) };
    const of = (parameters?: RegExp) =>
      neuralTangentKernel(small, params, examples, { dtype: 'float64', ...(parameters && { parameters }) });
    const [whole, weights, biases] = [await of(), await of(/^W/u), await of(/^b/u)];
    whole.matrix.forEach((entry, at) => expect(weights.matrix[at] + biases.matrix[at]).toBeCloseTo(entry, 11));
  });

  test('in float32 it is the same to the rounding of products', async () => {
    const params = small.init(2, 'float64');
    const exact = await neuralTangentKernel(small, params, plain, { dtype: 'float64' });
    const rounded = await neuralTangentKernel(small, params, plain);
    const scale = Math.max(...exact.matrix);
    exact.matrix.forEach((entry, at) => expect(Math.abs(rounded.matrix[at] - entry)).toBeLessThan(2e-6 * scale));
  });
});

describe('Degenerate kernels', () => {
  test('a network whose hidden units are all off has the kernel of its last bias', async () => {
    const dead = mlp([5, 4, 3], { activation: 'relu' });
    const params = dead.init(1, 'float64').map((w, i) => (i < 20 ? 0 : i < 24 ? -1 : w)) as Float64Array;
    const { matrix, rows } = await neuralTangentKernel(dead, params, plain, { dtype: 'float64' });
    matrix.forEach((entry, at) => expect(entry).toBe(Math.floor(at / rows) % 3 === (at % rows) % 3 ? 1 : 0));
  });

  test('one example; weights that are not finite, that do not fit; an abort; memory that is not there', async () => {
    const params = small.init(2);
    const one = { ...plain, ...slice(plain, 1) };
    expect((await neuralTangentKernel(small, params, one)).rows).toBe(3);
    await expect(neuralTangentKernel(small, params.subarray(1), one)).rejects.toThrow(/weights|params/u);
    await expect(
      neuralTangentKernel(
        small,
        params.map(() => NaN),
        one,
      ),
    ).rejects.toThrow(/NaN|finite/u);
    await expect(neuralTangentKernel(small, params, one, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/iu);
    await expect(neuralTangentKernel(small, params, plain, { memoryLimit: 1000 })).rejects.toThrow(/memory/iu);
    await expect(neuralTangentKernel(small, params, one, { off: 1 } as object)).rejects.toThrow(/off/u);
  });
});
