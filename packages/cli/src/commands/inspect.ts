import { existsSync } from 'node:fs';
import { describeLayers, networkIdentity, type Network } from '@hyperribbon/nn';
import { parseArchitecture } from '@hyperribbon/nn/models';
import { architectureText } from '../input/models/architectureFile.js';
import { reading } from '../input/reading.js';
import { loadModel } from '../input/modelSource.js';
import { isOnnx } from '../input/models/onnxModel.js';
import { onnxOperators, operatorsText } from '../input/models/onnxOperators.js';
import { isShardIndex } from '../input/models/shards.js';
import { flag, option } from '../options/option.js';
import { text } from '../options/parsers.js';
import { json } from '../options/shared.js';
import { jsonOutput } from '../output/jsonOutput.js';
import { networkTable } from '../output/networkTable.js';
import { UsageError } from '../usageError.js';
import { command } from './command.js';

export const inspectCommand = command({
  name: 'inspect',
  description:
    'What a network is made of: its layers, their shapes and parameters, and whether all of it is computed here.',
  argument: [
    'model',
    '.onnx, .npz or .safetensors, a .json of layers, or an architecture such as resnet:20:10:3,32,32',
  ],
  options: {
    architecture: option('<text>', 'of weights whose file does not say it, such as mlp:relu or resnet:18', text),
    all: flag('every layer, however many there are'),
    json,
  },
  after: `Examples:
  hyperribbon inspect resnet.onnx
  hyperribbon inspect net.npz --architecture mlp:relu
  hyperribbon inspect gpt:64,2,2:8192:64`,
  run: async ({ architecture, all, json: asked }, { lines, print }, given) => {
    const record = jsonOutput(asked);
    const graph = isOnnx(given) ? await onnxOperators(given) : undefined;
    if (graph !== undefined && record?.alone !== true) print(`${operatorsText(graph)}\n`);
    const { network, notes } = await networkOf(given, architecture);
    for (const note of notes) lines.print(note);
    if (record?.alone !== true) print(`${network.name}\n${networkTable(network, all)}`);
    record?.write({
      schema: 'hyperribbon/network',
      version: 1,
      name: network.name,
      identity: networkIdentity(network),
      ...factsOf(network),
      layers: describeLayers(network),
      ...(graph === undefined ? {} : { onnx: graph }),
      notes,
    });
    return 0;
  },
});

/** A network from a file, or from the words that describe one. */
async function networkOf(
  given: string,
  architecture: string | undefined,
): Promise<{ readonly network: Network; readonly notes: readonly string[] }> {
  const layers = /\.json$/i.test(given) && !isShardIndex(given);
  const described = layers || (!existsSync(given) && /^\w+(:|$)/.test(given));
  if (!described) return loadModel(given, architecture, 'float32');
  if (architecture !== undefined)
    throw new UsageError(`--architecture: ${given} says itself what network it is; leave the option off`);
  const words = await architectureText(given);
  return { network: reading('inspect', given, () => parseArchitecture(words)), notes: [] };
}

function factsOf({
  inputs,
  inputShape,
  vocabulary,
  classes,
  size,
  parameters,
  buffers = [],
  draws = 0,
}: Network): object {
  return {
    inputs,
    ...(inputShape && { inputShape }),
    ...(vocabulary === undefined ? {} : { vocabulary }),
    outputs: classes,
    size,
    parameters: parameters.map(({ name, shape }) => ({ name, shape })),
    buffers: buffers.map(({ name, shape }) => ({ name, shape })),
    draws,
  };
}
