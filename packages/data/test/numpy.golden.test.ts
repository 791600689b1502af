import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type NumericArray, parseNpy, parseNpz } from '@hyperribbon/data';
import { crc32 } from '../src/formats/crc32.js';

interface Row {
  name: string;
  dtype: string;
  shape: number[];
  values: string[];
  base64: string;
}
interface Golden {
  rows: Row[];
  everyHalf: { base64: string; crc: number };
  archives: { name: string; base64: string }[];
  contents: Record<string, { shape: number[]; values: string[] }>;
}
const golden = JSON.parse(readFileSync(new URL('./golden/numpy.json', import.meta.url), 'utf8')) as Golden;
/** at an odd offset of a larger buffer, as bytes often come */
const decode = (base64: string): Uint8Array => {
  const bytes = Buffer.from(base64, 'base64');
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  return shifted.subarray(3);
};

function expectValues({ data }: NumericArray, values: string[]): void {
  expect(data.length).toBe(values.length);
  const wrong = values.findIndex((text, i) => {
    const value = data[i];
    return typeof value === 'bigint'
      ? value !== BigInt(text)
      : !Object.is(value, Number(text.replace('inf', 'Infinity')));
  });
  expect(wrong).toBe(-1);
}

describe('arrays that NumPy wrote', () => {
  it.each(golden.rows.map((row) => [row.name, row] as const))('%s', (_name, row) => {
    const array = parseNpy(decode(row.base64));
    expect(array.dtype).toBe(row.dtype);
    expect(array.shape).toEqual(row.shape);
    expectValues(array, row.values);
  });

  it('every float16 widens to the float32 that NumPy makes of it, NaN payloads included', () => {
    const { data } = parseNpy(decode(golden.everyHalf.base64));
    const bytes = new Uint8Array(data.buffer);
    expect(data).toBeInstanceOf(Float32Array);
    expect(crc32(bytes)).toBe(golden.everyHalf.crc);
    bytes[4 * 40_000] ^= 1;
    expect(crc32(bytes)).not.toBe(golden.everyHalf.crc);
  });

  it('the data is a copy: the file may change afterwards', () => {
    const file = decode(golden.rows[2].base64);
    const array = parseNpy(file);
    file.fill(0);
    expectValues(array, golden.rows[2].values);
  });
});

describe('archives that NumPy wrote', () => {
  it.each(golden.archives.map((row) => [row.name, row] as const))('%s', (_name, row) => {
    const arrays = parseNpz(decode(row.base64));
    expect([...arrays.keys()]).toEqual(Object.keys(golden.contents));
    for (const [name, { shape, values }] of Object.entries(golden.contents)) {
      const array = arrays.get(name) as NumericArray;
      expect(array.shape).toEqual(shape);
      expectValues(array, values);
    }
  });
});
