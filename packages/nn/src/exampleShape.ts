import { type ExampleInputs, refuse } from '@hyperribbon/contract';
import type { Network } from './network.js';

/**
 * Why examples are no inputs of a network: another number of features, or as many in another shape, such as images that are 96 × 32 in one colour
 * and not 32 × 32 in three. Undefined where they fit. A row of numbers fits a network of images: its order is that of their channels, rows and columns.
 *
 * @returns 'examples of shape [3, 32, 32], got [1, 96, 32]'
 * @example
 * shapeMismatch({ inputs: 3072, inputShape: [3, 32, 32] }, { features: 784, shape: [1, 28, 28] }); // 'examples of shape [3, 32, 32], got [1, 28, 28]'
 */
export function shapeMismatch(
  { inputs, inputShape }: Pick<Network, 'inputs' | 'inputShape'>,
  { features, shape }: Pick<ExampleInputs, 'features' | 'shape'>,
): string | undefined {
  const bothImages = inputShape !== undefined && shape !== undefined && shape.length > 1 && inputShape.length > 1;
  if (bothImages && essential(inputShape) !== essential(shape))
    return `examples of shape [${inputShape.join(', ')}], got [${shape.join(', ')}]`;
  return features === inputs ? undefined : `${inputs} features, got examples with ${features}`;
}

/** Without axes of length 1 in front: an image of one channel is its rows and columns. */
function essential(shape: readonly number[]): string {
  const first = shape.findIndex((length) => length !== 1);
  return shape.slice(first < 0 ? shape.length : first).join();
}

/** @throws RangeError where examples are no inputs of the network */
export function requireExampleShape(
  caller: string,
  network: Network,
  examples: Pick<ExampleInputs, 'features' | 'shape'>,
): void {
  const { features, shape } = examples;
  if (shape !== undefined && shape.reduce((product, length) => product * length, 1) !== features)
    refuse(caller, `shape must be that of an example of ${features} features, got [${shape.join(', ')}]`);
  const odd = shapeMismatch(network, examples);
  if (odd !== undefined) refuse(caller, `${network.name} takes ${odd}`);
}
