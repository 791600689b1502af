import { readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, normalize } from 'node:path';
import { type ExternalData, type OnnxNetwork, onnxNetwork } from '@hyperribbon/onnx';
import { UsageError } from '../../usageError.js';
import { reading } from '../reading.js';
import { readInput } from '../readInput.js';

/** Whether a file is named as those of ONNX are. */
export function isOnnx(file: string): boolean {
  return /\.onnx$/i.test(file);
}

/**
 * The network of an ONNX file, with weights that lie in files beside it; those that lost their names are called after their layers.
 *
 * @param output the value of the graph that holds logits, where there are several
 */
export async function loadOnnx(file: string, output: string | undefined): Promise<OnnxNetwork> {
  const bytes = await readInput(file, '--model');
  // exporters call every graph the same
  const name = basename(file);
  const options = {
    name,
    names: 'layers',
    external: besideOf(file),
    ...(output === undefined ? {} : { output }),
  } as const;
  return reading('--model', file, () => onnxNetwork(bytes, options));
}

/** Bytes of a file in the model's own folder or below it: nothing else is opened, whatever the model says. */
export function besideOf(file: string): ExternalData {
  const read = new Map<string, Uint8Array>();
  return ({ location, offset, length }) => {
    const path = normalize(location);
    if (isAbsolute(path) || path.split(/[\\/]/).includes('..'))
      throw new UsageError(`--model: ${file} asks for weights in ${location}, outside its folder: put them beside it`);
    let bytes = read.get(path);
    if (bytes === undefined) {
      try {
        bytes = readFileSync(join(dirname(file), path));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
      read.set(path, bytes);
    }
    return bytes.subarray(offset, offset + length);
  };
}
