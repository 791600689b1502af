import { MemoryLimitError, refuse } from '@hyperribbon/contract';
import { createSparseWorkspace, type KernelInfo, type SparseKernels } from '@hyperribbon/kernels/sparse';
import type { FloatArray } from '@hyperribbon/kernels';
import { dtypeOf } from '../matrixArguments.js';
import type { CompressedRows } from './compressedRows.js';

/** vectors that one pass over the matrix multiplies */
const BLOCK = 4;
/** rows that are copied out while they are in the cache */
const RUN = 65_536;
/** memory is addressed by 32 bits */
const MOST_BYTES = 2 ** 32 - 2 ** 20;

/** Compressed rows in the memory of the kernels, with their products. The arrays are views of that memory. */
export interface BoundRows extends CompressedRows {
  readonly kernels: KernelInfo;
  /** out (rows,) ← A x */
  product(x: FloatArray, out: FloatArray): void;
  /** out ← A X for vectors one after another */
  products(x: FloatArray, out: FloatArray, columns: number): void;
  /** out (columns,) ← Aᵀ y */
  transposed(y: FloatArray, out: FloatArray): void;
  /** out ← (U + Uᵀ − diag U) x for U of these rows, an upper triangle */
  mirrored(x: FloatArray, out: FloatArray): void;
}

/** Which engine runs; for tests and comparisons. */
export interface EngineOption {
  /** default: WebAssembly where it may be compiled, else its TypeScript twin of the same bits */
  readonly engine?: 'wasm' | 'typescript' | undefined;
}

/** Memory for the rows and the vectors of a block. */
function place(caller: string, a: CompressedRows, { engine }: EngineOption): Placed {
  const dtype = dtypeOf(a.values);
  const width = a.values.BYTES_PER_ELEMENT;
  const nnz = a.indices.length;
  const longest = Math.max(a.rows, a.columns);
  // sums in float64 where the vectors are float32
  const sizes = [4 * (a.rows + 1), 4 * nnz, width * nnz, width * BLOCK * longest, width * BLOCK * longest];
  if (dtype === 'float32') sizes.push(8 * longest);
  const bytes = sizes.reduce((total, size) => total + size + 64, 0);
  if (bytes > MOST_BYTES)
    throw new MemoryLimitError(
      `${caller}: ${a.rows} rows with ${nnz} entries need ${bytes} bytes, ${MOST_BYTES} can be addressed; use float32 or fewer rows`,
      bytes,
      MOST_BYTES,
    );
  const space = createSparseWorkspace({ bytes, engine });
  const [offsets, indices, values, x, out, sums = out] = sizes.map((size) => space.allocate(size));
  const view = (pointer: number, length: number): FloatArray =>
    dtype === 'float32' ? space.float32View(pointer, length) : space.float64View(pointer, length);
  const views = {
    offsets: space.int32View(offsets, a.rows + 1),
    indices: space.int32View(indices, nnz),
    values: view(values, nnz),
    x: view(x, BLOCK * longest),
    out: view(out, BLOCK * longest),
  };
  views.offsets.set(a.offsets);
  views.indices.set(a.indices);
  views.values.set(a.values);
  return { table: space[dtype], kernels: space.info, pointers: { offsets, indices, values, x, out, sums }, views };
}

/** Where the arrays lie in the memory of the kernels. */
interface Placed {
  readonly table: SparseKernels;
  readonly kernels: KernelInfo;
  readonly pointers: Readonly<Record<'offsets' | 'indices' | 'values' | 'x' | 'out' | 'sums', number>>;
  readonly views: Readonly<Record<'offsets' | 'indices', Int32Array> & Record<'values' | 'x' | 'out', FloatArray>>;
}

/**
 * Copies canonical rows into a memory of their own.
 * @throws MemoryLimitError where the matrix with its vectors has more than 4 GiB, or the runtime refuses
 */
export function bindRows(caller: string, a: CompressedRows, options: EngineOption): BoundRows {
  const { rows, columns } = a;
  const { table, kernels, pointers, views } = place(caller, a, options);
  const { offsets, indices, values, x, out, sums } = pointers;
  /** copies in, multiplies, copies out */
  const run = (from: FloatArray, lengthIn: number, to: FloatArray, lengthOut: number, multiply: () => void): void => {
    requireLengths(from, lengthIn, to, lengthOut);
    views.x.set(from);
    multiply();
    to.set(views.out.subarray(0, lengthOut));
  };
  const width = views.values.BYTES_PER_ELEMENT;
  const product = (from: FloatArray, to: FloatArray): void => {
    requireLengths(from, columns, to, rows);
    views.x.set(from);
    for (let first = 0; first < rows; first += RUN) {
      const count = Math.min(RUN, rows - first);
      const p = views.offsets[first];
      table.csrProduct(count, offsets + 4 * first, indices + 4 * p, values + width * p, x, out);
      to.set(views.out.subarray(0, count), first);
    }
  };
  return {
    rows,
    columns,
    offsets: views.offsets,
    indices: views.indices,
    values: views.values,
    kernels,
    product,
    products(from, to, count) {
      requireLengths(from, count * columns, to, count * rows);
      for (let c = 0; c < count; ) {
        const vectors = count - c >= BLOCK ? BLOCK : 1;
        const part = from.subarray(c * columns, (c + vectors) * columns);
        const target = to.subarray(c * rows, (c + vectors) * rows);
        if (vectors === 1) product(part, target);
        else {
          sideBySide(part, columns, views.x);
          table.csrProducts(rows, offsets, indices, values, x, out);
          oneAfterAnother(views.out, rows, target);
        }
        c += vectors;
      }
    },
    transposed: (from, to) =>
      run(from, rows, to, columns, () => table.csrTransposed(rows, columns, offsets, indices, values, x, sums, out)),
    mirrored: (from, to) =>
      run(from, rows, to, rows, () => table.csrMirrored(rows, offsets, indices, values, x, sums, out)),
  };
}

function requireLengths(x: FloatArray, lengthIn: number, out: FloatArray, lengthOut: number): void {
  if (x.length !== lengthIn || out.length !== lengthOut)
    refuse('apply', `x must have length ${lengthIn} and out ${lengthOut}, got ${x.length} and ${out.length}`);
}

/** to (n, 4) ← from (4, n): an entry of the matrix then gathers from one place, not from four */
function sideBySide(from: FloatArray, n: number, to: FloatArray): void {
  for (let i = 0, p = 0; i < n; i++, p += BLOCK) {
    to[p] = from[i];
    to[p + 1] = from[n + i];
    to[p + 2] = from[2 * n + i];
    to[p + 3] = from[3 * n + i];
  }
}

/** to (4, n) ← from (n, 4) */
function oneAfterAnother(from: FloatArray, n: number, to: FloatArray): void {
  for (let i = 0, p = 0; i < n; i++, p += BLOCK) {
    to[i] = from[p];
    to[n + i] = from[p + 1];
    to[2 * n + i] = from[p + 2];
    to[3 * n + i] = from[p + 3];
  }
}
