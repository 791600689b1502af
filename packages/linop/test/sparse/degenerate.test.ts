import { ArgumentError, ArgumentTypeError, MemoryLimitError } from '@hyperribbon/contract';
import {
  asSymmetric,
  coo,
  type CooParts,
  csr,
  type CsrParts,
  sparseFromDense,
  toDense,
} from '@hyperribbon/linop/sparse';
import { describe, expect, it } from 'vitest';

// [[0, 5, 1], [2, 0, 0]], the first row not sorted
const parts: CsrParts = {
  rows: 2,
  columns: 3,
  offsets: Int32Array.of(0, 2, 3),
  indices: Int32Array.of(2, 1, 0),
  values: Float64Array.of(1, 5, 2),
};
const entries: CooParts = {
  rows: 2,
  columns: 3,
  rowIndices: Int32Array.of(1, 0, 1, 1),
  columnIndices: Int32Array.of(2, 0, 2, 0),
  values: Float64Array.of(1, 5, 2, 4),
};

describe('sparse matrices of bad parts', () => {
  for (const [wrong, message] of [
    [{ rows: -1 }, /rows must be an integer in .*rows=-1/],
    [{ columns: 1.5 }, /columns must be an integer .*1\.5/],
    [{ columns: 2 ** 31 }, /columns must be an integer/],
    [{ offsets: Int32Array.of(0, 3) }, /offsets must have rows \+ 1 = 3 entries, got 2/],
    [{ offsets: Int32Array.of(1, 2, 3) }, /offsets\[0\]=1/],
    [{ offsets: Int32Array.of(0, 4, 3) }, /descend, got offsets\[1\]=4, offsets\[2\]=3/],
    [{ offsets: Int32Array.of(0, 2, 2) }, /number of values, 3, got offsets\[2\]=2/],
    [{ offsets: Uint32Array.of(0, 2 ** 32 - 1, 3) }, /descend/],
    [{ indices: Int32Array.of(2, 1) }, /indices must have one entry per value, 3, got 2/],
    [{ indices: Int32Array.of(2, 3, 0) }, /\[0, 3\), got indices\[1\]=3/],
    [{ indices: Int32Array.of(2, -1, 0) }, /indices\[1\]=-1/],
    [{ indices: Uint32Array.of(2, 2 ** 32 - 1, 0) }, /indices\[1\]=4294967295/],
    [{ indices: Int32Array.of(1, 1, 0) }, /row 0 has column 1 twice; coo adds/],
    [{ values: Float64Array.of(1, NaN, 2) }, /values\[1\]=NaN/],
    [{ values: Float32Array.of(1, 2, Infinity) }, /values\[2\]=Infinity/],
  ] as const) {
    it(`csr names what is wrong: ${message}`, () => {
      expect(() => csr({ ...parts, ...wrong })).toThrow(message);
      expect(() => csr({ ...parts, ...wrong })).toThrow(ArgumentError);
    });
  }

  it('refuses other types of arrays, options and absent parts', () => {
    expect(() => csr({ ...parts, indices: [2, 1, 0] as never })).toThrow(ArgumentTypeError);
    expect(() => csr({ ...parts, values: Int32Array.of(1, 2, 3) as never })).toThrow(ArgumentTypeError);
    expect(() => csr(undefined as never)).toThrow(ArgumentTypeError);
    expect(() => csr(parts, null as never)).toThrow(ArgumentTypeError);
    expect(() => csr(parts, { symetric: 'full' } as never)).toThrow(/no option symetric/);
    expect(() => csr(parts, { storage: 'half' } as never)).toThrow(/storage is for symmetric matrices/);
    expect(() => csr(parts, { symmetric: 'both' } as never)).toThrow(/one of 'full', 'lower', 'upper'/);
    expect(() => csr(parts, { symmetric: 'full' })).toThrow(/square, got 2 rows, 3 columns/);
    expect(() => coo({ ...entries, rowIndices: Int32Array.of(1, 2, 1, 1) })).toThrow(/\[0, 2\), got rowIndices\[1\]=2/);
    expect(() => coo({ ...entries, columnIndices: Int32Array.of(1) })).toThrow(/columnIndices must have one entry/);
    const huge = { ...entries, values: Float64Array.of(1e308, 5, 1e308, 4) };
    expect(() => coo(huge)).toThrow(/row 1, column 2 add up to Infinity/);
  });

  it('symmetry is checked entry by entry, not by a probe', () => {
    const n = 200;
    const dense = new Float64Array(n * n);
    for (let i = 0; i < n; i++) dense[i * n + i] = 2;
    dense[150 * n + 3] = dense[3 * n + 150] = 1;
    expect(asSymmetric(sparseFromDense(dense, n, n)).nnz).toBe(n + 2);
    dense[150 * n + 3] = 1 + 2 ** -52;
    expect(() => asSymmetric(sparseFromDense(dense, n, n))).toThrow(
      /A\[3, 150\]=1 and A\[150, 3\]=1\.0000000000000002/,
    );
    dense[150 * n + 3] = 0;
    expect(() => asSymmetric(sparseFromDense(dense, n, n))).toThrow(/A\[3, 150\]=1 and A\[150, 3\]=no entry/);
    const both = { ...entries, columns: 2, columnIndices: Int32Array.of(1, 0, 1, 0) };
    expect(() => coo(both, { symmetric: 'upper' })).toThrow(/upper triangle, got one in row 1, column 0/);
  });

  it('sorts unsorted rows, adds entries of one place, leaves its arguments alone', () => {
    expect(toDense(csr(parts))).toEqual(Float64Array.of(0, 5, 1, 2, 0, 0));
    expect(csr(parts).indices).toEqual(Int32Array.of(1, 2, 0));
    expect(parts.indices).toEqual(Int32Array.of(2, 1, 0));
    const A = coo(entries);
    expect([A.nnz, ...toDense(A)]).toEqual([3, 5, 0, 0, 4, 0, 3]);
    // in the order given, in float64, rounded once
    const tiny = coo({ ...entries, values: Float32Array.of(1, 5, 2 ** -30, 4) });
    expect(toDense(tiny)[5]).toBe(1);
  });

  it('empty matrices, empty rows and explicit zeros', () => {
    const none = { offsets: Int32Array.of(0), indices: new Int32Array(0), values: new Float64Array(0) };
    csr({ rows: 0, columns: 0, ...none }, { symmetric: 'full' }).apply(new Float64Array(0), new Float64Array(0));
    const wide = csr({ rows: 0, columns: 3, ...none });
    const back = new Float64Array(3).fill(7);
    wide.applyTranspose(new Float64Array(0), back);
    expect(back).toEqual(new Float64Array(3));
    const zero = coo({ ...entries, values: new Float64Array(4) });
    expect(zero.nnz).toBe(3);
    const out = Float64Array.of(7, 7);
    zero.apply(Float64Array.of(1, 1, 1), out);
    expect(out).toEqual(new Float64Array(2));
  });

  it('a vector of another length, a dense matrix past the limit', () => {
    expect(() => csr(parts).apply(new Float64Array(2), new Float64Array(2))).toThrow(/x must have length 3/);
    expect(() => csr(parts).apply(new Float64Array(3), new Float64Array(3))).toThrow(/out 2, got 3 and 3/);
    expect(() => toDense(csr(parts), { memoryLimit: 47 })).toThrow(MemoryLimitError);
  });

  it('NaN in a vector comes out; values of 1e±150 keep their digits', () => {
    const out = new Float64Array(2);
    csr(parts).apply(Float64Array.of(NaN, 1, 1), out);
    expect(out).toEqual(Float64Array.of(6, NaN));
    csr({ ...parts, values: Float64Array.of(1e150, 5e150, 2e-150) }).apply(Float64Array.of(1, 1, 1), out);
    expect(out).toEqual(Float64Array.of(5e150 + 1e150, 2e-150));
  });
});
