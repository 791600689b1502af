import { onnxNetwork, onnxOf } from '@hyperribbon/onnx';
import {
  type AnyExamples,
  lenet,
  mlp,
  type Network,
  type ParameterFilter,
  restrict,
  softmaxCrossEntropy,
  squaredError,
  tokenCrossEntropy,
  type Loss,
} from '@hyperribbon/nn';
import {
  allCnn,
  attentionRegressor,
  binaryWeights,
  gpt,
  resnet,
  stack,
  vgg,
  vit,
  wideResnet,
} from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';

/** A small network at some weights, with examples of its kind: all that operators, measures and bounds are asked for. */
export interface Model {
  readonly name: string;
  readonly network: Network;
  readonly params: Float64Array;
  readonly examples: AnyExamples;
  readonly loss: Loss;
  /** for a network that is too large for dense oracles: the parameters that are asked about */
  readonly parameters?: ParameterFilter;
  /** how a posterior's noise can enter: all weights layer by layer, some of them, or none */
  readonly noise: 'local' | 'mixed' | 'weights';
}

interface Row {
  readonly network: Network;
  readonly count?: number;
  readonly noise: Model['noise'];
  readonly parameters?: ParameterFilter;
}

const image = [1, 4, 4] as const;

/** A new model is a row here. */
const rows: Readonly<Record<string, Row>> = {
  mlp: { network: mlp([3, 4, 3]), count: 5, noise: 'local' },
  lenet: { network: lenet({ channels: [1, 1], hidden: [2], classes: 2 }), noise: 'mixed' },
  allCnn: {
    network: allCnn({ channels: [2, 2], classes: 3, image: { height: 4, width: 4, channels: 1 } }),
    noise: 'mixed',
  },
  resnet: { network: resnet(8, { classes: 2, image, width: 1 / 16 }), noise: 'mixed' },
  'resnet without skips and norms': {
    network: resnet(8, { classes: 2, image, width: 1 / 16, skip: false, norm: 'none' }),
    noise: 'mixed',
  },
  'resnet, fixup': { network: resnet(8, { classes: 2, image, width: 1 / 16, norm: 'fixup' }), noise: 'mixed' },
  'binary mlp': { network: binaryWeights(mlp([3, 4, 3])), count: 5, noise: 'weights' },
  'binary resnet': { network: binaryWeights(resnet(8, { classes: 2, image, width: 1 / 16 })), noise: 'weights' },
  'wide resnet': { network: wideResnet(10, 1, { classes: 2, image }), parameters: /^(bn1|fc)\./, noise: 'mixed' },
  vgg: {
    network: vgg(11, { classes: 2, image: [1, 32, 32], width: 1 / 64 }),
    parameters: /^(features\.0|classifier)\./,
    noise: 'mixed',
  },
  'convolutions by groups': {
    network: stack({
      input: [2, 4, 4],
      layers: [
        { kind: 'conv2d', name: 'grouped', out: 4, kernel: 3, padding: 1, groups: 2 },
        { kind: 'tanh' },
        { kind: 'conv2d', name: 'depthwise', out: 4, kernel: 3, groups: 4 },
        { kind: 'relu' },
        { kind: 'flatten' },
        { kind: 'linear', name: 'last', out: 3 },
      ],
    }),
    noise: 'mixed',
  },
  vit: { network: vit(4, 1, 2, { classes: 3, image, patch: 2 }), noise: 'mixed' },
  gpt: { network: gpt(4, 1, 2, { vocabulary: 6, positions: 3 }), noise: 'weights' },
  'gpt with a head of its own': {
    network: gpt(2, 1, 1, { vocabulary: 5, positions: 3, tied: false }),
    noise: 'weights',
  },
  'linear attention': {
    network: attentionRegressor('linear', { dimension: 2, length: 3 }),
    count: 4,
    noise: 'weights',
  },
  'softmax attention': {
    network: attentionRegressor('softmax', { dimension: 2, length: 3, heads: 2, rank: 2 }),
    count: 4,
    noise: 'mixed',
  },
  'an imported network': {
    network: imported(allCnn({ channels: [2, 2], classes: 3, image: { height: 4, width: 4, channels: 1 } })),
    noise: 'mixed',
  },
};

export const models: readonly Model[] = Object.entries(rows).map(([name, { network, count = 3, ...rest }]) => {
  const moved = stream({ seed: 7, purpose: 'test/weights' }).normal(new Float64Array(network.size));
  // away from starts at zero, behind which nothing would be seen
  const params = Float64Array.from(network.init(5, 'float64'), (w, i) => w + 0.1 * moved[i]);
  return { name, network, params, ...examplesOf(network, count), ...rest };
});

/** What a model's operators are about: its chosen parameters as a network of their own, and where nothing is chosen the network. */
export function asked({ network, params, parameters }: Model): {
  readonly network: Network;
  readonly params: Float64Array;
} {
  if (parameters === undefined) return { network, params };
  const part = restrict(network, params, parameters);
  return { network: part.network, params: part.params as Float64Array };
}

function examplesOf(network: Network, count: number): Pick<Model, 'examples' | 'loss'> {
  const { inputs: features, classes, vocabulary } = network;
  const draw = stream({ seed: 3, purpose: 'test/answers' });
  const normal = stream({ seed: 2, purpose: 'test/inputs' }).normal(new Float64Array(count * features));
  if (vocabulary !== undefined) {
    const inputs = normal.map(() => draw.integer(vocabulary));
    const targets = normal.map((_, i) => (i === 1 ? -100 : draw.integer(classes / features)));
    return {
      examples: { inputs, targets, count, features, outputs: features },
      loss: tokenCrossEntropy({ positions: features }),
    };
  }
  if (classes === 1) {
    const targets = Float64Array.from({ length: count }, () => draw.integer(9) / 4 - 1);
    return { examples: { inputs: normal, targets, count, features, outputs: 1 }, loss: squaredError };
  }
  const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
  return { examples: { inputs: normal, labels, count, features, classes }, loss: softmaxCrossEntropy };
}

/** A network that went through a file. */
function imported(network: Network): Network {
  return onnxNetwork(onnxOf(network, network.init(1, 'float64'))).network;
}
