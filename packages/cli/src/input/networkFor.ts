import { type AnyExamples, isTargeted, type LossData, type Network, type TargetExamples } from '@hyperribbon/nn';
import { completeArchitecture, type ExampleShape, parseArchitecture } from '@hyperribbon/nn/models';
import { UsageError } from '../usageError.js';
import { reading } from './reading.js';
import { imageMisfit } from './imageMisfit.js';

/** A gigabyte of them, four of which an optimiser needs. */
const mostWeights = 2 ** 28;

/**
 * The network that an architecture text means for some examples: `mlp:tanh:128` gets the input and output widths of the
 * data, `resnet:8` the shape of their images, `gpt:64,2,2` their length and vocabulary; `mlp:tanh:784,128,10` and `lenet` must fit them.
 *
 * @param loss that belongs to the examples
 * @param options.trains whether the command trains networks in a training mode of their own, and goes on with the buffers that come of it
 */
export function networkFor(
  text: string,
  examples: AnyExamples,
  loss: LossData = { kind: 'softmax-cross-entropy' },
  { trains = false }: { readonly trains?: boolean } = {},
): Network {
  const { features, shape } = examples;
  const vocabulary = loss.kind === 'token-cross-entropy' ? vocabularyOf(examples) : undefined;
  const classes = vocabulary === undefined ? outputsOf(examples) : vocabulary * (examples as TargetExamples).outputs;
  const full: ExampleShape = { features, classes, shape, vocabulary };
  const network = reading('--architecture', text, () => parseArchitecture(completeArchitecture(text, full)));
  requireFit(text, network, examples, loss);
  if (network.applyTraining !== undefined && !trains)
    throw new UsageError(
      `--architecture: ${network.name} has batch norm or dropout, which this command does not train. Train it with hyperribbon train, and hand its file in as --model`,
    );
  if (network.size > mostWeights)
    throw new UsageError(
      `--architecture: ${text} makes ${network.size} weights of ${features} features and ${classes} classes; at most ${mostWeights} fit into memory`,
    );
  return network;
}

const outputsOf = (examples: AnyExamples): number => (isTargeted(examples) ? examples.outputs : examples.classes);

/** One more than the largest token. */
function vocabularyOf(examples: AnyExamples): number {
  const largest = (tokens: Iterable<number>): number => {
    let most = 0;
    for (const token of tokens) if (token > most) most = token;
    return most;
  };
  return 1 + Math.max(largest(examples.inputs), isTargeted(examples) ? largest(examples.targets) : 0);
}

/** @throws UsageError where a network takes other examples */
export function requireFit(
  text: string,
  network: Network,
  examples: AnyExamples,
  loss: LossData = { kind: 'softmax-cross-entropy' },
): void {
  const odd = imageMisfit(network, examples);
  if (odd !== undefined) throw new UsageError(`--architecture: ${odd}`);
  if (loss.kind === 'token-cross-entropy') return requireTokens(text, network, examples, loss.positions);
  const [features, outputs] = [examples.features, outputsOf(examples)];
  if (network.inputs === features && network.classes === outputs) return;
  throw new UsageError(
    isTargeted(examples)
      ? `--architecture: ${text} takes ${network.inputs} inputs and has ${network.classes} outputs; the data have ${features} features and ${outputs} targets`
      : `--architecture: ${text} takes ${network.inputs} inputs and tells ${network.classes} classes apart; the data have ${features} features and ${outputs} classes`,
  );
}

function requireTokens(text: string, network: Network, examples: AnyExamples, positions: number): void {
  const tokens = vocabularyOf(examples);
  const vocabulary = network.classes / positions;
  const fits = network.inputs === examples.features && Number.isInteger(vocabulary) && vocabulary >= tokens;
  if (fits && (network.vocabulary ?? tokens) >= tokens) return;
  throw new UsageError(
    `--architecture: ${text} takes ${network.inputs} tokens of ${network.vocabulary ?? 'any'} and has ${network.classes} outputs; the data have ` +
      `${examples.features} tokens, the largest of which is ${tokens - 1}, and ask for one at each of ${positions} positions`,
  );
}
