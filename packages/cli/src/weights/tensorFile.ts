import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FormatError, openNpz, openSafetensors, shardPlaces } from '@hyperribbon/data';
import { type OnnxTensor, parseOnnx } from '@hyperribbon/onnx';
import { besideOf, isOnnx } from '../input/models/onnxModel.js';
import { isShardIndex } from '../input/models/shards.js';
import { naming, reading } from '../input/reading.js';
import { readInput } from '../input/readInput.js';
import { UsageError } from '../usageError.js';

/** An array of a file, or why its numbers cannot be read. */
export type ReadTensor =
  | {
      readonly shape: readonly number[];
      readonly dtype: string;
      readonly data: ArrayLike<number> | ArrayLike<bigint>;
    }
  | { readonly shape: readonly number[]; readonly unread: string };

/** A model's arrays, each read when it is asked for. */
export interface TensorFile {
  /** in the order of the file */
  readonly names: readonly string[];
  /** bytes that stay in memory while arrays are read */
  readonly held: number;
  /** bytes of an array as the file has it */
  sizeOf(name: string): number;
  read(name: string): ReadTensor;
  close(): void;
}

/**
 * Opens a model's file by its ending.
 *
 * @param option which named the file, for complaints
 * @throws UsageError for files that are not there, of other kinds, or damaged
 */
export async function openTensorFile(file: string, option: string): Promise<TensorFile> {
  if (isOnnx(file)) return ofOnnx(await readInput(file, option), file, option);
  if (isShardIndex(file)) return ofShards(await readInput(file, option), file, option);
  if (/\.safetensors$/i.test(file)) return named(await ofSafetensors(file, option), file, option);
  if (/\.npz$/i.test(file)) return named(ofNpz(await readInput(file, option), file, option), file, option);
  throw new UsageError(
    `${option}: ${file} is none of .onnx, .safetensors, .safetensors.index.json and .npz; save the weights as one of them`,
  );
}

/** Complaints of a file while it is read name the option and the file. */
function named(opened: TensorFile, file: string, option: string): TensorFile {
  return { ...opened, read: (name) => reading(option, file, () => opened.read(name)) };
}

function readable(read: () => ReadTensor, shape: readonly number[] = []): ReadTensor {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError && error.unsupported) return { shape, unread: error.message };
    throw error;
  }
}

/** A file of which only the header and one array at a time are in memory. */
async function ofSafetensors(file: string, option: string): Promise<TensorFile> {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
    if (!fstatSync(descriptor).isFile()) throw new Error('no file');
  } catch {
    // says what is wrong, with the words of all commands
    await readInput(file, option);
    throw new UsageError(`${option}: ${file} is no file whose parts can be read; copy it to a disk`);
  }
  const part = (from: number, to: number): Uint8Array => {
    const bytes = new Uint8Array(to - from);
    for (let at = 0, read = -1; at < bytes.length && read !== 0; at += read)
      read = readSync(descriptor, bytes, at, Math.min(2 ** 30, bytes.length - at), from + at);
    return bytes;
  };
  try {
    const { size } = fstatSync(descriptor);
    const content = reading(option, file, () => openSafetensors({ length: size, part }));
    return {
      names: content.names,
      held: 0,
      sizeOf: (name) => content.describe(name).bytes,
      read: (name) => readable(() => content.read(name), content.describe(name).shape),
      close: () => closeSync(descriptor),
    };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function ofNpz(bytes: Uint8Array, file: string, option: string): TensorFile {
  const content = reading(option, file, () => openNpz(bytes));
  const others = new Set(content.others);
  return {
    names: [...content.names, ...content.others],
    held: bytes.length,
    sizeOf: (name) => (others.has(name) ? 0 : content.sizeOf(name)),
    read: (name) =>
      others.has(name)
        ? { shape: [], unread: 'no array of numbers: the archive holds it beside them' }
        : readable(() => content.read(name)),
    close: () => {},
  };
}

/** Initialisers, and the tensors of nodes that are constants. */
function ofOnnx(bytes: Uint8Array, file: string, option: string): TensorFile {
  const { graph } = reading(option, file, () => parseOnnx(bytes, { external: besideOf(file) }));
  const tensors = new Map<string, OnnxTensor>(graph.initializers);
  for (const { operator, attributes, outputs } of graph.nodes) {
    const value = operator === 'Constant' ? attributes.get('value') : undefined;
    if (value?.kind === 'tensor') tensors.set(outputs[0], value.value);
  }
  const all = [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  return {
    names: [...tensors.keys()],
    held: bytes.length + all,
    sizeOf: (name) => tensors.get(name)!.data.byteLength,
    read(name) {
      const { type, shape, data } = tensors.get(name)!;
      return { dtype: type, shape, data };
    },
    close: () => {},
  };
}

/** Files of one model, of which one array at a time is in memory. */
async function ofShards(index: Uint8Array, file: string, option: string): Promise<TensorFile> {
  const opened: TensorFile[] = [];
  const places = new Map<string, TensorFile>();
  const close = (): void => opened.forEach((one) => one.close());
  try {
    const listed = shardPlaces(index);
    for (const name of new Set(listed.values())) {
      const path = join(dirname(file), name);
      const shard = named(await ofSafetensors(path, option), path, option);
      opened.push(shard);
      for (const tensor of shard.names) {
        if (listed.get(tensor) !== name)
          throw new UsageError(`${option}: ${path} holds ${JSON.stringify(tensor)}, which the index puts elsewhere`);
        places.set(tensor, shard);
      }
    }
    const lost = [...listed.keys()].find((tensor) => !places.has(tensor));
    if (lost !== undefined)
      throw new UsageError(
        `${option}: ${file} puts ${JSON.stringify(lost)} into ${listed.get(lost)}, which does not have it`,
      );
  } catch (error) {
    close();
    throw naming(error, option, file);
  }
  return {
    names: [...places.keys()],
    held: 0,
    sizeOf: (name) => places.get(name)!.sizeOf(name),
    read: (name) => places.get(name)!.read(name),
    close,
  };
}
