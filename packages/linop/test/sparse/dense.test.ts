import { fromDenseRectangular, materialize, verifyOperator } from '@hyperribbon/linop';
import {
  asSymmetric,
  coo,
  csr,
  diagonalOf,
  rowSums,
  sparseFromDense,
  toCoo,
  toDense,
  transposed,
} from '@hyperribbon/linop/sparse';
import { drawn } from './drawn.js';
import { describe, expect, it } from 'vitest';

/** a dense (rows, columns) matrix of which about a third is not zero, some rows and columns empty */
function draw(rows: number, columns: number, seed: number): Float64Array {
  const random = drawn(seed);
  const keep = random.uniform(new Float64Array(rows * columns));
  const values = random.normal(new Float64Array(rows * columns));
  return values.map((value, p) => (keep[p] < 0.35 && p % columns !== 2 && p % 7 !== 3 ? value : 0));
}
function symmetrised(dense: Float64Array, n: number): Float64Array {
  return dense.map((_, p) => dense[p] + dense[(p % n) * n + Math.floor(p / n)]);
}
const normal = (length: number): Float64Array => drawn(9).normal(new Float64Array(length));
/** the sum in the order of ascending columns: the bits that are promised */
const product = (dense: ArrayLike<number>, rows: number, x: ArrayLike<number>): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => {
    let s = 0;
    for (let j = 0; j < x.length; j++) if (dense[i * x.length + j] !== 0) s += dense[i * x.length + j] * x[j];
    return s;
  });

describe('a sparse matrix against the dense one', () => {
  for (const [rows, columns] of [
    [1, 1],
    [1, 9],
    [9, 1],
    [7, 5],
    [5, 7],
    [40, 33],
  ] as const) {
    it(`(${rows}, ${columns}): products, transposed products, blocks and conversions agree to the bit`, () => {
      const dense = draw(rows, columns, rows);
      for (const engine of ['wasm', 'typescript'] as const) {
        const A = coo(toCoo(sparseFromDense(dense, rows, columns)), { engine });
        expect(A.kernels).toEqual({ engine, flavour: 'deterministic' });
        expect(toDense(A)).toEqual(dense);
        expect(toDense(transposed(transposed(A)))).toEqual(dense);
        expect(A.nnz).toBe(dense.filter((value) => value !== 0).length);
        const [x, y] = [normal(6 * columns), normal(rows)];
        const out = new Float64Array(6 * rows);
        A.applyBlock(x, out, 6);
        for (let c = 0; c < 6; c++) {
          const one = new Float64Array(rows);
          A.apply(x.subarray(c * columns, (c + 1) * columns), one);
          expect(one).toEqual(product(dense, rows, x.subarray(c * columns, (c + 1) * columns)));
          expect(out.subarray(c * rows, (c + 1) * rows)).toEqual(one);
        }
        const [back, again] = [new Float64Array(columns), new Float64Array(columns)];
        A.applyTranspose(y, back);
        transposed(A).apply(y, again);
        expect(back).toEqual(again);
        const reference = new Float64Array(columns);
        void fromDenseRectangular(dense, rows, columns).applyTranspose(y, reference);
        expect(Math.max(...back.map((value, j) => Math.abs(value - reference[j])))).toBeLessThan(1e-13 * rows);
        expect(rowSums(A)).toEqual(product(dense, rows, new Float64Array(columns).fill(1)));
        expect(diagonalOf(A)).toEqual(
          Float64Array.from({ length: Math.min(rows, columns) }, (_, i) => dense[i * columns + i]),
        );
      }
    });
  }

  it('more rows than are copied out at once: row i of i mod 3 entries', () => {
    const rows = 2 * 65_536 + 3;
    const offsets = new Int32Array(rows + 1);
    for (let i = 0; i < rows; i++) offsets[i + 1] = offsets[i] + (i % 3);
    // columns 0 | 0, 1 | 0 | 0, 1 …
    const indices = Int32Array.from({ length: offsets[rows] }, (_, p) => Number(p % 3 === 2));
    const A = csr({ rows, columns: 2, offsets, indices, values: new Float64Array(offsets[rows]).fill(1) });
    const out = new Float64Array(rows);
    A.apply(Float64Array.of(10, 1), out);
    expect(out.findIndex((value, i) => value !== [0, 10, 11][i % 3])).toBe(-1);
  });

  it('a float32 matrix sums in float64 and rounds once', () => {
    const dense = Float32Array.from(draw(20, 20, 4));
    const A = sparseFromDense(dense, 20, 20);
    const x = Float32Array.from(normal(20));
    const [out, back] = [new Float32Array(20), new Float32Array(20)];
    A.apply(x, out);
    expect(out).toEqual(Float32Array.from(product(dense, 20, x)));
    A.applyTranspose(x, back);
    transposed(A).apply(x, out);
    expect(back).toEqual(out);
  });

  for (const n of [1, 2, 9, 31]) {
    it(`symmetric of order ${n}: lower, upper, full and half storage have the bits of the whole matrix`, async () => {
      const dense = symmetrised(draw(n, n, n + 50), n);
      const keep = (inside: (i: number, j: number) => boolean): Float64Array =>
        dense.map((value, p) => (inside(Math.floor(p / n), p % n) ? value : 0));
      const parts = {
        full: toCoo(sparseFromDense(dense, n, n)),
        lower: toCoo(
          sparseFromDense(
            keep((i, j) => j <= i),
            n,
            n,
          ),
        ),
        upper: toCoo(
          sparseFromDense(
            keep((i, j) => j >= i),
            n,
            n,
          ),
        ),
      };
      const x = normal(5 * n);
      for (const symmetric of ['full', 'lower', 'upper'] as const) {
        for (const storage of ['full', 'half'] as const) {
          const A = coo(parts[symmetric], { symmetric, storage });
          expect(A.nnz).toBe(parts.full.values.length);
          expect(A.values.length).toBe(parts[storage === 'full' ? 'full' : 'upper'].values.length);
          expect(toDense(A)).toEqual(dense);
          const out = new Float64Array(5 * n);
          A.applyBlock(x, out, 5);
          const one = new Float64Array(n);
          A.apply(x.subarray(4 * n), one);
          expect(one).toEqual(product(dense, n, x.subarray(4 * n)));
          expect(out.subarray(4 * n)).toEqual(one);
          expect(rowSums(A).length).toBe(n);
          expect((await verifyOperator(A)).passed).toBe(true);
          expect(await materialize(A)).toEqual(dense);
          expect(csr(A, { symmetric: storage === 'full' ? 'full' : 'upper' }).nnz).toBe(A.nnz);
        }
      }
      expect(asSymmetric(sparseFromDense(dense, n, n)).storage).toBe('full');
    });
  }
});
