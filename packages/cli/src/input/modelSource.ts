import type { Dtype } from '@hyperribbon/kernels';
import { weightsFromNpz, weightsFromSafetensors } from '@hyperribbon/data';
import { networkFromArrays, networkToData, type NamedArray, type Network } from '@hyperribbon/nn';
import type { Model } from './model.js';
import { UsageError } from '../usageError.js';
import { readInput } from './readInput.js';

/**
 * A network and its weights from a file.
 *
 * @param kind `mlp:tanh`, `mlp:relu`, ..., `lenet`; widths come from the arrays
 */
export async function loadModel(file: string, kind: string, dtype: Dtype): Promise<{ model: Model; network: Network }> {
  const arrays = await readWeights(file);
  // an architecture with all widths, or the hidden ones, is accepted too, and must then be the one the arrays have
  const [family, activation] = kind.split(':');
  const short = family === 'lenet' ? 'lenet' : `${family}:${activation ?? ''}`;
  const { network, params } = networkFromArrays(short, arrays);
  const hidden = network.name.replace(/:\d+,(.*),\d+$/, ':$1');
  if (![short, hidden, network.name].includes(kind)) {
    throw new UsageError(`--architecture: ${kind} does not fit the arrays in ${file}, which make ${network.name}`);
  }
  const weights = dtype === 'float64' ? Float64Array.from(params) : Float32Array.from(params);
  return { model: { network: networkToData(network), params: weights }, network };
}

async function readWeights(file: string): Promise<ReadonlyMap<string, NamedArray>> {
  const bytes = await readInput(file, '--model');
  if (file.endsWith('.safetensors')) return weightsFromSafetensors(bytes, { integers: 'omit' });
  if (file.endsWith('.npz')) return weightsFromNpz(bytes, { integers: 'omit' });
  throw new UsageError(`--model: cannot tell the format of ${file}. Give a .npz or .safetensors file.`);
}
