import { dirname, join } from 'node:path';
import { type WeightArray, weightsFromShards, type WeightsOptions } from '@hyperribbon/data';
import { readInput } from '../readInput.js';
import { naming } from '../reading.js';

/** Whether a file is the index of a model that is cut into several safetensors files. */
export function isShardIndex(file: string): boolean {
  return /\.safetensors\.index\.json$/i.test(file);
}

/** The arrays of such a model, whose files lie beside the index. */
export async function readShards(
  file: string,
  index: Uint8Array,
  options: WeightsOptions,
): Promise<Map<string, WeightArray>> {
  try {
    return await weightsFromShards(index, (name) => readInput(join(dirname(file), name), '--model'), options);
  } catch (error) {
    throw naming(error, '--model', file);
  }
}
