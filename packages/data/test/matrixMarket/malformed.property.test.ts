import { isArgumentError } from '@hyperribbon/contract';
import { FormatError, parseMatrixMarket, writeMatrixMarket } from '@hyperribbon/data';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const banner = '%%MatrixMarket matrix coordinate real general\n';
const symmetric = banner.replace('general', 'symmetric');
const skew = banner.replace('general', 'skew-symmetric');
const hermitian = '%%MatrixMarket matrix coordinate complex hermitian\n';

describe('malformed Matrix Market files', () => {
  for (const [file, message] of [
    ['', /line 0: the file is empty/],
    ['hello\n', /line 1: must begin with %%MatrixMarket, got "hello"/],
    ['%%MatrixMarket vector coordinate real general\n', /only matrices are read, got "vector"/],
    ['%%MatrixMarket matrix sparse real general\n', /the layout must be one of coordinate, array/],
    ['%%MatrixMarket matrix coordinate __proto__ general\n', /the field must be one of/],
    ['%%MatrixMarket matrix coordinate real\n', /the symmetry must be one of .* got ""/],
    ['%%MatrixMarket matrix coordinate real general x\n', /"x" follows/],
    ['%%MatrixMarket matrix array pattern general\n', /a pattern must be coordinate/],
    ['%%MatrixMarket matrix coordinate real hermitian\n', /a hermitian matrix must be complex/],
    [banner, /line 1: the file ends before the line of sizes/],
    [`${banner}2 2\n1 1 1\n`, /line 2: the line ends before the number of entries|must be an integer/],
    [`${banner}2 2 1 1\n1 1 1\n`, /line 2: "1" follows/],
    [`${banner}-2 2 1\n1 1 1\n`, /line 2: the number of rows must be an integer, got "-2"/],
    [`${banner}2e3 2 1\n1 1 1\n`, /got "2e3"/],
    [`${banner}99999999999999999999 2 1\n1 1 1\n`, /must be an integer, got "9999/],
    [`${banner}4294967296 2 1\n1 1 1\n`, /must lie in \[0, 2147483647\], got 4294967296/],
    [`${banner}2147483647 2147483647 2147483647\n1 1 1\n`, /take at least 12884901881 bytes, 6 follow/],
    ['%%MatrixMarket matrix array real general\n2147483647 2147483647\n1\n', /bytes, 2 follow/],
    [`${banner}2 2 5\n1 1 1\n1 1 1\n1 1 1\n1 1 1\n1 1 1\n`, /5 entries are said to lie in 4 places/],
    [`${symmetric}2 3 1\n1 1 1\n`, /must be square, got 2 rows, 3 columns/],
    [`${banner}2 2 2\n1 1 1.000000\n`, /line 3: the file ends after 1 of 2 entries/],
    [`${banner}2 2 1\n1 1 1\n2 2 1\n`, /line 4: 1 entries were announced, and more follow/],
    [`${banner}2 2 1\n%\n\n0 1 1\n`, /line 5: the row must lie in \[1, 2\], got 0/],
    [`${banner}2 2 1\n1 3 1\n`, /line 3: the column must lie in \[1, 2\], got 3/],
    [`${banner}2 2 1\n1 1 1 1\n`, /line 3: "1" follows/],
    [`${banner}2 2 1\n1 1 NaN\n`, /line 3: the value must be a number, got "NaN"/],
    [`${banner}2 2 1\n1 1 -Infinity\n`, /must be a number, got "-Infinity"/],
    [`${banner}2 2 1\n1 1 1e999\n`, /too large for float64, got "1e999"/],
    [`${banner}2 2 1\n1 1 0x10\n`, /must be a number, got "0x10"/],
    [`${banner}2 2 1\n1 1 1,5\n`, /must be a number, got "1,5"/],
    [`${banner}2 2 1\n1 1     \n`, /line ends before the value/],
    [
      `${banner}3 3 3\n2 1 1\n1 1 5\n2 1 7\n`,
      /line 5: the entry \(2, 1\) stands in line 3 too; say duplicates: 'keep'/,
    ],
    [`${symmetric}2 2 1\n1 2 1\n`, /line 3: \(1, 2\) lies above the diagonal/],
    [`${skew}2 2 1\n1 1 1\n`, /line 3: \(1, 1\) lies on the diagonal/],
    [`${hermitian}2 2 1\n1 1 1 2\n`, /diagonal of a hermitian matrix must be real, got 2 i in \(1, 1\)/],
    ['%%MatrixMarket matrix array complex hermitian\n1 1\n1 2\n', /must be real, got an imaginary part in row 1/],
    [banner.replace('real', 'integer') + '1 1 1\n1 1 1.5\n', /line 3: the value must be an integer within/],
    [banner.replace('real', 'integer') + '1 1 1\n1 1 9007199254740993\n', /must be an integer within/],
    [`${banner}%${'x'.repeat(2000)}\n1 1 0\n`, /line 2: the line has 2001 bytes, most is 1024/],
  ] as const) {
    it(`${JSON.stringify(file.slice(0, 70))}: ${message}`, () => {
      const call = (): unknown => parseMatrixMarket(encode(file));
      expect(call).toThrow(message);
      expect(call).toThrow(FormatError);
      expect(call).toThrow(expect.objectContaining({ format: 'matrix-market' }));
    });
  }

  it('entries of one place are kept where that is asked for', () => {
    const { values } = parseMatrixMarket(encode(`${banner}3 3 3\n2 1 1\n1 1 5\n2 1 7\n`), { duplicates: 'keep' });
    expect(values).toEqual(Float64Array.of(1, 5, 7));
  });

  it('empty matrices, and a huge one with one entry', () => {
    expect(parseMatrixMarket(encode(`${banner}0 0 0\n`)).values.length).toBe(0);
    expect(parseMatrixMarket(encode('%%MatrixMarket matrix array real general\n0 5\n')).values.length).toBe(0);
    const one = parseMatrixMarket(encode(`${banner}2147483647 2147483647 2\n2147483647 2147483647 1e-150\n1 1 -0\n`));
    expect(one).toMatchObject({ rowIndices: Int32Array.of(2147483646, 0), values: Float64Array.of(1e-150, -0) });
  });

  it('any change of a byte gives a matrix or a FormatError, nothing else', () => {
    const file = encode(`${symmetric}% a comment\n3 3 4\n1 1 2.5\n2 1 -1e-3\n3 3 7\n3 2 +.5\n`);
    const draws = stream({ seed: 1, purpose: 'test/matrixMarket' }).uniform(new Float64Array(3000 * 2));
    let refused = 0;
    for (let trial = 0; trial < 3000; trial++) {
      const bent = file.slice(0, trial % 3 === 0 ? Math.floor(draws[2 * trial] * file.length) : file.length);
      bent[Math.floor(draws[2 * trial] * bent.length)] = Math.floor(draws[2 * trial + 1] * 256);
      try {
        parseMatrixMarket(bent);
      } catch (error) {
        refused++;
        if (!(error instanceof FormatError)) throw error;
      }
    }
    expect(refused).toBeGreaterThan(1000);
    expect(refused).toBeLessThan(3000);
  });

  it('bad options and matrices to write are argument errors', () => {
    const file = encode(`${banner}1 1 1\n1 1 1\n`);
    const at = Int32Array.of(0);
    const one = { rows: 1, columns: 1, rowIndices: at, columnIndices: at, values: Float64Array.of(1) };
    for (const call of [
      () => parseMatrixMarket(file, { expand: 1 as never }),
      () => parseMatrixMarket(file, { duplicates: 'sum' as never }),
      () => parseMatrixMarket(file, { memoryLimit: NaN }),
      () => parseMatrixMarket(file, { memoryLimit: 10 }),
      () => parseMatrixMarket(file, { limit: 1 } as never),
      () => parseMatrixMarket('%%MatrixMarket' as never),
      () => writeMatrixMarket({ ...one, values: Float64Array.of(NaN) }),
      () => writeMatrixMarket({ ...one, values: Float64Array.of(0.5), field: 'integer' }),
      () => writeMatrixMarket({ ...one, rowIndices: Int32Array.of(1) }),
      () => writeMatrixMarket({ ...one, columnIndices: Int32Array.of(0, 0) }),
      () => writeMatrixMarket({ ...one, columns: 2, columnIndices: Int32Array.of(1), symmetry: 'symmetric' }),
      () => writeMatrixMarket({ rows: 1, columns: 1, values: one.values, symmetry: 'symmetric' }),
      () => writeMatrixMarket(undefined as never),
    ]) {
      let caught: unknown;
      try {
        call();
      } catch (error) {
        caught = error;
      }
      expect(isArgumentError(caught)).toBe(true);
    }
  });
});
