import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { parseMatrixMarket, writeMatrixMarket } from '@hyperribbon/data';
import { describe, expect, it } from 'vitest';

interface Case {
  readonly file: string;
  readonly dense: readonly number[];
  readonly shape: readonly [number, number];
}
const { cases } = JSON.parse(readFileSync(new URL('scipy.golden.json', import.meta.url), 'utf8')) as {
  cases: Record<string, Case>;
};

type Parsed = ReturnType<typeof parseMatrixMarket>;

function denseOf(matrix: Parsed): number[] {
  if (matrix.layout === 'array') return [...matrix.values];
  const width = matrix.field === 'complex' ? 2 : 1;
  const out = new Float64Array(width * matrix.rows * matrix.columns);
  matrix.rowIndices.forEach((i, p) => {
    for (let part = 0; part < width; part++)
      out[width * (i * matrix.columns + matrix.columnIndices[p]) + part] += matrix.values[width * p + part];
  });
  return [...out];
}
/** mmwrite shows 16 digits: half a unit of the last of them */
function expectDense(matrix: Parsed, { dense, shape }: Case, moved = 1): void {
  expect([matrix.rows, matrix.columns]).toEqual(shape);
  const got = denseOf(matrix);
  expect(got.length).toBe(dense.length);
  for (const [p, value] of dense.entries())
    expect(Math.abs(got[p] - value * moved)).toBeLessThanOrEqual(5e-16 * Math.abs(value));
}
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('files of scipy.io.mmwrite', () => {
  for (const [name, golden] of Object.entries(cases)) {
    it(`${name}: the matrix that was written; CRLF, gz, blank lines and comments between change nothing`, () => {
      const parsed = parseMatrixMarket(encode(golden.file));
      expect(`${parsed.layout} ${parsed.field} ${parsed.symmetry}`).toBe(name);
      expectDense(parsed, golden);
      expect(() => expectDense(parsed, golden, 1 + 1e-14)).toThrow();
      const airy = golden.file.replaceAll('\n', '\r\n\r\n% and\r\n  \t\r\n');
      expect(parseMatrixMarket(encode(airy))).toEqual(parsed);
      expect(parseMatrixMarket(gzipSync(golden.file))).toEqual(parsed);
      expect(parseMatrixMarket(encode(golden.file.trimEnd()))).toEqual(parsed);
      expect(parseMatrixMarket(encode(golden.file.replace(/.*/, (line) => line.toUpperCase())))).toEqual(parsed);
    });

    it(`${name}: written and read again it is the same, whole or by its triangle`, () => {
      const whole = parseMatrixMarket(encode(golden.file));
      const again = parseMatrixMarket(writeMatrixMarket(whole));
      expect({ ...again, symmetry: whole.symmetry }).toEqual(whole);
      const stored = parseMatrixMarket(encode(golden.file), { expand: false });
      expect(parseMatrixMarket(writeMatrixMarket(stored), { expand: false })).toEqual({
        ...stored,
        ...(stored.layout === 'array' ? { symmetry: 'general' } : {}),
      });
    });
  }

  it('the triangle has the entries of the file', () => {
    const { file } = cases['coordinate real symmetric'];
    const stored = parseMatrixMarket(encode(file), { expand: false });
    expect(stored.expanded).toBe(false);
    expect(stored.values.length).toBe(4);
    expect(parseMatrixMarket(encode(file)).values.length).toBe(6);
  });
});
