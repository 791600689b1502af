import type { Examples, Network } from '@hyperribbon/nn';
import { completeArchitecture, parseArchitecture } from '@hyperribbon/nn/models';
import { UsageError } from '../usageError.js';
import { reading } from './labelled.js';
import { imageMisfit } from './imageMisfit.js';

type Sizes = Pick<Examples, 'features' | 'classes' | 'shape'>;

/** A gigabyte of them, four of which an optimiser needs. */
const mostWeights = 2 ** 28;

/**
 * The network that an architecture text means for some examples: `mlp:tanh:128` gets the input and output widths of the
 * data, `mlp:tanh:784,128,10` and `lenet` must fit them.
 */
export function networkFor(text: string, examples: Sizes): Network {
  const { features, classes } = examples;
  const network = reading('--architecture', text, () => parseArchitecture(completeArchitecture(text, examples)));
  requireFit(text, network, examples);
  if (network.size > mostWeights)
    throw new UsageError(
      `--architecture: ${text} makes ${network.size} weights of ${features} features and ${classes} classes; at most ${mostWeights} fit into memory`,
    );
  return network;
}

/** @throws UsageError where a network takes other examples */
export function requireFit(text: string, network: Network, examples: Sizes): void {
  const { features, classes } = examples;
  const odd = imageMisfit(network, examples);
  if (odd !== undefined) throw new UsageError(`--architecture: ${odd}`);
  if (network.inputs !== features || network.classes !== classes) {
    throw new UsageError(
      `--architecture: ${text} takes ${network.inputs} inputs and tells ${network.classes} classes apart; the data have ${features} features and ${classes} classes`,
    );
  }
}
