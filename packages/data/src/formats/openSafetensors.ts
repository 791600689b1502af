import { FormatError, quote, requireBytes } from './formatError.js';
import {
  bytesPerElement,
  decodeElements,
  elementCodes,
  elementCount,
  elementTypeOf,
  type NumericArray,
} from './numericArray.js';
import { parseSafetensorsHeader, type SafetensorsHeader, type TensorEntry } from './safetensorsHeader.js';

export interface SafetensorsOptions {
  /** longest header, in bytes (default 25 MB) */
  readonly maxHeaderBytes?: number;
  /** most dimensions (default 32) and most tensors (default 100 000) */
  readonly maxRank?: number;
  readonly maxTensors?: number;
}

/** A safetensors file whose header has been read. */
export interface SafetensorsContent {
  /** of its tensors, in the order of the header */
  readonly names: readonly string[];
  readonly metadata: ReadonlyMap<string, string>;
  /**
   * A tensor of the file.
   *
   * @throws FormatError when it is not there, of a type that is not read, or its shape does not fit its bytes
   */
  read(name: string): NumericArray;
}

/**
 * Opens a safetensors file; each tensor is read when it is asked for. What nobody asks for may be of a type that is not read here.
 *
 * Tensors must cover the data exactly: no overlap, no hole, no byte left over.
 *
 * @param bytes the whole file, which must not change while tensors are read
 * @param options limits
 * @throws FormatError when the header is malformed or exceeds a limit
 * Cost: that of the header; a tensor costs one copy.
 * @example
 * openSafetensors(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d)).names; // []: an empty file
 * Source: [safetensors].
 */
export function openSafetensors(bytes: Uint8Array, options: SafetensorsOptions = {}): SafetensorsContent {
  return openTensors('openSafetensors', bytes, options);
}

const fail = (message: string, cause?: unknown): never => {
  throw new FormatError('safetensors', message, cause === undefined ? undefined : { cause });
};

export function openTensors(caller: string, bytes: Uint8Array, options: SafetensorsOptions): SafetensorsContent {
  const { maxHeaderBytes = 25_000_000, maxRank = 32, maxTensors = 100_000 } = options;
  requireBytes(caller, bytes, { maxHeaderBytes, maxRank, maxTensors });
  const { tensors, metadata, start } = headerOf(bytes, maxHeaderBytes);
  if (tensors.size > maxTensors) fail(`the file has ${tensors.size} tensors, the limit is ${maxTensors} (maxTensors)`);
  requireCovered(tensors, bytes.length - start);
  return {
    names: [...tensors.keys()],
    metadata,
    read(name) {
      const entry = tensors.get(name) ?? fail(`there is no tensor ${quote(name)}`);
      return tensorOf(bytes.subarray(start + entry.begin, start + entry.end), name, entry, maxRank);
    },
  };
}

/** The header, and where the data begin. */
function headerOf(bytes: Uint8Array, maxHeaderBytes: number): SafetensorsHeader & { readonly start: number } {
  if (bytes.length < 8) fail(`the file has ${bytes.length} bytes; its first 8 are the header's length`);
  const declared = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  if (declared > BigInt(bytes.length - 8)) {
    fail(
      `the header claims ${declared} bytes but only ${bytes.length - 8} follow; the file is cut off or not safetensors`,
    );
  }
  if (declared > BigInt(maxHeaderBytes))
    fail(`the header has ${declared} bytes, the limit is ${maxHeaderBytes} (maxHeaderBytes)`);
  const start = 8 + Number(declared);
  if (bytes[8] !== 0x7b || start < 10) fail('the header does not begin with {');
  let text = '';
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, start));
  } catch (error) {
    fail('the header is not UTF-8', error);
  }
  return { ...parseSafetensorsHeader(text), start };
}

function requireCovered(tensors: ReadonlyMap<string, TensorEntry>, room: number): void {
  let reached = 0;
  for (const [name, { begin, end }] of [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== reached)
      fail(
        `tensor ${quote(name)} begins at ${begin}, the one before ends at ${reached}: tensors must not overlap or leave holes`,
      );
    if (end < begin || end > room)
      fail(
        `tensor ${quote(name)} lies at [${begin}, ${end}) but the file has ${room} bytes of data; the file is cut off or edited`,
      );
    reached = end;
  }
  if (reached !== room) fail(`${room - reached} bytes follow the last tensor`);
}

function tensorOf(bytes: Uint8Array, name: string, { dtype: code, shape }: TensorEntry, maxRank: number): NumericArray {
  const what = `tensor ${quote(name)}`;
  const dtype = elementTypeOf('safetensors', code);
  if (dtype === undefined)
    throw new FormatError(
      'safetensors',
      `${what} has the type ${quote(code)}; supported are ${elementCodes('safetensors').join(' ')}`,
      { unsupported: true },
    );
  const length = elementCount('safetensors', what, shape, maxRank) * bytesPerElement(dtype);
  if (length !== bytes.length)
    fail(`${what} of shape [${shape.join(', ')}] needs ${length} bytes, its offsets say ${bytes.length}`);
  return { dtype, shape, data: decodeElements('safetensors', what, bytes, dtype, true) };
}
