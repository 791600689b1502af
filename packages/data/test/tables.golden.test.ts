// Oracle: Python. Tables in the dialects of csv, numpy.savetxt, pandas, R and spreadsheets, with the numbers behind them (golden/write_tables.py).
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv, parseTable } from '@hyperribbon/data';

interface Row {
  readonly name: string;
  readonly base64: string;
  readonly names: readonly string[] | null;
  readonly data: readonly (readonly (string | null)[])[];
  readonly texts: Readonly<Record<string, readonly string[]>>;
  readonly missing: Readonly<Record<string, { readonly count: number; readonly row: number }>>;
}
const rows = JSON.parse(readFileSync(new URL('./golden/tables.json', import.meta.url), 'utf8')) as Row[];
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const value = (cell: string | null): number =>
  cell === null ? NaN : cell.includes('inf') ? (cell.startsWith('-') ? -Infinity : Infinity) : Number(cell);

describe('a table', () => {
  it.each(rows.map((row) => [row.name, row] as const))('%s', (_, { base64, names, data, texts, missing }) => {
    const table = parseTable(Uint8Array.from(Buffer.from(base64, 'base64')));
    expect(table.names ?? null).toEqual(names);
    expect(table.shape[0]).toBe(data.length);
    expect([...table.data].map((x, i) => Object.is(x, data.flat().map(value)[i]))).not.toContain(false);
    expect(table.data.length).toBe(data.flat().length);
    expect(Object.fromEntries(table.texts)).toEqual(texts);
    if (Object.keys(texts).length === 0) expect(Object.fromEntries(table.missing)).toEqual(missing);
  });

  it('may begin with counts and names of classes, as those of scikit-learn', () => {
    const iris = parseTable(
      bytes('3,4,setosa,versicolor,virginica\n5.1,3.5,1.4,0.2,0\n7,3.2,4.7,1.4,1\n6.3,3.3,6,2.5,2\n'),
    );
    expect([iris.shape, iris.names, iris.classNames]).toEqual([
      [3, 5],
      undefined,
      ['setosa', 'versicolor', 'virginica'],
    ]);
    expect([...iris.data.subarray(0, 5), ...iris.lines]).toEqual([5.1, 3.5, 1.4, 0.2, 0, 2, 3, 4]);
    const wine = parseTable(bytes(`2,6,a,b\n${'1,'.repeat(6)}0\n${'2,'.repeat(6)}1\n`));
    expect([wine.shape, wine.classNames]).toEqual([
      [2, 7],
      ['a', 'b'],
    ]);
    const houses = parseTable(bytes('2,2,,\n"rooms","age","price"\n6.5,10,24\n7,20,21.6\n'));
    expect([houses.shape, houses.names, houses.classNames]).toEqual([[2, 3], ['rooms', 'age', 'price'], undefined]);
    expect([...houses.data]).toEqual([6.5, 10, 24, 7, 20, 21.6]);
  });

  it('whose counts are others is refused, and so is what may be names', () => {
    const cut = '3,2,a,b\n1,2,0\n3,4,1\n';
    expect(() => parseTable(bytes(cut))).toThrow(
      /line 1 counts 3 rows, the file has 2: is it cut short\?.*header false/,
    );
    expect(() => parseTable(bytes('2,3,a,b\n1,2,0\n3,4,1\n'))).toThrow(/line 1, column 3: "a" is no number/);
    // words in the row below: both are rows
    const rows = parseTable(bytes('2,4,a,b,c\n1,2,d,e,f\n'), { header: false });
    expect([rows.shape, rows.classNames]).toEqual([[2, 5], undefined]);
    expect(parseTable(bytes('1,4,a,b,c\n1,2,d,e,f\n')).shape).toEqual([2, 5]);
  });

  it('knows the line that each row began in', () => {
    expect([...parseTable(bytes('# a remark\nx,y\n\n1,2\n \n3,4\n')).lines]).toEqual([4, 6]);
  });

  it('is what the strict reader gives, where that reads it', () => {
    const cells = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 6, maxLength: 30 });
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5 }),
        cells,
        fc.constantFrom(',', ';', '\t'),
        (columns, values, delimiter) => {
          const count = Math.floor(values.length / columns);
          const line = (r: number): string =>
            values
              .slice(r * columns, (r + 1) * columns)
              .map(String)
              .join(delimiter);
          const text = bytes(Array.from({ length: count }, (_, r) => line(r)).join('\n'));
          const strict = parseCsv(text, { delimiter, header: false });
          const table = parseTable(text, { header: false });
          expect(table.shape).toEqual(strict.shape);
          expect(table.data).toEqual(strict.data);
          expect(table.delimiter).toBe(delimiter);
        },
      ),
      { seed: 20261130 },
    );
  });
});

describe('what can be read in two ways is refused, with what to do', () => {
  it.each<[string, string, RegExp]>([
    ['numbers that count their columns', '0,1,2\n3,4,5\n', /line 1 counts 0 to 2: .*Say header true or header false/],
    ['the same after a remark', '# x\n0;1;2\n3;4;5\n', /line 2 counts 0 to 2/],
    [
      'names of which some are numbers',
      'label,0,1\n3,4,5\n',
      /line 1, column 1: "label" is no number .*say header true/i,
    ],
    ['both decimal marks', 'a;b\n1,5;2.5\n', /line 2 has "1,5", line 2 "2.5": which marks the decimals/],
    ['thousands', 'a;b\n1,234;5,678\n', /"1,234", .*decimals or thousands/],
    ['thousands in quotes', 'a,b\n"1,234",5\n', /decimals or thousands/],
    [
      'decimal commas among commas',
      'a,b\n1,5,2,5\n',
      /more than 2 cells \(4\); decimal commas\? Save it with semicolons/,
    ],
    ['rows of different lengths', 'a,b\n1,2\n3\n', /line 3 has 1 of 2 cells/],
    ['two columns of one name', 'a,b,a\n1,2,3\n', /the name "a" appears twice/],
    ['numbers beyond float64', 'a,b\n1,1e999\n', /"1e999" is too large/],
    ['nothing', '\n\n', /holds no row/],
    ['a quote without an end', 'a,b\n"1,2\n', /the quoted cell does not end/],
    ['text after a quote', 'a,b\n"1"2,3\n', /text follows a quoted cell/],
  ])('%s', (_, text, message) => {
    expect(() => parseTable(bytes(text))).toThrow(message);
    expect(() => parseTable(bytes(text))).toThrow(expect.objectContaining({ name: 'FormatError', format: 'csv' }));
  });

  it('and read where one says which', () => {
    expect(parseTable(bytes('0,1\n3,4\n'), { header: true })).toMatchObject({ names: ['0', '1'], shape: [1, 2] });
    expect(parseTable(bytes('0,1\n3,4\n'), { header: false }).shape).toEqual([2, 2]);
    expect(parseTable(bytes('label,0\n3,4\n'), { header: true }).names).toEqual(['label', '0']);
    expect([...parseTable(bytes('1:2\n3:4\n'), { delimiter: ':' }).data]).toEqual([1, 2, 3, 4]);
  });

  it('text is no number, whatever Number says of it', () => {
    for (const cell of ['0x10', '1_000', '1,5,6', '--1', '1e', '.', '١', '１', '−1', '1 2', '=1+1', '1.2.3', '1d5']) {
      const table = parseTable(bytes(`a;b\n"${cell}";1\n`));
      expect([...table.texts]).toEqual([[0, [cell]]]);
      expect(table.data[0]).toBeNaN();
    }
  });
});

it('limits and options', () => {
  expect(() => parseTable(bytes('1,2,3'), { maxColumns: 2 })).toThrow(/more than 2 columns \(maxColumns\)/);
  expect(() => parseTable(bytes('1000,2'), { maxCellLength: 3 })).toThrow(/limit is 3/);
  expect(() => parseTable(bytes('1'), { delimiter: '5' })).toThrow(/^parseTable: delimiter must be/);
  expect(() => parseTable(bytes('1'), { header: 'yes' as 'auto' })).toThrow(/^parseTable: header must be/);
  expect(() => parseTable(bytes('1'), { maxColumns: NaN })).toThrow(/^parseTable: maxColumns/);
  expect(() => parseTable('1' as never)).toThrow(/^parseTable: bytes must be/);
  expect(() => parseTable(Buffer.from('x,é\n1,2\n', 'latin1'))).toThrow(/not UTF-8/);
});
