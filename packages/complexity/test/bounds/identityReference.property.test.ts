import { conv2d, reshape } from '@hyperribbon/autodiff';
import { type Network, defineNetwork, logits, mlp, unflatten } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { identityReference } from '../../src/index.js';

const output = (net: Network, inputs: readonly number[]): number[] =>
  Array.from(
    logits(net, identityReference(net), {
      inputs: Float64Array.from(inputs),
      labels: new Int32Array(1),
      count: 1,
      features: net.inputs,
      classes: net.classes,
    }),
  );
const images = (kernel: readonly [number, number], options: object, channels = 2): Network =>
  defineNetwork({
    name: 'images',
    inputs: 18,
    classes: 18,
    parameters: [{ name: 'K', shape: [channels, 2, ...kernel] }],
    apply: ({ K }, x) => reshape(conv2d(reshape(x, [x.shape[0]!, 3, 3, 2]), K!, options), [x.shape[0]!, 18]),
  });
const pixels = Array.from({ length: 18 }, (_, i) => i - 7.5);

describe('weights that are the identity where they can be', () => {
  it('copy what enters dense layers of one width', () => {
    expect(output(mlp([3, 3, 3], { activation: 'relu' }), [1, 2, 3])).toEqual([1, 2, 3]);
  });
  it('copy the pixels of convolutions that keep image and channels', () => {
    expect(output(images([3, 3], { padding: 1 }), pixels)).toEqual(pixels);
    expect(output(images([1, 1], {}), pixels)).toEqual(pixels);
    expect(output(images([1, 3], { padding: 'same' }), pixels)).toEqual(pixels);
    expect(output(images([3, 3], { padding: 2, dilation: 2 }), pixels)).toEqual(pixels);
  });
  it('are zero elsewhere', () => {
    const { W1, W2, b2 } = unflatten(mlp([3, 2, 2]), identityReference(mlp([3, 2, 2])));
    expect([W1, W2, b2].map((array) => Array.from(array!))).toEqual([
      [0, 0, 0, 0, 0, 0],
      [1, 0, 0, 1],
      [0, 0],
    ]);
    // an even kernel has no centre
    expect(output(images([2, 2], { padding: 'same' }), pixels).every((value) => value === 0)).toBe(true);
  });
});
