import { reshape } from '@hyperribbon/autodiff';
import { fisher, hessian } from '@hyperribbon/curvature';
import { defineNetwork, type Examples, mlp, type TargetExamples, tokenCrossEntropy } from '@hyperribbon/nn';
import { afterAll, describe, expect, it } from 'vitest';
import { smallExamples } from '../smallExamples.js';

const net = mlp([3, 4, 3]);
const params = net.init(5, 'float64');
const weighted: Examples = { ...smallExamples(6, 3, 3), weights: Float64Array.of(2, 0, 1, 3, 1, 1) };
const options = { dtype: 'float64', chunkSize: 2 } as const;

/** two positions for each of three examples, one of which asks for one */
const tokens: TargetExamples = {
  inputs: weighted.inputs,
  targets: Float64Array.of(0, -100, 1, 2, 2, 0),
  count: 3,
  features: 6,
  outputs: 2,
};
const sequences = defineNetwork({
  inputs: 6,
  classes: 6,
  parameters: net.parameters.map(({ name, shape }) => ({ name, shape, start: 0 })),
  apply: (weights, x) => reshape(net.apply(weights, reshape(x, [-1, 3])), [-1, 6]),
});
const sampled = { ...options, chunkSize: 1, loss: tokenCrossEntropy({ positions: 2 }), kind: 'sampled' } as const;

describe('shared among workers, the same bits as here have', () => {
  const part = /^(b1|W2)$/;
  const settings = {
    'weighted examples': [
      hessian(net, params, weighted, options),
      hessian(net, params, weighted, { ...options, workers: 2 }),
    ],
    'some parameters': [
      hessian(net, params, weighted, { ...options, parameters: part }),
      hessian(net, params, weighted, { ...options, parameters: part, workers: 2 }),
    ],
    'drawn tokens': [
      fisher(sequences, params, tokens, sampled),
      fisher(sequences, params, tokens, { ...sampled, workers: 2 }),
    ],
  } as const;
  afterAll(() => Promise.all(Object.values(settings).map(([, sharded]) => sharded.close())));

  it.each(Object.keys(settings) as (keyof typeof settings)[])('%s', async (name) => {
    const [here, sharded] = settings[name];
    await sharded.ready;
    const x = Float64Array.from({ length: here.size }, (_, i) => Math.cos(i));
    const [a, b] = [new Float64Array(here.size), new Float64Array(here.size)];
    here.apply(x, a);
    await sharded.apply(x, b);
    expect(b).toEqual(a);
    expect(sharded.loss).toBe(here.loss);
  });
});
