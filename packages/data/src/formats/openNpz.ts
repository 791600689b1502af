import { Inflate } from 'fflate';
import { crc32 } from './crc32.js';
import { FormatError, quote, requireBytes } from './formatError.js';
import type { NumericArray } from './numericArray.js';
import { type NpyOptions, parseNpy } from './parseNpy.js';
import { readZipDirectory, type ZipMember } from './zipDirectory.js';

/** Limits; raise them for files that you trust. */
export interface NpzOptions extends NpyOptions {
  /** most members (default 10 000) */
  readonly maxMembers?: number;
  /** most bytes after inflation, all members together (default 2 GiB) */
  readonly memoryLimit?: number;
  /** most bytes after inflation per compressed byte (default 1032, the most that deflate can do: declared sizes and `memoryLimit` bound the rest) */
  readonly maxRatio?: number;
}

/** An archive whose directory has been read. */
export interface NpzFile {
  /** of its arrays (without .npy), in the order of the directory */
  readonly names: readonly string[];
  /** of members that are no npy files, such as a README.txt */
  readonly others: readonly string[];
  /**
   * An array of the archive.
   *
   * @throws FormatError when it is not there, malformed, damaged, or no array of numbers
   */
  read(name: string): NumericArray;
  /**
   * Bytes that an array takes once it is inflated, as the directory says.
   *
   * @throws FormatError when it is not there
   */
  sizeOf(name: string): number;
}

/**
 * Opens an archive of arrays; each is read when it is asked for. What nobody asks for may be anything: text, Python objects, a format marker.
 *
 * Checks of the directory and limits are those of {@link parseNpz}, but that names may begin with a slash.
 *
 * @param bytes the whole file, which must not change while arrays are read
 * @param options limits
 * @throws FormatError when the archive is malformed or exceeds a limit
 * Cost: that of the directory; an array costs its inflation (35 MB/s on a busy core) and one copy.
 * @example
 * const file = openNpz(writeNpz({ W1: { shape: [2, 2], data: new Float32Array(4) } }));
 * file.names.map((name) => file.read(name).shape); // [[2, 2]]
 * Source: [zip-appnote, numpy-npy].
 */
export function openNpz(bytes: Uint8Array, options: NpzOptions = {}): NpzFile {
  return openArchive('openNpz', bytes, options, true);
}

/** @param rooted whether names may begin with a slash */
export function openArchive(caller: string, bytes: Uint8Array, options: NpzOptions, rooted: boolean): NpzFile {
  const { maxMembers = 10_000, memoryLimit = 2 ** 31, maxRatio = 1032 } = options;
  requireBytes(caller, bytes, { maxMembers, memoryLimit, maxRatio });
  const members = readZipDirectory(bytes, maxMembers, rooted);
  requireModest(members, memoryLimit, maxRatio);
  const arrays = new Map<string, ZipMember>();
  const others: string[] = [];
  for (const member of members) {
    const { name } = member;
    if (!name.endsWith('.npy')) others.push(name);
    else if (arrays.has(name.slice(0, -4))) throw new FormatError('npz', `two members are called ${quote(name)}`);
    else arrays.set(name.slice(0, -4), member);
  }
  const memberOf = (name: string): ZipMember => {
    const member = arrays.get(name);
    if (member === undefined) throw new FormatError('npz', `there is no array ${quote(name)}`);
    return member;
  };
  return {
    names: [...arrays.keys()],
    others,
    read: (name) => arrayOf(bytes, memberOf(name), options),
    sizeOf: (name) => memberOf(name).size,
  };
}

/** What members declare, before anything is inflated. */
function requireModest(members: readonly ZipMember[], memoryLimit: number, maxRatio: number): void {
  let total = 0;
  for (const { name, size, start, end, deflated } of members) {
    total += size;
    if (total > memoryLimit)
      throw new FormatError('npz', `the arrays take more than ${memoryLimit} bytes (memoryLimit)`);
    if (!deflated && size !== end - start)
      throw new FormatError('npz', `member ${quote(name)} is stored but has two sizes`);
    if (size > maxRatio * (end - start)) {
      throw new FormatError(
        'npz',
        `member ${quote(name)} claims to inflate ${end - start} bytes to ${size}, more than ${maxRatio} times (maxRatio)`,
      );
    }
  }
}

function arrayOf(bytes: Uint8Array, member: ZipMember, options: NpyOptions): NumericArray {
  const { name, start, end, deflated, crc } = member;
  const packed = bytes.subarray(start, end);
  const file = deflated ? inflate(packed, member) : packed;
  if (crc32(file) !== crc)
    throw new FormatError('npz', `member ${quote(name)} does not match its checksum; the file is damaged`);
  try {
    return parseNpy(file, options);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const { unsupported } = error;
    throw new FormatError('npz', `member ${quote(name)}: ${error.message}`, { cause: error, unsupported });
  }
}

/** Inflates piece by piece and stops as soon as more than the declared size has come out. */
function inflate(packed: Uint8Array, member: ZipMember): Uint8Array {
  const { name, size } = member;
  const out = new Uint8Array(size);
  let length = 0;
  const inflater = new Inflate((chunk) => {
    if (length + chunk.length > size) {
      throw new FormatError('npz', `member ${quote(name)} declares ${size} bytes but inflates to more`);
    }
    out.set(chunk, length);
    length += chunk.length;
  });
  // deflate expands at most 1032 times: a piece makes no more than about 4 times the declared size before it is counted
  const piece = Math.min(4096, Math.max(64, size >> 8));
  try {
    for (let at = 0; at < packed.length; at += piece) {
      inflater.push(packed.subarray(at, at + piece), at + piece >= packed.length);
    }
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError('npz', `member ${quote(name)} is not a valid deflate stream; the file is damaged`, {
      cause: error,
    });
  }
  if (length !== size)
    throw new FormatError('npz', `member ${quote(name)} declares ${size} bytes but inflates to ${length}`);
  return out;
}
