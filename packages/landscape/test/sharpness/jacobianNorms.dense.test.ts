// Oracle: Jacobians formed from central differences of the network's own function; closed forms of linear networks; numpy's quantiles.
import { svd } from '@hyperribbon/lanczos/svd';
import { type AnyExamples, logits, mlp, type Network } from '@hyperribbon/nn';
import { resnet } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { jacobianNorms } from '../../src/index.js';
import { quantiles } from '../../src/inputs/quantiles.js';
import { examples, network, params } from '../small.js';

const weights = Float64Array.from(params);

function images(count: number, shape: readonly number[], scale = 1): AnyExamples {
  const features = shape.reduce((a, b) => a * b);
  const inputs = stream({ seed: 3, purpose: 'inputs' })
    .normal(new Float64Array(count * features))
    .map((x) => scale * x);
  return { inputs, labels: new Int32Array(count), count, features, shape, classes: 3 };
}

/** The largest singular value of the differenced Jacobian of one example. */
function differenced(net: Network, at: Float64Array, given: AnyExamples, i: number, of: 'logits' | 'probabilities') {
  const { features } = given;
  const [h, k] = [1e-5, net.classes];
  // rows 2 j and 2 j + 1 are the input with feature j moved up and down
  const own = given.inputs.subarray(i * features, (i + 1) * features);
  const moved = Float64Array.from({ length: 2 * features * features }, (_, at) => {
    const [row, j] = [Math.floor(at / features), at % features];
    return own[j] + (row >> 1 === j ? (row % 2 === 0 ? h : -h) : 0);
  });
  const rows = { inputs: moved, labels: new Int32Array(2 * features), count: 2 * features, features, classes: k };
  const z = Float64Array.from(logits(net, at, rows));
  if (of === 'probabilities')
    for (let row = 0; row < z.length; row += k) {
      const e = Array.from(z.subarray(row, row + k), Math.exp);
      for (let c = 0; c < k; c++) z[row + c] = e[c] / e.reduce((a, b) => a + b);
    }
  const J = new Float64Array(k * features);
  for (let j = 0; j < features; j++)
    for (let c = 0; c < k; c++) J[c * features + j] = (z[2 * j * k + c] - z[(2 * j + 1) * k + c]) / (2 * h);
  return svd(J, net.classes, features).values[0];
}

function expectNear(found: number, wanted: number, tol: number): void {
  expect(Math.abs(found - wanted)).toBeLessThan(tol * wanted);
  expect(Math.abs(found - wanted * (1 + 10 * tol))).toBeGreaterThan(tol * wanted);
}

describe('jacobianNorms', () => {
  it('are the spectral norms of the Jacobians of logits and of probabilities', async () => {
    for (const of of ['logits', 'probabilities'] as const) {
      const { norms, max, mean, method, residual } = await jacobianNorms(network, weights, examples, { of });
      for (const i of [0, 17, 39]) expectNear(norms[i], differenced(network, weights, examples, i, of), 1e-7);
      expect([max, method, residual]).toEqual([Math.max(...norms), 'exact', 0]);
      expectNear(mean, norms.reduce((a, b) => a + b) / 40, 1e-14);
    }
  });

  it('are those of evaluation for residual networks with batch norm', async () => {
    const net = resnet(8, { classes: 3, width: 4, image: [1, 6, 6] });
    const [at, given] = [net.init(1, 'float64') as Float64Array, images(3, [1, 6, 6])];
    const exact = await jacobianNorms(net, at, given);
    for (const i of [0, 2]) expectNear(exact.norms[i], differenced(net, at, given, i, 'logits'), 1e-6);
  });

  it('come near them from below by Lanczos, and say how near', async () => {
    const net = mlp([90, 40, 80], { activation: 'tanh' });
    const [at, given] = [net.init(2, 'float64') as Float64Array, images(9, [90], 0.3)];
    const exact = await jacobianNorms(net, at, given, { method: 'exact' });
    const settled = await jacobianNorms(net, at, given, { chunkSize: 4 });
    expect(settled.method).toBe('lanczos');
    expect(settled.residual).toBeLessThan(1e-4);
    const early = await jacobianNorms(net, at, given, { steps: 4 });
    expect(early.residual).toBeGreaterThan(1e-3);
    for (let i = 0; i < 9; i++) {
      expectNear(settled.norms[i], exact.norms[i], 1e-6);
      expect(early.norms[i]).toBeLessThan(exact.norms[i]);
      expect(early.norms[i]).toBeGreaterThan(0.7 * exact.norms[i]);
    }
    const wide = await jacobianNorms(network, weights, examples, { method: 'lanczos' });
    const few = await jacobianNorms(network, weights, examples);
    for (let i = 0; i < 40; i++) expectNear(wide.norms[i], few.norms[i], 1e-10);
  });

  it('are those of the weights where the network is linear, at any scale', async () => {
    const net = mlp([4, 3]);
    const plain = net.init(5, 'float64') as Float64Array;
    const W = plain.subarray(0, 12);
    for (const scale of [1, 1e-150, 1e150])
      for (const method of ['exact', 'lanczos'] as const) {
        const {
          max,
          mean,
          quantiles: found,
        } = await jacobianNorms(
          net,
          plain.map((w) => scale * w),
          images(3, [4]),
          { method, levels: [0, 1] },
        );
        const [wanted] = svd(Float64Array.from(W), 4, 3).values;
        expectNear(max / scale, wanted, 1e-13);
        expectNear(mean / scale, wanted, 1e-13);
        expect(found.map(({ level }) => level)).toEqual([0, 1]);
      }
  });

  it('are 0 for dead networks', async () => {
    for (const method of ['exact', 'lanczos'] as const) {
      const { max, mean, residual } = await jacobianNorms(network, new Float64Array(39), examples, { method });
      expect([max, mean, residual]).toEqual([0, 0, 0]);
    }
  });

  it('refuse options that do not go together', async () => {
    await expect(jacobianNorms(network, weights, examples, { steps: 3 })).rejects.toThrow('lanczos');
    await expect(jacobianNorms(network, weights, examples, { levels: [2] })).rejects.toThrow('levels[0]');
    await expect(jacobianNorms(network, weights, examples, { step: 3 } as object)).rejects.toThrow('step');
  });
});

describe('quantiles', () => {
  it('are those of numpy.quantile, linear', () => {
    // numpy 2.4.6: np.quantile([4, 14, 2, 4, 9.5], [0, .05, .25, .5, .9, 1])
    const found = quantiles(Float64Array.of(4, 14, 2, 4, 9.5), [0, 0.05, 0.25, 0.5, 0.9, 1]);
    const wanted = [2, 2.4, 4, 4, 12.2, 14];
    found.forEach(({ value }, i) => expect(value).toBeCloseTo(wanted[i], 12));
  });

  it('are NaN where one value is, and that value where there is one', () => {
    expect(quantiles(Float64Array.of(1, NaN), [0, 1]).map(({ value }) => value)).toEqual([NaN, NaN]);
    expect(quantiles(Float64Array.of(Infinity, Infinity, 3), [0.9])[0].value).toBe(Infinity);
    expect(quantiles(Float64Array.of(7), [0.3])[0].value).toBe(7);
  });
});
