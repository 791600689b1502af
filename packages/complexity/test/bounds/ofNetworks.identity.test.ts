// From a network to its bounds: norms read off its program give what norms known by hand give.
import { conv2d, dense, maxPool2d, relu, reshape } from '@hyperribbon/autodiff';
import { type Network, defineNetwork, mlp } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { allBounds, cushions, identityReference, networkNorms, sampleNorms } from '../../src/index.js';
import { g0Network, g0Norms, g0Sample, g0Weights } from '../g0.js';

/** weights (out, in) as the arrays (in, out) of a network */
const turned = (W: readonly number[], rows: number, columns: number): number[] =>
  Array.from({ length: rows * columns }, (_, k) => W[(k % rows) * columns + Math.floor(k / rows)]!);
const flat = (W1: readonly number[], W2: readonly number[]): Float64Array =>
  Float64Array.of(...turned(W1, 2, 3), ...turned(W2, 2, 2));
const g0: Network = defineNetwork({
  name: 'G0',
  inputs: 3,
  classes: 2,
  parameters: [
    { name: 'W1', shape: [3, 2] },
    { name: 'W2', shape: [2, 2] },
  ],
  apply: ({ W1, W2 }, x) => dense(relu(dense(x, W1!)), W2!),
});
const params = flat(g0Weights.W1, g0Weights.W2);
const reference = flat(g0Weights.W1Start, g0Weights.W2Start);
const examples = {
  inputs: Float64Array.from(g0Sample.X),
  labels: Int32Array.from(g0Sample.y),
  count: 4,
  features: 3,
  classes: 2,
};

describe('bounds of a network', () => {
  it('are those of its norms known by hand, every one of them', async () => {
    const norms = await networkNorms(g0, params, { reference });
    const sample = await sampleNorms(g0, params, examples);
    expect(norms.outside).toEqual([]);
    const options = { delta: 0.1, step: 0.13, cushions: cushions(g0, params, examples) };
    const { bounds } = allBounds(norms, sample, options);
    const wanted = allBounds(g0Network, g0Norms, options).bounds;
    expect(bounds.map(({ name }) => name)).toEqual(wanted.map(({ name }) => name));
    bounds.forEach((bound, i) => {
      expect(bound.logGap, bound.name).toBeCloseTo(wanted[i]!.logGap, 11);
      expect(bound.empirical, bound.name).toBeCloseTo(wanted[i]!.empirical, 12);
    });
  });
  it('say what the network has that theorems do not', async () => {
    const pooled = defineNetwork({
      name: 'pooled',
      inputs: 16,
      classes: 2,
      parameters: [
        { name: 'K', shape: [3, 1, 3, 3] },
        { name: 'W', shape: [12, 2] },
      ],
      apply: ({ K, W }, x) => {
        const [rows] = x.shape;
        const z = relu(conv2d(reshape(x, [rows!, 4, 4, 1]), K!, { padding: 1 }));
        return dense(reshape(maxPool2d(z, { size: 2 }), [rows!, 12]), W!);
      },
    });
    const outside = async (net: Network): Promise<string> => {
      const weights = net.init(1, 'float64');
      const sampled = {
        ...examples,
        inputs: stream({ seed: 1, purpose: 'inputs' }).normal(new Float64Array(4 * net.inputs)),
        features: net.inputs,
      };
      const norms = await networkNorms(net, weights, { reference: identityReference(net) });
      const { bounds } = allBounds(norms, await sampleNorms(net, weights, sampled));
      const all = bounds.filter(({ name }) => name !== 'harvey-2017-vc');
      expect(all.every(({ caveats }) => norms.outside.every((sentence) => caveats.includes(sentence)))).toBe(true);
      return norms.outside.join(' ');
    };
    expect(await outside(pooled)).toMatch(/^Maximum pooling is no function of single numbers/);
    expect(await outside(mlp([3, 3, 2]))).toMatch(/tanh is not positively homogeneous.*5 biases are left out/);
    expect(await outside(mlp([3, 3, 2], { activation: 'relu' }))).toBe(
      'Its 5 biases are left out: norms are of weights only.',
    );
  });
});
