import { isArgumentError, refuse } from '@hyperribbon/contract';
import { binaryWeights } from './latent/binaryWeights.js';
import { type ExampleShape, families } from './models/families.js';
import { partsOf } from './models/parts.js';
import { stackFrom } from './modules/stack.js';
import type { Network } from './network.js';
import { networkIdentity } from './networkProgram.js';

/** Before the text of a network whose weights are to be binary. */
const binary = 'binary:';

/**
 * A network from a short text, the inverse of `network.name`, or from the JSON of a {@link parseStack}.
 *
 *     mlp:tanh:784,256,256,10          mlp:ACTIVATION:WIDTHS
 *     lenet                            lenet:6,16:120,84:10
 *     lenet:CHANNELS:HIDDEN:CLASSES    parts may be left off from the right
 *     allcnn                           allcnn:64,128:10:32,32,3
 *     allcnn:CHANNELS:CLASSES:IMAGE    image is height, width, channels
 *     resnet:20                        resnet:20:10:3,32,32
 *     resnet:DEPTH:CLASSES:IMAGE       image is channels, height, width here and below; depth 18, 34 or 6n + 2
 *     wrn:DEPTH-WIDEN:CLASSES:IMAGE    wrn:16-1:10:1,28,28
 *     vgg:DEPTH:CLASSES:IMAGE          vgg:11:10:3,32,32
 *     vit:WIDTH,LAYERS,HEADS:CLASSES:IMAGE             vit:64,4,4:10:1,28,28
 *     gpt:WIDTH,LAYERS,HEADS:VOCABULARY:POSITIONS      gpt:64,2,4:256:32
 *     attention:linear|softmax:DIMENSION:LENGTH        attention:linear:5:20
 *     binary:ANY OF THEM                               binary:resnet:8:10:1,28,28, see binaryWeights
 *
 * Options of a model may follow as a last part, such as `:skip=false,norm=none`.
 *
 * @throws ArgumentError saying which part is wrong and what was expected
 */
export function parseArchitecture(text: string): Network {
  const trimmed = text.trim();
  if (trimmed.startsWith('{')) return stackFrom('parseArchitecture', trimmed);
  if (trimmed.startsWith(binary)) return binaryWeights(parseArchitecture(trimmed.slice(binary.length)));
  const [kind, ...parts] = trimmed.split(':');
  if (!Object.hasOwn(families, kind)) return refuseFamily(text);
  return families[kind].read(partsOf(text, parts));
}

/**
 * The text with the parts that are left off, as some examples want them: what {@link parseArchitecture} then reads.
 *
 * @param examples features, classes, and the lengths of one example where they are known
 * @throws ArgumentError for a family that there is not
 * @example
 * completeArchitecture('mlp:tanh:128', { features: 784, classes: 10 }); // 'mlp:tanh:784,128,10'
 * completeArchitecture('resnet:8', { features: 784, classes: 10 }); // 'resnet:8:10:1,28,28'
 */
export function completeArchitecture(text: string, examples: ExampleShape): string {
  const trimmed = text.trim();
  if (trimmed.startsWith('{')) return trimmed;
  if (trimmed.startsWith(binary)) return binary + completeArchitecture(trimmed.slice(binary.length), examples);
  const [kind, ...parts] = trimmed.split(':');
  if (!Object.hasOwn(families, kind)) return refuseFamily(text);
  return [kind, ...families[kind].complete(parts, examples)].join(':');
}

function refuseFamily(text: string): never {
  const forms = Object.values(families).map(({ form }) => form);
  return refuse(
    'parseArchitecture',
    `expected ${forms.join(', ')}, binary: before one of them, or the JSON of a stack; the text was "${text}"`,
  );
}

/**
 * The text that {@link parseArchitecture} makes this very network of: its name or its JSON; undefined for networks of one's own functions, and
 * where buffers are not as they start.
 */
export function architectureOf(network: Network): string | undefined {
  const text = network.architecture ?? network.name;
  try {
    return networkIdentity(parseArchitecture(text)) === networkIdentity(network) ? text : undefined;
  } catch (error) {
    if (isArgumentError(error) || (error instanceof Error && error.name === 'RecordFormatError')) return undefined;
    throw error;
  }
}
