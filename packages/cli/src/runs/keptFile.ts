import { readFileSync } from 'node:fs';
import { sentenceOf } from '@hyperribbon/contract';
import { decode, type Decoder, RecordFormatError } from '@hyperribbon/contract/decode';
import { FormatError, parseNpz, writeNpz, type NumericArray, type WritableArray } from '@hyperribbon/data';
import { planDigest } from '@hyperribbon/study';
import { writeWhole } from '../output/writeFiles.js';
import { UsageError } from '../usageError.js';

/** What a run keeps in a file to go on from it: a record and arrays. */
export interface Kept<Record> {
  readonly record: Record;
  readonly arrays: ReadonlyMap<string, NumericArray>;
}

/** Members that are no arrays of the run. */
const [recordName, digestName] = ['record', 'digest'];

/**
 * Keeps a record and arrays in one file: an npz whose member `record` is JSON and whose `digest` names everything in it. One rename puts it in
 * its place, so there is never the one of this moment beside the other of another.
 */
export function writeKept(
  file: string,
  record: object,
  arrays: Readonly<Record<string, WritableArray>>,
  { compress = false }: { readonly compress?: boolean } = {},
): void {
  const text = JSON.stringify(record);
  const members = { ...arrays, [recordName]: bytes(text), [digestName]: bytes(digestOf(text, Object.entries(arrays))) };
  writeWhole(file, writeNpz(members, { compress }));
}

/**
 * What {@link writeKept} wrote.
 *
 * @param option that the file belongs to, for errors
 * @returns undefined where there is no file
 * @throws UsageError for a file that is cut off, was changed, is put together from several, or is something else
 */
export function readKept<T>(file: string, option: string, decoder: Decoder<T>): Kept<T> | undefined {
  const found = read(file);
  if (found === undefined) return undefined;
  const refused = (why: string): UsageError =>
    new UsageError(`${option}: ${file} ${why}. Remove it to start that anew, or put back the file that was there.`);
  let arrays: Map<string, NumericArray>;
  try {
    arrays = new Map(parseNpz(found));
  } catch (error) {
    if (error instanceof FormatError) throw refused(`is damaged: ${sentenceOf(error)}`);
    throw error;
  }
  const [text, digest] = [recordName, digestName].map((name) => textOf(arrays.get(name)));
  if (text === undefined || digest === undefined)
    throw refused('is none that a run keeps: it has no record and digest');
  for (const name of [recordName, digestName]) arrays.delete(name);
  if (digest !== digestOf(text, arrays)) throw refused('was changed after it was written: its digest differs');
  try {
    return { record: decode(`${option}: ${file}`, decoder, text), arrays };
  } catch (error) {
    if (error instanceof RecordFormatError)
      throw refused(`is of another kind: ${error.path} must be ${error.expected}`);
    throw error;
  }
}

function read(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Names the record and every array by name, shape, type and bits, in any order. */
function digestOf(record: string, arrays: Iterable<readonly [string, WritableArray | NumericArray]>): string {
  const named = Array.from(arrays, ([name, { shape, data }]) => [name, { shape: [...shape], data }] as const);
  return planDigest({ record, arrays: Object.fromEntries(named) });
}

function bytes(text: string): WritableArray {
  const data = new TextEncoder().encode(text);
  return { shape: [data.length], data };
}

function textOf(array: NumericArray | undefined): string | undefined {
  return array?.data instanceof Uint8Array ? new TextDecoder().decode(array.data) : undefined;
}
