import { Gunzip } from 'fflate';
import { crc32 } from './crc32.js';
import { FormatError, requireBytes } from './formatError.js';

export interface GunzipOptions {
  /** most bytes after inflation (default 2 GiB): a small file may hold anything */
  readonly memoryLimit?: number;
}

/** Whether bytes begin as gzip files do. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Header and trailer of a member that holds nothing, with the two bytes that say so. */
const leastMember = 20;

/** Pushed at once: it makes at most 66 MB before they are counted. */
const piece = 65_536;

/**
 * What a gzip file holds: idx.gz, csv.gz and whatever else is sent that way. Several members one after the other, as `cat a.gz b.gz` and bgzip
 * write them, are one file.
 *
 * Each member must have the length and the CRC-32 that its trailer says, and nothing but members may be there: a file that is cut short, damaged or
 * followed by other bytes is refused. Inflation stops as soon as more than `memoryLimit` bytes have come out. The same code runs everywhere: what
 * DecompressionStream of a runtime lets pass, such as bytes after the end, differs.
 *
 * @param bytes the whole file
 * @returns the bytes inside, a copy
 * @throws FormatError when the file is no gzip file, is damaged or exceeds the limit; ArgumentError for a limit that would limit nothing
 * Cost: one pass, 100 MB/s; twice the memory of what comes out.
 * @example
 * const empty = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0);
 * gunzip(empty).length; // 0
 * Source: [rfc1952].
 */
export function gunzip(bytes: Uint8Array, { memoryLimit = 2 ** 31 }: GunzipOptions = {}): Uint8Array {
  requireBytes('gunzip', bytes, { memoryLimit });
  if (!isGzip(bytes)) return fail('the file does not begin with the gzip signature');
  if (bytes.length < leastMember) return fail(`the file has ${bytes.length} bytes; it is cut short`);
  if (bytes[2] !== 8 || (bytes[3] & 0xe0) !== 0) return fail('the file is compressed in an unknown way; use gzip');
  const out = new Pieces(memoryLimit);
  /** where the members that were read to their end lie: their last byte here, and there */
  let [member, inside] = [0, 0];
  const close = (end: number): void => {
    requireTrailer(bytes.subarray(member, end), out.since(inside));
    [member, inside] = [end, out.length];
  };
  const inflater = new Gunzip((chunk) => out.add(chunk));
  inflater.onmember = close;
  try {
    for (let at = 0; at < bytes.length; at += piece) inflater.push(bytes.subarray(at, at + piece));
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError('gzip', 'the file is damaged, or other bytes follow what is compressed', { cause: error });
  }
  close(bytes.length);
  return out.whole();
}

const fail = (message: string): never => {
  throw new FormatError('gzip', message);
};

/** The last eight bytes of a member: CRC-32 and length modulo 2³². */
function requireTrailer(member: Uint8Array, content: Uint8Array): void {
  const view = new DataView(member.buffer, member.byteOffset, member.byteLength);
  const at = member.length - 8;
  const fits =
    member.length >= leastMember &&
    view.getUint32(at + 4, true) === content.length % 2 ** 32 &&
    view.getUint32(at, true) === crc32(content);
  if (!fits) fail('the file does not match its checksum: it is cut short, damaged, or followed by other bytes');
}

/** Bytes that come in pieces. */
class Pieces {
  length = 0;
  private bytes = new Uint8Array(piece);
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  add(chunk: Uint8Array): void {
    const length = this.length + chunk.length;
    if (length > this.limit) fail(`the file holds more than ${this.limit} bytes (memoryLimit)`);
    if (length > this.bytes.length) {
      const larger = new Uint8Array(Math.min(Math.max(length, 2 * this.bytes.length), Math.max(length, this.limit)));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    this.bytes.set(chunk, this.length);
    this.length = length;
  }

  since(from: number): Uint8Array {
    return this.bytes.subarray(from, this.length);
  }

  whole(): Uint8Array {
    return this.length === this.bytes.length ? this.bytes : this.bytes.slice(0, this.length);
  }
}
