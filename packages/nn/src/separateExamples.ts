import { type Tensor, compile, float64 } from '@hyperribbon/autodiff';
import { refuse } from '@hyperribbon/contract';
import type { Network } from './network.js';
import { parameterSpecs, unflatten, weightsByName, weightsInOrder } from './parameterLayout.js';

/**
 * Checks that a network gives each example logits that do not depend on the others beside it: with statistics of a batch, results would
 * depend on how examples are cut into batches and chunks.
 *
 * @param deterministic which kernels to run it with
 * @throws ArgumentError naming what to do. Cost: plans the network for one example and for two, and runs both
 * @example requireSeparateExamples('train', mlp([4, 3]));
 */
export function requireSeparateExamples(caller: string, network: Network, deterministic: boolean = true): void {
  const { inputs, classes, name, vocabulary } = network;
  const weights = network.init(0, 'float64').map((w, i) => w + 0.1 * wave(i));
  const arrays = weightsInOrder(network, unflatten(network, weights));
  const x = Float64Array.from({ length: 2 * inputs }, (_, i) =>
    vocabulary === undefined ? wave(7 * i + 3) : Math.floor(((1 + wave(7 * i + 3)) / 2) * vocabulary),
  );
  const logits = (from: number, to: number): Float64Array => {
    const apply = (given: readonly Tensor[], rows: Tensor): Tensor =>
      network.apply(weightsByName(network, given), rows);
    const specs = [weightsInOrder(network, parameterSpecs(network, 'float64')), float64(to - from, inputs)] as const;
    const run = compile(apply, specs, { deterministic });
    return run(arrays as never, x.subarray(from * inputs, to * inputs)) as Float64Array;
  };
  const both = logits(0, 2);
  const scale = both.reduce((most, z) => Math.max(most, Math.abs(z)), 0);
  for (const row of [0, 1]) {
    const alone = logits(row, row + 1);
    const differs = alone.findIndex((z, c) => Math.abs(z - both[row * classes + c]) > 1e-9 * scale);
    if (differs >= 0)
      refuse(
        caller,
        `examples must not depend on each other, but ${name} gives one of them ${both[row * classes + differs]} beside another and ` +
          `${alone[differs]} alone, in logit ${differs}; use fixed statistics (batchNorm) in place of those of the batch`,
      );
  }
}

/** Numbers in [−1, 1) without a pattern that statistics of two rows could miss. */
function wave(i: number): number {
  return (((i * 7919 + 104729) * 31) % 2003) / 1001.5 - 1;
}
