import type { Dtype } from '@hyperribbon/kernels';
import { weightsFromNpz, weightsFromSafetensors } from '@hyperribbon/data';
import { networkToData, type Network } from '@hyperribbon/nn';
import {
  completeArchitecture,
  type ExampleShape,
  type NamedArray,
  networkFromArrays,
  parseArchitecture,
} from '@hyperribbon/nn/models';
import { architectureText } from './models/architectureFile.js';
import type { Model } from './model.js';
import { isShardIndex, readShards } from './models/shards.js';
import { UsageError } from '../usageError.js';
import { reading } from './reading.js';
import { isOnnx, loadOnnx } from './models/onnxModel.js';
import { readInput } from './readInput.js';
import { architectureKey, storedArchitecture, storedTraining, trainedKey } from './storedArchitecture.js';

/** A network, its weights, and whether their file says that they belong together. */
export interface LoadedModel {
  readonly model: Model;
  readonly network: Network;
  /** the file itself says what network it is of */
  readonly stored: boolean;
  /** what was made of the file that a person should know */
  readonly notes: readonly string[];
  /** digest of the examples that they were trained on, if their file tells */
  readonly trainedOn?: string;
}

/**
 * A network and its weights from a file.
 *
 * @param given `mlp:tanh`, `mlp:relu`, ..., `lenet`, whose widths come from the arrays, or another architecture, or a .json of layers. May be left
 * off where the file says it
 * @param examples that the network is for, where they are known: what they say need not be written in the architecture
 */
export async function loadModel(
  file: string,
  given: string | undefined,
  dtype: Dtype,
  examples?: ExampleShape,
): Promise<LoadedModel> {
  if (isOnnx(file)) return loadGraph(file, given, dtype);
  const { arrays, stored, omitted, trainedOn } = await readWeights(file);
  const kind = given === undefined ? stored : await architectureText(given);
  if (kind === undefined)
    throw new UsageError(
      `--architecture: ${file} does not say what network its weights are of. Name it, for example mlp:relu, lenet or resnet:18.`,
    );
  const text = readAs(kind, stored, examples);
  const { network, params, notes } = reading('--model', file, () =>
    networkFromArrays(text, arrays, stored === undefined ? {} : { lying: 'in-out' }),
  );
  requireSame(file, { given: kind, text, stored, network });
  const weights = dtype === 'float64' ? Float64Array.from(params) : Float32Array.from(params);
  return {
    model: { network: networkToData(network), params: weights },
    network,
    stored: stored !== undefined,
    ...(trainedOn === undefined ? {} : { trainedOn }),
    notes: [
      ...notes,
      ...(omitted.length === 0
        ? []
        : [`left aside in ${file}: ${omitted.slice(0, 8).join(', ')}${omitted.length > 8 ? ', …' : ''}`]),
    ],
  };
}

interface Named {
  /** what was asked for, and what the arrays were read as */
  readonly given: string;
  readonly text: string;
  readonly stored: string | undefined;
  readonly network: Network;
}

/** @throws UsageError where a network is not the one that was named, or that its file names */
function requireSame(file: string, { given, text, stored, network }: Named): void {
  const { name, architecture = name } = network;
  // an architecture with all widths, or the hidden ones, is accepted too, and must then be the one the arrays have
  const hidden = name.replace(/^(mlp:\w+):\d+,(.*),\d+$/, '$1:$2');
  const fits = !sizedByArrays(given) || [text, hidden, name, name.split(':')[0]].includes(given);
  if (!fits) throw new UsageError(`--architecture: ${given} does not fit the arrays in ${file}, which make ${name}`);
  if (stored !== undefined && stored !== architecture)
    throw new UsageError(`--architecture: ${file} was written for ${stored}, not for ${name}. Leave the option off.`);
}

/** An ONNX file says all of it. */
async function loadGraph(file: string, given: string | undefined, dtype: Dtype): Promise<LoadedModel> {
  if (given !== undefined)
    throw new UsageError(`--architecture: ${file} says itself what network it is; leave the option off`);
  const { network, params, notes } = await loadOnnx(file, undefined);
  const weights = dtype === 'float64' ? Float64Array.from(params) : Float32Array.from(params);
  return { model: { network: networkToData(network), params: weights }, network, stored: true, notes };
}

/** Whether widths come from the arrays and need not be said. */
function sizedByArrays(kind: string): boolean {
  return /^(mlp|lenet|allcnn)(:|$)/.test(kind);
}

/** What the arrays are to be read as: widths come from them, but the size of an All-CNN's images is in no array. */
function readAs(kind: string, stored: string | undefined, examples: ExampleShape | undefined): string {
  if (!sizedByArrays(kind)) {
    if (stored?.startsWith(kind) === true) return stored;
    return examples === undefined ? kind : reading('--architecture', kind, () => completeArchitecture(kind, examples));
  }
  const [family, activation] = kind.split(':');
  if (family === 'lenet') return 'lenet';
  if (family !== 'allcnn') return `${family}:${activation ?? ''}`;
  return kind === 'allcnn' && stored?.startsWith('allcnn:') === true
    ? stored
    : reading('--architecture', kind, () => parseArchitecture(kind)).name;
}

interface Weights {
  readonly arrays: ReadonlyMap<string, NamedArray>;
  readonly stored?: string;
  readonly omitted: readonly string[];
  readonly trainedOn?: string;
}

const asNumpy = 'numpy.savez("net.npz", **{k: v.numpy() for k, v in model.state_dict().items()})';

/** What to do with files of weights that are not read here. */
const others: readonly (readonly [RegExp, string])[] = [
  [/\.(pt|pth|ckpt|bin|pkl)$/i, `Python pickles are never loaded: save them with ${asNumpy}, or as safetensors`],
  [/\.(h5|hdf5|keras)$/i, 'save them with numpy.savez("net.npz", **{w.path: w.numpy() for w in model.weights})'],
];

async function readWeights(file: string): Promise<Weights> {
  const bytes = await readInput(file, '--model');
  const omitted: string[] = [];
  const options = {
    integers: 'omit',
    onOmitted: (name: string): void => void ([architectureKey, trainedKey].includes(name) || omitted.push(name)),
  } as const;
  if (isShardIndex(file)) return { arrays: await readShards(file, bytes, options), omitted };
  return reading('--model', file, () => {
    if (file.endsWith('.safetensors')) return { arrays: weightsFromSafetensors(bytes, options), omitted };
    if (!file.endsWith('.npz')) {
      const [, advice] = others.find(([name]) => name.test(file)) ?? [];
      throw new UsageError(
        `--model: cannot tell the format of ${file}. Give a .npz, .safetensors or .onnx file${advice === undefined ? '.' : `; ${advice}`}`,
      );
    }
    const arrays = weightsFromNpz(bytes, options);
    const [stored, trainedOn] = [storedArchitecture(bytes), storedTraining(bytes)];
    return {
      arrays,
      omitted,
      ...(stored === undefined ? {} : { stored }),
      ...(trainedOn === undefined ? {} : { trainedOn }),
    };
  });
}
