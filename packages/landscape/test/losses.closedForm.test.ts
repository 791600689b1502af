// Oracle: XᵀX/n, the Hessian of the squared error of a linear network, by hand.
import { eigh } from '@hyperribbon/lanczos';
import { defineNetwork, type LossData, lossFromData, squaredError } from '@hyperribbon/nn';
import { matmul } from '@hyperribbon/autodiff';
import { describe, expect, it } from 'vitest';
import { networkSpectrum } from '../src/index.js';

const network = defineNetwork({
  inputs: 3,
  classes: 1,
  parameters: [{ name: 'w', shape: [3, 1] }],
  apply: ({ w }, x) => matmul(x, w),
});
const inputs = Float64Array.of(1, 2, -1, 0.5, 0, 3, -2, 1, 1, 0, 4, 0.25);
const count = 4;
const examples = { inputs, count, features: 3, targets: Float64Array.of(1, -1, 0.5, 2), outputs: 1 };
const correlation = Float64Array.from({ length: 9 }, (_, k) => {
  const [i, j] = [Math.floor(k / 3), k % 3];
  return [0, 1, 2, 3].reduce((sum, r) => sum + (inputs[3 * r + i] * inputs[3 * r + j]) / count, 0);
});

describe('spectra of other losses', () => {
  it.each(['hessian', 'ggn', 'fisher'] as const)(
    '%s of the squared error of a linear network is XᵀX/n',
    async (operator) => {
      const loss: LossData = { kind: 'squared-error' };
      const { values } = await networkSpectrum(network, new Float64Array(3), examples, {
        operator,
        loss,
        count: 'all',
        dtype: 'float64',
      });
      const { values: expected } = eigh(correlation, 3);
      values.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-12 * expected[0]));
    },
  );

  it('refuses a loss that nobody knows, and targets where labels are asked for', async () => {
    expect(lossFromData({ kind: 'squared-error' })).toBe(squaredError);
    expect(() => lossFromData({ kind: 'hinge' } as never)).toThrow(
      /lossFromData: kind must be softmax-cross-entropy, .*hinge/,
    );
    await expect(
      networkSpectrum(network, new Float64Array(3), examples, { operator: 'fisher', count: 1 }),
    ).rejects.toThrow('targets');
  });
});
