import { FormatError, quote } from './formatError.js';

/** One member of a zip archive, checked: its compressed bytes are bytes[start, end). */
export interface ZipMember {
  readonly name: string;
  readonly deflated: boolean;
  readonly crc: number;
  readonly start: number;
  readonly end: number;
  /** declared size after inflation */
  readonly size: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const ZIP64_END = 0x06064b50;
const ZIP64_LOCATOR = 0x07064b50;
const MARKER = 0xffff_ffff;

const fail = (message: string): never => {
  throw new FormatError('npz', message);
};

/** The end record is the last thing in the file: 22 bytes, then a comment of exactly the length it states. */
function findEnd(view: DataView): number {
  for (let at = view.byteLength - 22; at >= 0 && at >= view.byteLength - 22 - 0xffff; at--) {
    if (view.getUint32(at, true) === END && view.getUint16(at + 20, true) === view.byteLength - at - 22) return at;
  }
  return fail('no end record of a zip archive was found; the file is cut off or not an npz file');
}

/** A name is a relative path of plain segments, or one from the root where that is allowed; it becomes a key of a Map and never touches a file system. */
function memberName(bytes: Uint8Array, utf8: boolean, rooted: boolean): string {
  let name: string;
  try {
    name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return fail('a member name is not UTF-8');
  }
  if (!utf8 && bytes.some((byte) => byte > 127))
    return fail(`the member name ${quote(name)} is in an unknown code page`);
  for (const char of name) {
    if (char < ' ' || char === '\x7f' || char === '\\')
      return fail(`the member name ${quote(name)} holds a forbidden character`);
  }
  // W:0 is what TensorFlow calls a weight
  const plain = rooted && name.startsWith('/') ? name.slice(1) : name;
  if (/^[A-Za-z]:\//.test(name) || plain.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    return fail(`the member name ${quote(name)} is not a plain relative name`);
  }
  return name;
}

/**
 * 64-bit sizes of the zip64 extra field (id 1), for the 32-bit fields that hold the marker: uncompressed, compressed, offset,
 * in this order and only those that are marked.
 */
function zip64Field(view: DataView, start: number, end: number, wanted: number): number[] {
  for (let at = start; at + 4 <= end; ) {
    const id = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    at += 4;
    if (at + length > end) return fail('an extra field is longer than its record');
    if (id === 1) {
      if (length < 8 * wanted) return fail('a zip64 extra field is too short');
      return Array.from({ length: wanted }, (_, i) => {
        const value = view.getBigUint64(at + 8 * i, true);
        return value <= BigInt(view.byteLength) * 2000n
          ? Number(value)
          : fail('a zip64 size is impossible for a file of this length');
      });
    }
    at += length;
  }
  return fail('a member is marked zip64 but carries no zip64 sizes');
}

/**
 * Reads and checks the directory of a zip archive: every member is described twice (locally and centrally) and both must
 * agree, members must follow one another from byte 0 without overlaps or gaps, so that two readers cannot see two archives.
 */
export function readZipDirectory(bytes: Uint8Array, maxMembers: number, rooted: boolean): ZipMember[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 22) return fail(`the file has ${bytes.length} bytes; an empty npz archive has 22`);
  const { count, from, to } = centralDirectory(view, maxMembers);
  const members: PlacedMember[] = [];
  let at = from;
  for (let i = 0; i < count; i++) {
    if (at + 46 > to || view.getUint32(at, true) !== CENTRAL)
      return fail(`directory entry ${i} of ${count} is missing or malformed`);
    const { entry, next } = readEntry(view, bytes, { at, limit: to, i, rooted });
    const start = checkLocal(view, bytes, entry, from);
    const { name, method, crc, packed, size, flags } = entry;
    const streamed = (flags & 8) !== 0;
    members.push({
      name,
      deflated: method === 8,
      crc,
      start,
      end: start + packed,
      size,
      from: entry.from,
      streamed,
    });
    at = next;
  }
  if (at !== to) return fail('the central directory holds more than the end record counts');
  checkLayout(members, from);
  return members;
}

/** Where a member's local header is, and whether its sizes follow its data. */
type PlacedMember = ZipMember & { readonly from: number; readonly streamed: boolean };

interface Directory {
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/** What the end record says: the directory has `count` entries at [from, to). */
function centralDirectory(view: DataView, maxMembers: number): Directory {
  const end = findEnd(view);
  const [count, size, from] = [
    view.getUint16(end + 10, true),
    view.getUint32(end + 12, true),
    view.getUint32(end + 16, true),
  ];
  if (view.getUint16(end + 4, true) !== 0 || view.getUint16(end + 6, true) !== 0)
    return fail('archives in several parts are not supported');
  if (view.getUint16(end + 8, true) !== count) return fail('the end record counts its members in two ways');
  const short = { count, from, to: from + size };
  const located = end >= 20 && view.getUint32(end - 20, true) === ZIP64_LOCATOR;
  if (!located && (count === 0xffff || size === MARKER || from === MARKER))
    return fail('the end record is marked zip64, but there is no zip64 end record; the file is cut off or edited');
  const directory = located ? zip64Directory(view, end - 20, { count, size, from }) : short;
  if (directory.count > maxMembers)
    return fail(`the archive has ${directory.count} members, the limit is ${maxMembers} (maxMembers)`);
  if (!located && short.to !== end)
    return fail('the central directory does not end where the end record begins; bytes were put in or are missing');
  return directory;
}

/**
 * What the zip64 end record says, which some writers put into small archives too: it lies between the directory and its locator, and must agree
 * with every number of the end record that is not marked.
 */
function zip64Directory(
  view: DataView,
  locator: number,
  short: { readonly count: number; readonly size: number; readonly from: number },
): Directory {
  const whole = (at: number): number => {
    const value = view.getBigUint64(at, true);
    return value <= BigInt(view.byteLength)
      ? Number(value)
      : fail('a zip64 number is impossible for a file of this length');
  };
  const at = whole(locator + 8);
  if (at + 56 > locator || view.getUint32(at, true) !== ZIP64_END || at + 12 + whole(at + 4) !== locator)
    return fail('the zip64 end record is not where its locator says');
  const [count, size, from] = [whole(at + 32), whole(at + 40), whole(at + 48)];
  const parts = [view.getUint32(locator + 4, true), view.getUint32(at + 16, true), view.getUint32(at + 20, true)];
  if (parts.some((part) => part !== 0) || whole(at + 24) !== count || view.getUint32(locator + 16, true) !== 1)
    return fail('archives in several parts are not supported');
  const agrees = (value: number, wide: number, marker: number): boolean => value === marker || value === wide;
  if (!agrees(short.count, count, 0xffff) || !agrees(short.size, size, MARKER) || !agrees(short.from, from, MARKER))
    return fail('the end record and the zip64 end record differ');
  if (from + size !== at)
    return fail(
      'the central directory does not end where the zip64 end record begins; bytes were put in or are missing',
    );
  return { count, from, to: at };
}

interface CentralEntry {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** where the local header begins */
  readonly from: number;
}

/** Entry i of the directory, at `at`, and where the next one begins. */
function readEntry(
  view: DataView,
  bytes: Uint8Array,
  {
    at,
    limit,
    i,
    rooted,
  }: { readonly at: number; readonly limit: number; readonly i: number; readonly rooted: boolean },
): { entry: CentralEntry; next: number } {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  let packed = view.getUint32(at + 20, true);
  let size = view.getUint32(at + 24, true);
  let from = view.getUint32(at + 42, true);
  const nameEnd = at + 46 + view.getUint16(at + 28, true);
  const extraEnd = nameEnd + view.getUint16(at + 30, true);
  const next = extraEnd + view.getUint16(at + 32, true);
  if (extraEnd > limit) return fail(`directory entry ${i} reaches past the directory`);
  const nameBytes = bytes.subarray(at + 46, nameEnd);
  const name = memberName(nameBytes, (flags & 0x800) !== 0, rooted);
  if (flags & 0x2041) return fail(`member ${quote(name)} is encrypted`);
  if (flags & 0x20) return fail(`member ${quote(name)} is a patch`);
  if (method !== 0 && method !== 8)
    return fail(
      `member ${quote(name)} uses compression method ${method}; stored (0) and deflated (8) are read: save with numpy.savez or savez_compressed`,
    );
  const marked = [size, packed, from].filter((value) => value === MARKER).length;
  if (marked > 0) {
    const wide = zip64Field(view, nameEnd, extraEnd, marked);
    if (size === MARKER) size = wide.shift() as number;
    if (packed === MARKER) packed = wide.shift() as number;
    if (from === MARKER) from = wide.shift() as number;
  }
  const crc = view.getUint32(at + 16, true);
  return { entry: { name, nameBytes, flags, method, crc, packed, size, from }, next };
}

/** Compares the local header with the central entry; returns where the member's data begins. */
function checkLocal(view: DataView, bytes: Uint8Array, entry: CentralEntry, limit: number): number {
  const { name, nameBytes, flags, method, crc, packed, size, from } = entry;
  if (from + 30 > limit || view.getUint32(from, true) !== LOCAL)
    return fail(`member ${quote(name)} has no local header at byte ${from}`);
  const nameLength = view.getUint16(from + 26, true);
  const nameEnd = from + 30 + nameLength;
  const start = nameEnd + view.getUint16(from + 28, true);
  if (start + packed > limit)
    return fail(`member ${quote(name)} reaches past the directory; the file is cut off or edited`);
  if (nameLength !== nameBytes.length || nameBytes.some((byte, i) => bytes[from + 30 + i] !== byte)) {
    return fail(`member ${quote(name)} has another name in its local header`);
  }
  if (view.getUint16(from + 6, true) !== flags || view.getUint16(from + 8, true) !== method) {
    return fail(`member ${quote(name)} has other flags or another method in its local header`);
  }
  const local = [view.getUint32(from + 14, true), view.getUint32(from + 18, true), view.getUint32(from + 22, true)];
  if (flags & 8 && local.every((value) => value === 0 || value === MARKER)) return start; // sizes follow the data
  let [, localPacked, localSize] = local;
  if (localPacked === MARKER && localSize === MARKER) {
    [localSize, localPacked] = zip64Field(view, nameEnd, start, 2); // NumPy writes its local headers this way
  }
  if (local[0] !== crc || localPacked !== packed || localSize !== size) {
    return fail(`member ${quote(name)} has another size or checksum in its local header`);
  }
  return start;
}

function checkLayout(members: readonly PlacedMember[], limit: number): void {
  let reached = 0;
  let slack = 0; // a data descriptor of 12 to 24 bytes may follow a streamed member
  for (const { name, from, end, streamed } of [...members].sort((a, b) => a.from - b.from)) {
    if (from < reached) return fail(`member ${quote(name)} overlaps another one`);
    if (from > reached + slack)
      return fail(`bytes ${reached} to ${from} belong to no member; bytes were put in front of or between members`);
    reached = end;
    slack = streamed ? 24 : 0;
  }
  if (limit > reached + slack) fail(`bytes ${reached} to ${limit} belong to no member`);
}
