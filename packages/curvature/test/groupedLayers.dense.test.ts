// Oracle: the Jacobian, row by row. Convolutions by groups are no single matrix: what factorises by layers leaves them to what does not.
import { describe, expect, test } from 'vitest';
import {
  type Tensor,
  add,
  compile,
  conv2d,
  dense,
  float64,
  grad,
  relu,
  reshape,
  slice,
  sum,
  tanh,
} from '@hyperribbon/autodiff';
import { gramMatrix, kroneckerFactors, layerCorrelations } from '@hyperribbon/curvature';
import {
  defineNetwork,
  layerBlocks,
  networkProgram,
  type ParameterTensors,
  parameterSpecs,
  unflatten,
} from '@hyperribbon/nn';
import { smallExamples } from './smallExamples.js';

const network = defineNetwork({
  inputs: 18,
  classes: 3,
  parameters: [
    { name: 'depthwise.weight', shape: [2, 1, 2, 2] },
    { name: 'depthwise.bias', shape: [2] },
    { name: 'grouped.weight', shape: [4, 1, 2, 2] },
    { name: 'fc.weight', shape: [4, 3] },
    { name: 'fc.bias', shape: [3] },
  ],
  apply(w, x) {
    const first = add(conv2d(reshape(x, [-1, 3, 3, 2]), w['depthwise.weight'], { groups: 2 }), w['depthwise.bias']);
    const second = tanh(conv2d(relu(first), w['grouped.weight'], { groups: 2 }));
    return dense(sum(second, [1, 2]), w['fc.weight'], w['fc.bias']);
  },
});
const params = network.init(4, 'float64') as Float64Array;
const examples = smallExamples(5, 18, 3);

describe('a network of convolutions by groups', () => {
  test('has them among its layers, not among the maps that are one matrix; they start by their own fan-in', () => {
    const { layers, maps } = networkProgram(network, 2);
    expect(layers.map(({ groups, inputs, outputs }) => [groups, inputs, outputs])).toEqual([
      [2, 4, 1],
      [4, 4, 1],
      [1, 4, 3],
    ]);
    expect(maps).toEqual([layers[2]]);
    expect(layerBlocks(network).map(({ name }) => name)).toEqual(['depthwise', 'grouped', 'fc']);
    expect(Math.max(...params.slice(0, 26).map(Math.abs))).toBeLessThanOrEqual(1 / 2);
    expect(Math.max(...params.slice(0, 26).map(Math.abs))).toBeGreaterThan(0.4);
  });

  test('has Kronecker factors for its dense layer alone, once that is what is asked for', () => {
    const { inputs, count } = examples;
    const refusal = /depthwise\.weight of custom is convolved by 2 groups, each with factors of its own/;
    for (const kind of ['kfac', 'kfra'] as const)
      expect(() => kroneckerFactors(network, params, inputs, count, { kind })).toThrow(refusal);
    const factors = kroneckerFactors(network, params, inputs, count, { kind: 'kfac', parameters: /^fc/ });
    expect(factors.map(({ weight }) => weight)).toEqual(['fc.weight']);
    expect(layerCorrelations(network, params, examples).map(({ weight }) => weight)).toEqual(['fc.weight']);
  });

  test('has the kernel J Jᵀ of a logit, all parameters counted', () => {
    const { count, features } = examples;
    const gradient = compile(
      grad((w: ParameterTensors, x: Tensor) => sum(slice(network.apply(w, x), [0, 1], [1, 2]))),
      [parameterSpecs(network, 'float64'), float64(1, features)],
    );
    const rows = Array.from({ length: count }, (_, i) => {
      const x = Float64Array.from(examples.inputs.subarray(i * features, (i + 1) * features));
      const parts = gradient(unflatten(network, params), x) as Record<string, Float64Array>;
      return network.parameters.flatMap(({ name }) => [...parts[name]]);
    });
    const kernel = gramMatrix(network, params, examples, { of: 1 });
    rows.forEach((a, i) =>
      rows.forEach((b, j) => {
        const dot = a.reduce((total, value, k) => total + value * b[k], 0) / count;
        expect(Math.abs(kernel[i * count + j] - dot)).toBeLessThan(1e-13);
      }),
    );
  });
});
