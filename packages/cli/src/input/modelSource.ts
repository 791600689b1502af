import type { Dtype } from '@hyperribbon/kernels';
import { parseNpz, parseSafetensors, type NumericArray } from '@hyperribbon/data';
import { networkFromArrays, type NamedArray, type Network } from '@hyperribbon/nn';
import type { Model } from '../jobs/job.js';
import { UsageError } from '../usageError.js';
import { readInput } from './readInput.js';

/**
 * A network and its weights from a file.
 *
 * @param kind `mlp:tanh`, `mlp:relu`, ..., `lenet`; widths come from the arrays
 */
export async function loadModel(file: string, kind: string, dtype: Dtype): Promise<{ model: Model; network: Network }> {
  const arrays = await readWeights(file);
  // an architecture with widths is accepted too, and must then be the one the arrays have
  const [family, activation] = kind.split(':');
  const short = family === 'lenet' ? 'lenet' : `${family}:${activation ?? ''}`;
  const { network, params } = networkFromArrays(short, arrays);
  if (kind !== short && kind !== network.name) {
    throw new UsageError(`--architecture: ${kind} does not fit the arrays in ${file}, which make ${network.name}`);
  }
  const weights = dtype === 'float64' ? Float64Array.from(params) : Float32Array.from(params);
  return { model: { architecture: network.name, params: weights }, network };
}

async function readWeights(file: string): Promise<ReadonlyMap<string, NamedArray>> {
  const bytes = await readInput(file, '--model');
  if (file.endsWith('.safetensors')) return numbers(parseSafetensors(bytes).tensors, file);
  if (file.endsWith('.npz')) return numbers(parseNpz(bytes), file);
  throw new UsageError(`--model: cannot tell the format of ${file}. Give a .npz or .safetensors file.`);
}

function numbers(arrays: ReadonlyMap<string, NumericArray>, file: string): ReadonlyMap<string, NamedArray> {
  const weights = new Map<string, NamedArray>();
  for (const [name, { data, shape }] of arrays) {
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
      throw new UsageError(`--model: array ${name} in ${file} holds 64-bit integers; weights are float32 or float64`);
    }
    weights.set(name, { data, shape });
  }
  return weights;
}
