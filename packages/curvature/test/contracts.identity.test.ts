// Oracle: the same network under names whose order no object changes; and what the contracts of networks and losses say.
import {
  type CurvatureOperator,
  exampleJacobian,
  fisher,
  gaussNewton,
  gramMatrix,
  hessian,
  kroneckerFactors,
} from '@hyperribbon/curvature';
import { broadcastTo, constant, dense, log, mean, mul, reshape, square, sub, sum } from '@hyperribbon/autodiff';
import {
  defineNetwork,
  evaluate,
  logits,
  networkFromData,
  networkToData,
  train,
  softmaxCrossEntropy,
  unflatten,
  type Loss,
  type Network,
} from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { matrixOf, smallExamples } from './smallExamples.js';

/** Two dense layers whose arrays are W₂, b₂, W₁, b₁ under the names given. */
function named(names: readonly string[]): Network {
  const [W2, b2, W1, b1] = names;
  return defineNetwork({
    inputs: 4,
    classes: 3,
    parameters: [
      { name: W2, shape: [4, 3] },
      { name: b2, shape: [3] },
      { name: W1, shape: [4, 4] },
      { name: b1, shape: [4] },
    ],
    apply: (p, x) => dense(dense(x, p[W1], p[b1], 'tanh'), p[W2], p[b2]),
  });
}

const plain = named(['V', 'c', 'W', 'b']);
const examples = smallExamples(7, 4, 3);
const params = plain.init(3, 'float64') as Float64Array;
const options = { dtype: 'float64', deterministic: true, chunkSize: 3 } as const;
const operators: readonly (readonly [string, (network: Network) => CurvatureOperator])[] = [
  ['Hessian', (net) => hessian(net, params, examples, options)],
  ['Gauss-Newton matrix', (net) => gaussNewton(net, params, examples, options)],
  ['sampled Fisher matrix', (net) => fisher(net, params, examples, { ...options, kind: 'sampled', seed: 2 })],
  ['empirical Fisher matrix', (net) => fisher(net, params, examples, { ...options, kind: 'empirical' })],
];

describe.each([[['1', '0', '3', '2']], [['10', '2', 'b', '1']], [['W', '0', 'b', '00']], [['7', '6', '5', '4']]])(
  'parameters named %j',
  (names) => {
    it('start, evaluate and travel as they do under other names', async () => {
      const network = named(names);
      expect(network.init(3, 'float64')).toEqual(params);
      expect(logits(network, params, examples)).toEqual(logits(plain, params, examples));
      const copy = networkFromData(networkToData(network));
      expect(logits(copy, params, examples)).toEqual(logits(plain, params, examples));
      expect(Object.keys(unflatten(network, params)).sort()).toEqual([...names].sort());
      const [mine, other] = await Promise.all(
        [network, plain].map((net) => train(net, examples, { epochs: 2, batchSize: 3, seed: 1, deterministic: true })),
      );
      expect(mine.params).toEqual(other.params);
    });

    it.each(operators)('have the %s they have under other names', async (_, operator) => {
      const network = named(names);
      const [mine, other] = [network, plain].map((net) => operator(net));
      expect(mine.loss).toBe(other.loss);
      expect(mine.gradient()).toEqual(other.gradient());
      expect(matrixOf(mine)).toEqual(matrixOf(other));
      const { loss } = await evaluate(network, params, examples, { dtype: 'float64', deterministic: true });
      expect(Math.abs(mine.loss - loss)).toBeLessThan(1e-14);
    });

    it('have the Jacobian, Gram matrix and Kronecker factors they have under other names', () => {
      const [mine, other] = [named(names), plain].map((net) => {
        const jacobian = exampleJacobian(net, params, examples, {
          dtype: 'float64',
          deterministic: true,
          chunkSize: 3,
        });
        const [row, column] = [new Float64Array(net.size), new Float64Array(7)];
        jacobian.applyTransposed(Float64Array.of(1, 2, 3, 4, 5, 6, 7), row);
        jacobian.apply(params, column);
        const factors = kroneckerFactors(net, params, examples.inputs, 7, { kind: 'kfac', seed: 9 });
        return [
          row,
          column,
          gramMatrix(net, params, examples, { deterministic: true }),
          ...factors.map(({ inputs, outputs }) => [inputs, outputs]),
        ];
      });
      expect(mine).toEqual(other);
    });
  },
);

describe('losses that are not one number per example', () => {
  const options = { dtype: 'float64', deterministic: true } as const;
  const losses: readonly (readonly [string, Loss, RegExp])[] = [
    ['a mean inside', (z, y) => mean(softmaxCrossEntropy(z, y)), /one number per example, \(2,\), got \(\)/u],
    ['a sum over all', (z) => sum(square(z)), /one number per example, \(2,\), got \(\)/u],
    ['a number per logit', (z) => square(z), /got \(2, 3\)/u],
    ['a column', (z, y) => reshape(softmaxCrossEntropy(z, y), [-1, 1]), /got \(2, 1\)/u],
    ['divided by the batch', (z, y) => mul(1 / z.shape[0], softmaxCrossEntropy(z, y)), /depend on the others/u],
    [
      'less the mean of the batch',
      (z, y) => {
        const losses = softmaxCrossEntropy(z, y);
        return sub(losses, mean(losses));
      },
      /depend on the others/u,
    ],
    ['a mean for everyone', (z) => broadcastTo(mean(square(z)), [z.shape[0]]), /depend on the others/u],
  ];
  it.each(losses)('are refused: %s', async (_, loss, message) => {
    for (const operator of [hessian, gaussNewton])
      expect(() => operator(plain, params, examples, { ...options, loss })).toThrow(message);
    expect(() => fisher(plain, params, examples, { ...options, kind: 'empirical', loss })).toThrow(message);
    expect(() => exampleJacobian(plain, params, examples, { ...options, of: loss })).toThrow(message);
    expect(() => gramMatrix(plain, params, examples, { of: loss })).toThrow(message);
    await expect(evaluate(plain, params, examples, { ...options, loss })).rejects.toThrow(message);
    await expect(train(plain, examples, { loss, epochs: 1, batchSize: 3 })).rejects.toThrow(message);
  });

  it('others are taken, with constants of the dtype and whatever the logits', () => {
    const weighted: Loss = (z) => sum(mul(constant(Float32Array.of(1, 2, 3)), square(z)), 1);
    expect(hessian(plain, params, examples, { loss: weighted }).loss).toBeGreaterThan(0);
    const undefinedSomewhere: Loss = (z) => sum(log(z), 1);
    expect(hessian(plain, params, examples, { loss: undefinedSomewhere }).loss).toBeNaN();
    // one chunk or several: the same matrix
    const own: Loss = (z, y) => square(softmaxCrossEntropy(z, y));
    const [whole, cut] = [7, 2].map((chunkSize) =>
      matrixOf(hessian(plain, params, examples, { ...options, loss: own, chunkSize })),
    );
    cut.forEach((value, i) => expect(Math.abs(value - whole[i])).toBeLessThan(1e-14));
  });
});

describe('numbers beyond the range of float32', () => {
  const inputs = examples.inputs.slice();
  inputs[5] = 1e39;
  const large = { ...examples, inputs };
  const weights = params.slice();
  weights[30] = -4e38;
  it('are refused where they would become infinite', async () => {
    const calls = [hessian, gaussNewton, exampleJacobian] as const;
    for (const call of calls) {
      expect(() => call(plain, params, large)).toThrow('inputs must be finite in float32, got 1e+39 in example 1');
      expect(() => call(plain, weights, examples)).toThrow('params must be finite in float32, got -4e+38 at index 30');
    }
    await expect(evaluate(plain, params, large)).rejects.toThrow('finite in float32');
    await expect(evaluate(plain, weights, examples)).rejects.toThrow('finite in float32');
    expect(() => logits(plain, params, large, { dtype: 'float32' })).toThrow('finite in float32');
    await expect(train(plain, large, { epochs: 1 })).rejects.toThrow('finite in float32');
  });
  it('are numbers in float64', () => {
    expect(hessian(plain, params, large, options).loss).toBeGreaterThan(0);
    expect(logits(plain, params, large).every(Number.isFinite)).toBe(true);
    inputs[5] = NaN;
    expect(() => hessian(plain, params, large)).toThrow('inputs must be finite, got NaN');
  });
});

describe('networks that contradict themselves', () => {
  const [first, ...rest] = plain.parameters;
  const broken: readonly (readonly [string, Network, RegExp])[] = [
    [
      'a name that comes twice',
      { ...plain, parameters: [first, { name: 'V', shape: [3] }, ...rest.slice(1)] },
      /two parameters called V/u,
    ],
    ['a size that is too small', { ...plain, size: 34 }, /says size 34, but its parameters hold 35/u],
    ['a size that is too large', { ...plain, size: 36 }, /says size 36, but its parameters hold 35/u],
    ['a shape that is too large', { ...plain, parameters: [{ ...first, shape: [4, 4] }, ...rest] }, /hold 39/u],
  ];
  it.each(broken)('are refused: %s', async (_, network, message) => {
    const weights = new Float64Array(network.size);
    expect(() => hessian(network, weights, examples)).toThrow(message);
    expect(() => exampleJacobian(network, weights, examples)).toThrow(message);
    expect(() => logits(network, weights, examples)).toThrow(message);
    await expect(evaluate(network, weights, examples)).rejects.toThrow(message);
  });
});
