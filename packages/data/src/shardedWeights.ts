import { refuse, refuseType, typedArrayName } from '@hyperribbon/contract';
import { FormatError, quote } from './formats/formatError.js';
import type { SafetensorsOptions } from './formats/openSafetensors.js';
import { type WeightArray, type WeightsOptions, weightsFromSafetensors } from './weights.js';

/** most files and arrays that an index may name: the largest models that are published have some hundred and some ten thousand */
const MOST_FILES = 10_000;
const MOST_ARRAYS = 1_000_000;

/**
 * The floating-point tensors of a model that is cut into several safetensors files, as `model.safetensors.index.json` lists them.
 *
 * @param index the JSON text of the index, or its bytes
 * @param read gives the bytes of a file that the index names, each once; names are plain ones of files beside the index, never paths
 * @param options those of {@link weightsFromSafetensors}, for each file
 * @returns in the order of the index
 * @throws FormatError for an index that is none, a file name that is a path, a tensor that its file lacks or that another file has too; and like
 * {@link weightsFromSafetensors}
 * @example
 * await weightsFromShards('{"weight_map": {}}', () => new Uint8Array(0)); // an empty Map
 * Source: the index that Hugging Face's libraries write.
 */
export async function weightsFromShards(
  index: string | Uint8Array,
  read: (file: string) => Uint8Array | Promise<Uint8Array>,
  options: SafetensorsOptions & WeightsOptions = {},
): Promise<Map<string, WeightArray>> {
  const caller = 'weightsFromShards';
  if (typeof read !== 'function') refuseType(caller, 'read', 'a function', read);
  const places = shardPlaces(index);
  const found = new Map<string, WeightArray>();
  const omitted = new Set<string>();
  const onOmitted: WeightsOptions['onOmitted'] = (name, what) => {
    omitted.add(name);
    options.onOmitted?.(name, what);
  };
  for (const file of new Set(places.values())) {
    const bytes = await read(file);
    if (typedArrayName(bytes) !== 'Uint8Array') refuse(caller, `read gave no Uint8Array for ${quote(file)}`);
    for (const [name, array] of weightsFromSafetensors(bytes, { ...options, onOmitted })) {
      if (places.get(name) !== file)
        fail(`tensor ${quote(name)} is in ${quote(file)}, the index puts it ${elsewhere(places.get(name))}`);
      found.set(name, array);
    }
  }
  const weights = new Map<string, WeightArray>();
  for (const [name, file] of places) {
    const array = found.get(name);
    if (array !== undefined) weights.set(name, array);
    else if (!omitted.has(name))
      fail(`the index puts tensor ${quote(name)} into ${quote(file)}, which does not have it`);
  }
  return weights;
}

function elsewhere(file: string | undefined): string {
  return file === undefined ? 'nowhere' : `into ${quote(file)}`;
}

/**
 * Files by the names of tensors, as an index lists them; names of files are plain ones, never paths.
 *
 * @param index the JSON text of the index, or its bytes
 * @throws FormatError for an index that is none or names a path
 * @example
 * shardPlaces('{"weight_map": {"w": "model-1.safetensors"}}').get('w'); // 'model-1.safetensors'
 */
export function shardPlaces(index: string | Uint8Array): Map<string, string> {
  const caller = 'shardPlaces';
  if (typeof index !== 'string' && typedArrayName(index) !== 'Uint8Array')
    refuseType(caller, 'index', 'JSON text or a Uint8Array', index);
  let content: unknown;
  try {
    content = JSON.parse(typeof index === 'string' ? index : new TextDecoder('utf-8', { fatal: true }).decode(index));
  } catch (error) {
    fail('the index is no JSON text', error);
  }
  const map: unknown =
    typeof content === 'object' && content !== null
      ? Object.getOwnPropertyDescriptor(content, 'weight_map')?.value
      : undefined;
  if (typeof map !== 'object' || map === null || Array.isArray(map))
    return fail('the index has no weight_map: files by the names of tensors');
  const places = new Map<string, string>();
  for (const [name, file] of Object.entries(map)) {
    if (typeof file !== 'string' || !/^[\w.-]+$/.test(file) || /^\.+$/.test(file))
      fail(`${quote(name)} lies in ${quote(String(file))}, which is no plain name of a file`);
    places.set(name, file as string);
  }
  const files = new Set(places.values()).size;
  if (files > MOST_FILES || places.size > MOST_ARRAYS)
    fail(`the index names ${places.size} tensors in ${files} files; most are ${MOST_ARRAYS} in ${MOST_FILES}`);
  return places;
}

function fail(message: string, cause?: unknown): never {
  throw new FormatError('safetensors', message, cause === undefined ? undefined : { cause });
}
