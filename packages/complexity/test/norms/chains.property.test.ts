// Properties: layers without anything between them are their product; scales of norms; what stands between layers stretches as much as is said, and nearly so much.
import { type Tensor, activation, add, compile, conv2d, float64, matmul, mul, reshape } from '@hyperribbon/autodiff';
import { celu, elu, hardSwish, leakyRelu, mish, softsign } from '@hyperribbon/autodiff/layers';
import { defineNetwork, type Network, withBuffers } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { networkNorms, sampleNorms } from '../../src/index.js';
import { expectNear } from '../near.js';
import { plainNorms } from '../plainNetwork.js';

const normal = (length: number, seed: number): Float64Array =>
  stream({ seed, purpose: 'test/weights' }).normal(new Float64Array(length));

function productOf(A: Float64Array, B: Float64Array, [m, k, n]: readonly [number, number, number]): number[] {
  return Array.from({ length: m * n }, (_, at) => {
    let sum = 0;
    for (let l = 0; l < k; l++) sum += A[Math.floor(at / n) * k + l] * B[l * n + (at % n)];
    return sum;
  });
}

describe('layers with nothing between them', () => {
  const low = stack({
    input: [6],
    layers: [
      { kind: 'linear', name: 'down', out: 2 },
      { kind: 'linear', name: 'up', out: 5 },
      { kind: 'relu' },
      { kind: 'linear', name: 'head', out: 3 },
    ],
  });
  const params = normal(low.size, 1);

  it('are one, of the product of their matrices and of their rank', async () => {
    const { layers, outside } = await networkNorms(low, params);
    expect(layers.map(({ name }) => name)).toEqual(['up.weight · down.weight', 'head.weight']);
    // stored (inputs, outputs): down (6, 2), bias (2), up (2, 5), bias (5)
    const product = productOf(params.subarray(0, 12), params.subarray(14, 24), [6, 2, 5]);
    const turned = Array.from({ length: 30 }, (_, k) => product[(k % 6) * 5 + Math.floor(k / 6)]);
    const expected = plainNorms({ rows: 5, columns: 6, values: turned });
    for (const name of ['spectral', 'frobenius', 'rowSum', 'columnSum', 'threeOneHalf'] as const)
      expectNear(layers[0].map[name], expected[name], 1e-13);
    expect(layers[0].map.rank).toBe(2);
    expect(layers[0]).toMatchObject({ parameters: 22, biases: 7, lipschitz: 1 });
    expect(outside).toEqual(['Its 10 biases are left out: norms are of weights only.']);
    expect((await sampleNorms(low, params, examplesOf(low, 4))).largestPatches.length).toBe(2);
  });

  it('stay apart where that is asked for', async () => {
    const { layers } = await networkNorms(low, params, { merge: false });
    expect(layers.map(({ name }) => name)).toEqual(['down.weight', 'up.weight', 'head.weight']);
    expect((await sampleNorms(low, params, examplesOf(low, 4), { merge: false })).largestPatches.length).toBe(3);
  });

  it('are one where a convolution of 1 × 1 follows another', async () => {
    const convolutions = (middle: boolean): Network =>
      defineNetwork({
        inputs: 32,
        classes: 3 * 16,
        parameters: middle
          ? [
              { name: 'A', shape: [1, 2, 3, 3] },
              { name: 'B', shape: [3, 1, 1, 1] },
            ]
          : [{ name: 'K', shape: [3, 2, 3, 3] }],
        apply: ({ A, B, K }, x) => {
          const image = reshape(x, [x.shape[0], 4, 4, 2]);
          const out = middle ? conv2d(conv2d(image, A, { padding: 1 }), B) : conv2d(image, K, { padding: 1 });
          return reshape(out, [x.shape[0], 48]);
        },
      });
    const factors = normal(18 + 3, 5);
    const whole = Float64Array.from({ length: 54 }, (_, k) => factors[18 + Math.floor(k / 18)] * factors[k % 18]);
    const found = await networkNorms(convolutions(true), factors, { convolutions: 'exact' });
    const expected = await networkNorms(convolutions(false), whole, { convolutions: 'exact' });
    expect(found.layers.length).toBe(1);
    for (const name of ['rows', 'columns', 'spectral', 'frobenius', 'rowSum', 'columnSum'] as const)
      expectNear(found.layers[0].map[name], expected.layers[0].map[name], 1e-13);
    expect(found.layers[0].filters.rank).toBe(1);
  });
});

describe('batch norm', () => {
  it('is folded: the norms are those of weights times γ/√(variance + ε)', async () => {
    const plain = stack({
      input: [4],
      layers: [
        { kind: 'linear', name: 'W', out: 3, bias: false },
        { kind: 'batchNorm', name: 'bn' },
        { kind: 'relu' },
        { kind: 'linear', name: 'head', out: 2, bias: false },
      ],
    });
    const variance = Float64Array.of(0.5, 2, 3);
    const network = withBuffers(plain, { 'bn.running_var': variance, 'bn.running_mean': Float64Array.of(1, 2, 3) });
    const params = normal(network.size, 6);
    const { layers, outside } = await networkNorms(network, params);
    // W (4, 3), γ (3), β (3), head
    const values = Array.from({ length: 12 }, (_, k) => {
      const [row, column] = [Math.floor(k / 4), k % 4];
      return (params[column * 3 + row] * params[12 + row]) / Math.sqrt(variance[row] + 1e-5);
    });
    const expected = plainNorms({ rows: 3, columns: 4, values });
    for (const name of ['spectral', 'frobenius', 'rowSum', 'columnSum'] as const)
      expectNear(layers[0].filters[name], expected[name], 1e-12);
    expect(layers.length).toBe(2);
    expect(outside).toEqual(['Its 3 biases are left out: norms are of weights only.']);
  });
});

const functions: Readonly<Record<string, readonly [(x: Tensor) => Tensor, readonly string[]]>> = {
  relu: [activation('relu'), []],
  'leaky relu': [(x) => leakyRelu(x, 0.2), []],
  'a steep leaky relu': [(x) => leakyRelu(x, -3), ['stretches by up to 3']],
  tanh: [activation('tanh'), ['not positively homogeneous']],
  gelu: [activation('gelu'), ['not positively homogeneous', 'stretches by up to 1.128']],
  geluTanh: [activation('geluTanh'), ['not positively homogeneous', 'stretches by up to 1.128']],
  silu: [activation('silu'), ['not positively homogeneous', 'stretches by up to 1.099']],
  mish: [mish, ['not positively homogeneous', 'stretches by up to 1.088']],
  hardSwish: [hardSwish, ['not positively homogeneous', 'stretches by up to 1.5']],
  softsign: [softsign, ['not positively homogeneous']],
  elu: [(x) => elu(x, 1.5), ['not positively homogeneous', 'stretches by up to 1.5']],
  celu: [(x) => celu(x, 2), ['not positively homogeneous']],
  sigmoid: [activation('sigmoid'), ['not positively homogeneous', 'does not send 0 to 0']],
  softplus: [activation('softplus'), ['not positively homogeneous', 'does not send 0 to 0']],
  'half of a rectifier': [(x) => mul(activation('relu')(x), 0.5), []],
  'a rectifier with a shift': [
    (x) => add(activation('relu')(x), 0.5),
    ['not positively homogeneous', 'does not send 0 to 0'],
  ],
};

describe.each(Object.entries(functions))('between two layers, %s', (_, [phi, told]) => {
  const network = defineNetwork({
    inputs: 2,
    classes: 2,
    parameters: [
      { name: 'W1', shape: [2, 3] },
      { name: 'W2', shape: [3, 2] },
    ],
    apply: ({ W1, W2 }, x) => matmul(phi(matmul(x, W1)), W2),
  });

  it('stretches by as much as is said, and nearly by so much', async () => {
    const { layers, outside } = await networkNorms(network, normal(network.size, 8));
    const { lipschitz } = layers[0];
    const n = 40001;
    const x = Float64Array.from({ length: n }, (__, i) => -10 + (i * 20) / (n - 1));
    const y = compile(phi, [float64(n)], { deterministic: true })(x) as Float64Array;
    let slope = 0;
    for (let i = 1; i < n; i++) slope = Math.max(slope, Math.abs((y[i] - y[i - 1]) / (x[i] - x[i - 1])));
    expect(slope).toBeLessThanOrEqual(lipschitz * (1 + 1e-9));
    expect(slope).toBeGreaterThan(lipschitz * (1 - 1e-3));
    expect(layers[1].lipschitz).toBe(1);
    expect(outside.length).toBe(told.length);
    told.forEach((part, i) => expect(outside[i]).toContain(part));
  });
});

const maxima = 'Maximum pooling is no function of single numbers, which theorems by peeling ask for.';

describe('pooling between layers', () => {
  it.each([
    ['maxima of windows apart', { kind: 'maxPool', size: 2 }, 1],
    ['maxima of windows that overlap', { kind: 'maxPool', size: 3, stride: 2 }, 2],
    ['means of windows apart', { kind: 'averagePool', size: 2 }, 1 / 2],
    ['means of windows that overlap', { kind: 'averagePool', size: 3, stride: 1 }, 1],
    ['the mean of the image', { kind: 'globalAveragePool' }, 1 / 7],
    ['a rectifier', { kind: 'relu' }, 1],
  ] as const)('stretches by what its windows say: %s', async (_, module, expected) => {
    const network = stack({
      input: [1, 7, 7],
      layers: [
        { kind: 'conv2d', name: 'first', out: 2, kernel: 1, bias: false },
        module,
        ...(module.kind === 'globalAveragePool' ? [] : [{ kind: 'flatten' as const }]),
        { kind: 'linear', name: 'head', out: 2, bias: false },
      ],
    });
    const { layers, outside } = await networkNorms(network, normal(network.size, 2));
    expectNear(layers[0].lipschitz, expected, 1e-14);
    expect(outside).toEqual([
      ...(module.kind === 'maxPool' ? [maxima] : []),
      ...(expected > 1 ? ['What stands between layers stretches by up to 2, more than 1: maximum pooling.'] : []),
    ]);
    expect(layers[1].reads).toBe(module.kind === 'globalAveragePool' ? 1 : layers[1].filters.columns / 2);
  });
});

function examplesOf({ inputs, classes }: Network, count: number) {
  const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
  return { inputs: normal(count * inputs, 9), labels, count, features: inputs, classes };
}
