// Oracles: a transposed convolution is the adjoint of the convolution with the same array, so it has its singular values; a convolution by groups has those
// of its groups together; the effective rank does not change when all weights are scaled.
import { mean, reshape } from '@hyperribbon/autodiff';
import { convTranspose2d } from '@hyperribbon/autodiff/layers';
import { defineNetwork, flatten } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { effectiveRanks, rankMax } from '../../src/regularizers.js';

const normal = (length: number, seed: number): Float64Array =>
  stream({ seed, purpose: 'test/filters' }).normal(new Float64Array(length));

const convolution = (channels: number, out: number, groups: number) =>
  stack({
    input: [channels, 6, 6],
    layers: [
      { kind: 'conv2d', name: 'conv', out, kernel: 3, padding: 1, groups, bias: false },
      { kind: 'globalAveragePool' },
    ],
  });

describe('layers that are like others', () => {
  it('a transposed convolution has the ranks of the convolution whose adjoint it is, and its projection', async () => {
    // (inputs, outputs, 3, 3) of the transposed one is (outputs, inputs, 3, 3) of the other
    const weights = normal(3 * 2 * 9, 1);
    const transposed = defineNetwork({
      name: 'up',
      inputs: 3 * 36,
      classes: 2,
      inputShape: [3, 6, 6],
      parameters: [{ name: 'weight', shape: [3, 2, 3, 3] }],
      apply: ({ weight }, x) =>
        mean(
          reshape(convTranspose2d(reshape(x, [x.shape[0], 3, 6, 6]), weight, { padding: 1, layout: 'NCHW' }), [
            x.shape[0],
            2,
            36,
          ]),
          2,
        ),
    });
    const forward = convolution(2, 3, 1);
    const [up] = await effectiveRanks(transposed, weights);
    const [down] = await effectiveRanks(forward, weights);
    for (const measure of ['largest', 'smallest', 'nuclear', 'frobenius', 'effectiveRank'] as const)
      expect(Math.abs(up[measure] - down[measure])).toBeLessThan(1e-12 * down[measure]);
    const options = { threshold: 0.6 * down.largest };
    const [a, b] = [await rankMax(transposed, weights, options), await rankMax(forward, weights, options)];
    a.params.forEach((w, k) => expect(Math.abs(w - b.params[k])).toBeLessThan(1e-12));
    expect(a.params.some((w, k) => Math.abs(w - weights[k]) > 0.01)).toBe(true);
  });

  it('a convolution by groups has the singular values of its groups', async () => {
    const weights = normal(4 * 2 * 9, 2);
    const [both] = await effectiveRanks(convolution(4, 4, 2), weights);
    const halves = await Promise.all(
      [weights.subarray(0, 36), weights.subarray(36)].map((own) => effectiveRanks(convolution(2, 2, 1), own.slice())),
    );
    const [[first], [second]] = halves;
    expect(both.count).toBe(first.count + second.count);
    expect(Math.abs(both.nuclear - first.nuclear - second.nuclear)).toBeLessThan(1e-11);
    expect(both.largest).toBeCloseTo(Math.max(first.largest, second.largest), 12);
    expect(both.frobenius ** 2).toBeCloseTo(36 * weights.reduce((sum, w) => sum + w * w, 0), 9);
  });

  it('scaled weights have the same effective rank', async () => {
    const network = convolution(2, 3, 1);
    const weights = normal(54, 3);
    const [plain] = await effectiveRanks(network, weights);
    const [scaled] = await effectiveRanks(network, flatten(network, { 'conv.weight': weights.map((w) => 7 * w) }));
    expect(Math.abs(scaled.effectiveRank - plain.effectiveRank)).toBeLessThan(1e-13 * plain.effectiveRank);
    expect(scaled.largest).toBeCloseTo(7 * plain.largest, 12);
  });
});
