import { add, batchNorm, dense } from '@hyperribbon/autodiff';
import {
  bufferValues,
  defineNetwork,
  logits,
  networkFromData,
  networkIdentity,
  networkToData,
  withBuffers,
} from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';

const network = defineNetwork({
  inputs: 3,
  classes: 2,
  parameters: [
    { name: 'W', shape: [3, 2] },
    { name: 'b', shape: [2], start: { normal: 0.5 } },
  ],
  buffers: [
    { name: 'mean', shape: [2], value: 0 },
    { name: 'variance', shape: [2], value: Float64Array.of(1, 4) },
  ],
  apply: ({ W, b }, x, { mean, variance }) => add(batchNorm(dense(x, W), { mean, variance }), b),
});
const params = network.init(1, 'float64');
const examples = {
  inputs: Float64Array.of(1, 2, 3, -1, 0.5, 2),
  count: 2,
  features: 3,
  labels: Int32Array.of(0, 1),
  classes: 2,
};
const [mean, variance] = [Float64Array.of(0.3, -2), Float64Array.of(0.25, 9)];

describe('the buffers of a network', () => {
  it('are what evaluation uses: (xW − mean)/√(variance + ε) + b', () => {
    const z = logits(withBuffers(network, { mean, variance }), params, examples);
    const [W, b] = [params.subarray(0, 6), params.subarray(6)];
    z.forEach((value, i) => {
      const [row, c] = [Math.floor(i / 2), i % 2];
      const product = [0, 1, 2].reduce((sum, k) => sum + examples.inputs[3 * row + k] * W[2 * k + c], 0);
      expect(value).toBeCloseTo((product - mean[c]) / Math.sqrt(variance[c] + 1e-5) + b[c], 12);
    });
  });

  it('are copied, keep their values where none are given, and leave the network that they came from as it was', () => {
    const before = logits(network, params, examples);
    const own = Float64Array.from(mean);
    const bound = withBuffers(network, { mean: own });
    own.fill(7);
    expect(bufferValues(bound, 'float64')).toEqual({ mean, variance: Float64Array.of(1, 4) });
    expect(logits(network, params, examples)).toEqual(before);
    expect(logits(withBuffers(bound, bufferValues(network, 'float64')), params, examples)).toEqual(before);
  });

  it('tell networks apart, and travel with the program', () => {
    const bound = withBuffers(network, { mean, variance });
    expect(networkIdentity(bound)).not.toBe(networkIdentity(network));
    const copy = networkFromData(networkToData(bound));
    expect(networkIdentity(copy)).toBe(networkIdentity(bound));
    expect(logits(copy, params, examples)).toEqual(logits(bound, params, examples));
  });

  it('must be known, finite and as long as their shapes say', () => {
    expect(() => withBuffers(network, { means: mean })).toThrow(
      'withBuffers: custom has no buffer means; it has mean, variance',
    );
    expect(() => withBuffers(network, { mean: Float64Array.of(1) })).toThrow('mean must hold 2 numbers, got 1');
    expect(() => withBuffers(network, { mean: Float64Array.of(1, NaN) })).toThrow('mean must be finite, got NaN at 1');
    expect(() => defineNetwork({ ...network, buffers: [{ name: 'W', shape: [2], value: 0 }] })).toThrow(
      'two parameters are called W',
    );
  });
});

describe('inputs that are tokens', () => {
  it('must be whole numbers below the vocabulary', () => {
    const words = { ...network, vocabulary: 4 };
    expect(() => logits(words, params, examples)).toThrow(
      'inputs must be tokens, whole numbers in [0, 4), got -1 in example 1, place 0',
    );
  });
});
