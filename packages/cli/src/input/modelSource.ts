import type { Dtype } from '@hyperribbon/kernels';
import { weightsFromNpz, weightsFromSafetensors } from '@hyperribbon/data';
import { networkFromArrays, networkToData, type NamedArray, type Network } from '@hyperribbon/nn';
import type { Model } from './model.js';
import { UsageError } from '../usageError.js';
import { readInput } from './readInput.js';
import { storedArchitecture } from './storedArchitecture.js';

/**
 * A network and its weights from a file.
 *
 * @param given `mlp:tanh`, `mlp:relu`, ..., `lenet`; widths come from the arrays. May be left off where the file says it
 * @returns `stored`: the file itself says what network it is of
 */
export async function loadModel(file: string, given: string | undefined, dtype: Dtype): Promise<LoadedModel> {
  const { arrays, stored } = await readWeights(file);
  const kind = given ?? stored;
  if (kind === undefined)
    throw new UsageError(
      `--architecture: ${file} does not say what network its weights are of. Name it, for example mlp:relu or lenet.`,
    );
  // an architecture with all widths, or the hidden ones, is accepted too, and must then be the one the arrays have
  const [family, activation] = kind.split(':');
  const short = family === 'lenet' ? 'lenet' : `${family}:${activation ?? ''}`;
  const { network, params } = networkFromArrays(short, arrays);
  const hidden = network.name.replace(/:\d+,(.*),\d+$/, ':$1');
  if (![short, hidden, network.name].includes(kind)) {
    throw new UsageError(`--architecture: ${kind} does not fit the arrays in ${file}, which make ${network.name}`);
  }
  if (stored !== undefined && stored !== network.name)
    throw new UsageError(
      `--architecture: ${file} was written for ${stored}, not for ${network.name}. Leave the option off.`,
    );
  const weights = dtype === 'float64' ? Float64Array.from(params) : Float32Array.from(params);
  return { model: { network: networkToData(network), params: weights }, network, stored: stored !== undefined };
}

/** A network, its weights, and whether their file says that they belong together. */
export interface LoadedModel {
  readonly model: Model;
  readonly network: Network;
  readonly stored: boolean;
}

interface Weights {
  readonly arrays: ReadonlyMap<string, NamedArray>;
  readonly stored?: string;
}

async function readWeights(file: string): Promise<Weights> {
  const bytes = await readInput(file, '--model');
  if (file.endsWith('.safetensors')) return { arrays: weightsFromSafetensors(bytes, { integers: 'omit' }) };
  if (file.endsWith('.npz')) {
    const stored = storedArchitecture(bytes);
    return { arrays: weightsFromNpz(bytes, { integers: 'omit' }), ...(stored === undefined ? {} : { stored }) };
  }
  throw new UsageError(`--model: cannot tell the format of ${file}. Give a .npz or .safetensors file.`);
}
