import { requirePositive } from '@hyperribbon/contract';
import type { Augment } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';

/**
 * Gaussian noise on the inputs of every step, the augmentation of data that are no images: x + σ z, z from stream (seed, 'augment/noise', step).
 *
 * @param sigma > 0, in the units of the inputs
 * @returns for the option `augment` of `train`; it writes to the inputs of the batch
 * @throws ArgumentError unless sigma > 0
 * Cost: one normal number per input.
 * @example
 * const run = await train(net, digits.train, { augment: inputNoise(0.1) });
 */
export function inputNoise(sigma: number): Augment<{ readonly seed: number; readonly step: number }> {
  requirePositive('inputNoise', 'sigma', sigma);
  return (batch, { seed, step }) => {
    const { inputs } = batch;
    const noise = stream({ seed, purpose: 'augment/noise', index: step }).normal(new Float64Array(inputs.length));
    for (let k = 0; k < inputs.length; k++) inputs[k] = inputs[k] + sigma * noise[k];
    return batch;
  };
}
