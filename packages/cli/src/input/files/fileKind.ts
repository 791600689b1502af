import { UsageError } from '../../usageError.js';

/** What a file of examples can be. */
export type FileKind = 'table' | 'npz' | 'npy' | 'idx' | 'cifar';

/** First bytes of files that people have, and what to do with those that are not read here. */
const signatures: readonly (readonly [bytes: readonly number[], kind: FileKind | string])[] = [
  [[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], 'npy'],
  [[0x50, 0x4b, 3, 4], 'npz'],
  [[0x50, 0x4b, 5, 6], 'npz'],
  [[0x89, 0x48, 0x44, 0x46], 'an HDF5 file (h5, mat 7.3); save its arrays with numpy.savez("data.npz", x=..., y=...)'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file; save it as csv (DataFrame.to_csv)'],
  [[0x41, 0x52, 0x52, 0x4f, 0x57], 'an Arrow file; save it as csv (DataFrame.to_csv)'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an Excel workbook; save it as csv'],
  [[0x89, 0x50, 0x4e, 0x47], 'an image; save all images as one array with numpy.savez("data.npz", x=..., y=...)'],
  [[0xff, 0xd8, 0xff], 'an image; save all images as one array with numpy.savez("data.npz", x=..., y=...)'],
  [[0x4d, 0x41, 0x54, 0x4c, 0x41, 0x42], 'a Matlab file; save its arrays with numpy.savez("data.npz", x=..., y=...)'],
];

/** Names of tables and of the binary files of CIFAR. */
const tableName = /\.(csv|tsv|tab|txt|dat|data)(\.gz)?$/i;
const cifarName = /(^|[/\\])((data_batch_\d|test_batch|train|test)\.bin)(\.gz)?$/i;
const idxName = /(idx\d-ubyte|\.idx\d?|-ubyte)(\.gz)?$/i;

/**
 * Tells what a file is by its first bytes, and by its name where these say nothing.
 *
 * @param bytes decompressed
 * @throws UsageError for what is not read here, saying what it seems to be and what to do
 */
export function fileKind(file: string, bytes: Uint8Array, option: string): FileKind {
  const [, found] = signatures.find(([start]) => start.every((byte, i) => bytes[i] === byte)) ?? [];
  const strange = (what: string): never => {
    throw new UsageError(`${option}: ${file} is ${what}`);
  };
  // an Excel workbook of today is an archive of pages
  if (found === 'npz' && /\.xlsx?$/i.test(file)) strange('an Excel workbook; save it as csv');
  if (found !== undefined) return ['npy', 'npz'].includes(found) ? (found as FileKind) : strange(found);
  if (/\.np[yz](\.gz)?$/i.test(file)) return /y(\.gz)?$/i.test(file) ? 'npy' : 'npz'; // their readers say what is wrong
  if (tableName.test(file)) return 'table';
  if (cifarName.test(file)) return 'cifar';
  if (idxName.test(file)) return 'idx';
  if (bytes[0] === 0 && bytes[1] === 0 && bytes[2] >= 8 && bytes[2] <= 14 && bytes[3] >= 1) return 'idx';
  if (bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5)
    strange(
      'a Python pickle, which is never loaded; take the binary version of the data, or save its arrays with numpy.savez("data.npz", x=..., y=...)',
    );
  if (looksLikeText(bytes)) return 'table';
  return strange('of no format that is read here: csv, tsv, npy, npz, idx or CIFAR binary, each also as .gz');
}

function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 4096);
  return head.length > 0 && head.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
}
