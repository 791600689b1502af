import { parseArchitecture, type Examples, type Network } from '@hyperribbon/nn';
import { UsageError } from '../usageError.js';
import { reading } from './labelled.js';

/** A gigabyte of them, four of which an optimiser needs. */
const mostWeights = 2 ** 28;

/**
 * The network that an architecture text means for some examples: `mlp:tanh:128` gets the input and output widths of the
 * data, `mlp:tanh:784,128,10` and `lenet` must fit them.
 */
export function networkFor(text: string, examples: Pick<Examples, 'features' | 'classes'>): Network {
  const [family, activation, widths = ''] = text.split(':');
  const { features, classes } = examples;
  const listed = widths === '' ? [] : widths.split(',');
  const complete = listed.length >= 2 && Number(listed[0]) === features && Number(listed.at(-1)) === classes;
  let full = text;
  if (family === 'mlp' && !complete) full = `mlp:${activation ?? ''}:${[features, ...listed, classes].join(',')}`;
  if (text === 'allcnn') full = `allcnn:64,128:${classes}:${imageOf(features).join(',')}`;
  if (text === 'lenet') full = `lenet:6,16:120,84:${classes}`;
  const network = reading('--architecture', text, () => parseArchitecture(full));
  requireFit(text, network, examples);
  if (network.size > mostWeights)
    throw new UsageError(
      `--architecture: ${text} makes ${network.size} weights of ${features} features and ${classes} classes; at most ${mostWeights} fit into memory`,
    );
  return network;
}

/** Height, width and channels of square images, in colours if they can be; else of those that an All-CNN takes by default. */
function imageOf(features: number): readonly number[] {
  const sides = [3, 1].map((channels) => [Math.sqrt(features / channels), channels] as const);
  const [side, channels] = sides.find(([length]) => Number.isInteger(length) && length % 4 === 0) ?? [32, 3];
  return [side, side, channels];
}

/** @throws UsageError where a network takes other examples */
export function requireFit(
  text: string,
  network: Network,
  { features, classes }: Pick<Examples, 'features' | 'classes'>,
): void {
  if (network.inputs !== features || network.classes !== classes) {
    throw new UsageError(
      `--architecture: ${text} takes ${network.inputs} inputs and tells ${network.classes} classes apart; the data have ${features} features and ${classes} classes`,
    );
  }
}
