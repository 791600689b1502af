import { expect } from 'vitest';
import { type Dtype } from '../src/index.js';
import { firstDifference, numbers, place, side, type Side } from './pairedWorkspaces.js';

const dtypes: readonly Dtype[] = ['float32', 'float64'];

export interface Product {
  readonly transA: number;
  readonly transB: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly alpha?: number;
  readonly beta?: number;
  readonly bias?: boolean;
  readonly activation?: number;
  /** added to each leading dimension, and words off alignment */
  readonly odd?: number;
  readonly fillC?: number;
  /** entry of op(A) in row i for step p of the sum, given what would stand there */
  readonly entryA?: (i: number, p: number, value: number) => number;
  /** entry of op(B) for step p of the sum in column j */
  readonly entryB?: (p: number, j: number, value: number) => number;
}

/** Steps without entries in rows of 6, the records that gemm drops: `share` of them, here and there other zeros. */
export function sparseA(share: number): (i: number, p: number, value: number) => number {
  const draws = numbers(4093, 5);
  return (i, p, value) =>
    draws[(Math.floor(i / 6) * 401 + p) % 4093]! < 2 * share - 1 || draws[(i * 31 + p * 7) % 4093]! > 0.6 ? 0 : value;
}

/** Runs one product on one side and returns C with its padding, checking the guards. */
export function multiply(on: Side, product: Product): Float64Array {
  const { transA, transB, m, n, k, alpha = 1, beta = 0, bias = false, activation = 0, odd = 0 } = product;
  const [rowsA, columnsA] = transA ? [k, m] : [m, k];
  const [rowsB, columnsB] = transB ? [n, k] : [k, n];
  const [lda, ldb, ldc] = [columnsA + odd, columnsB + odd, n + odd];
  const a = place(on, edited(numbers(rowsA * lda, 1), lda, transA, product.entryA), odd % 4);
  const b = place(on, edited(numbers(rowsB * ldb, 2), ldb, transB, product.entryB), (odd + 1) % 4);
  const oldC = numbers(m * ldc, 3);
  if (product.fillC !== undefined) oldC.fill(product.fillC);
  const c = place(on, oldC, (odd + 2) % 4);
  const row = place(on, numbers(n, 4), 1);
  const bytes = c.values.BYTES_PER_ELEMENT;
  expect(a.pointer % bytes).toBe(0);
  on.table.gemm(
    transA,
    transB,
    m,
    n,
    k,
    alpha,
    a.pointer,
    lda,
    b.pointer,
    ldb,
    beta,
    c.pointer,
    ldc,
    bias ? row.pointer : 0,
    activation,
  );
  expect([a, b, c, row].map((array) => array.intact())).toEqual([true, true, true, true]);
  return Float64Array.from(c.values);
}

type Entry = (row: number, column: number, value: number) => number;

/** `entry` sees the matrix as the product does. */
function edited(values: Float64Array, ld: number, transposed: number, entry: Entry | undefined): Float64Array {
  if (entry === undefined) return values;
  return values.map((value, at) => {
    const [row, column] = [Math.floor(at / ld), at % ld];
    return transposed ? entry(column, row, value) : entry(row, column, value);
  });
}

const BYTES = 1 << 25;
// one pair of workspaces for all products of a dtype: arrays are laid out one after the other
const pairs: ReadonlyMap<Dtype, { readonly wasm: Side; readonly twin: Side }> = new Map(
  dtypes.map((dtype) => [dtype, { wasm: side('wasm', dtype, BYTES), twin: side('typescript', dtype, BYTES) }]),
);

export function expectSameBits(dtype: Dtype, product: Product): void {
  const pair = pairs.get(dtype)!;
  const wasm = multiply(pair.wasm, product);
  const twin = multiply(pair.twin, product);
  const at = firstDifference(wasm, twin);
  expect(at < 0 ? 'same bits' : `${JSON.stringify(product)} [${at}]: ${wasm[at]} and ${twin[at]}`).toBe('same bits');
}

/** The product on the WebAssembly side alone. */
export function multiplyInWasm(dtype: Dtype, product: Product): Float64Array {
  return multiply(pairs.get(dtype)!.wasm, product);
}
