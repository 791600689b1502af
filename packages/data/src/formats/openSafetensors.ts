import { isPlainSource, type ByteSource } from './byteSource.js';
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
  /**
   * What the header says of a tensor: its type as the format calls it, its shape, and the bytes that it takes in the file.
   *
   * @throws FormatError when it is not there
   */
  describe(name: string): { readonly dtype: string; readonly shape: readonly number[]; readonly bytes: number };
}

/**
 * Opens a safetensors file; each tensor is read when it is asked for. What nobody asks for may be of a type that is not read here.
 *
 * Tensors must cover the data exactly: no overlap, no hole, no byte left over.
 *
 * @param bytes the whole file, which must not change while tensors are read; or a source that reads parts of it: then a tensor is all that is in memory
 * @param options limits
 * @throws FormatError when the header is malformed or exceeds a limit
 * Cost: that of the header; a tensor costs one copy.
 * @example
 * openSafetensors(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d)).names; // []: an empty file
 * Source: [safetensors].
 */
export function openSafetensors(bytes: Uint8Array | ByteSource, options: SafetensorsOptions = {}): SafetensorsContent {
  return openTensors('openSafetensors', bytes, options);
}

const fail = (message: string, cause?: unknown): never => {
  throw new FormatError('safetensors', message, cause === undefined ? undefined : { cause });
};

export function openTensors(
  caller: string,
  bytes: Uint8Array | ByteSource,
  options: SafetensorsOptions,
): SafetensorsContent {
  const { maxHeaderBytes = 25_000_000, maxRank = 32, maxTensors = 100_000 } = options;
  const source = isPlainSource(bytes) ? bytes : undefined;
  requireBytes(caller, source === undefined ? bytes : new Uint8Array(0), { maxHeaderBytes, maxRank, maxTensors });
  const part = source?.part ?? ((from: number, to: number) => (bytes as Uint8Array).subarray(from, to));
  const { tensors, metadata, start } = headerOf(part, bytes.length, maxHeaderBytes);
  if (tensors.size > maxTensors) fail(`the file has ${tensors.size} tensors, the limit is ${maxTensors} (maxTensors)`);
  requireCovered(tensors, bytes.length - start);
  const entryOf = (name: string): TensorEntry => tensors.get(name) ?? fail(`there is no tensor ${quote(name)}`);
  return {
    names: [...tensors.keys()],
    metadata,
    read(name) {
      const entry = entryOf(name);
      return tensorOf(part(start + entry.begin, start + entry.end), name, entry, maxRank);
    },
    describe(name) {
      const { dtype, shape, begin, end } = entryOf(name);
      return { dtype, shape, bytes: end - begin };
    },
  };
}

/** The header, and where the data begin. */
function headerOf(
  part: ByteSource['part'],
  length: number,
  maxHeaderBytes: number,
): SafetensorsHeader & { readonly start: number } {
  if (length < 8) fail(`the file has ${length} bytes; its first 8 are the header's length`);
  const first = part(0, 8);
  const declared = new DataView(first.buffer, first.byteOffset, first.byteLength).getBigUint64(0, true);
  if (declared > BigInt(length - 8)) {
    fail(`the header claims ${declared} bytes but only ${length - 8} follow; the file is cut off or not safetensors`);
  }
  if (declared > BigInt(maxHeaderBytes))
    fail(`the header has ${declared} bytes, the limit is ${maxHeaderBytes} (maxHeaderBytes)`);
  const start = 8 + Number(declared);
  const header = part(8, start);
  if (header[0] !== 0x7b || start < 10) fail('the header does not begin with {');
  let text = '';
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
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
