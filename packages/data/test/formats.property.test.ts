import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  gunzip,
  type NumericData,
  openNpz,
  openSafetensors,
  parseCsv,
  parseCifar,
  parseIdx,
  parseNpy,
  parseNpz,
  parseSafetensors,
  parseTable,
  writeNpy,
  writeNpz,
} from '@hyperribbon/data';

fc.configureGlobal({ seed: 20261122, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true });

const shapes = fc.array(fc.nat(4), { maxLength: 4 });
const makers = fc.constantFrom<(bytes: ArrayBuffer) => NumericData>(
  (b) => new Float64Array(b),
  (b) => new Float32Array(b),
  (b) => new BigInt64Array(b),
  (b) => new BigUint64Array(b),
  (b) => new Int32Array(b),
  (b) => new Uint32Array(b),
  (b) => new Int16Array(b),
  (b) => new Uint16Array(b),
  (b) => new Int8Array(b),
  (b) => new Uint8Array(b),
);
const arrays = fc.tuple(shapes, makers, fc.infiniteStream(fc.nat(255))).map(([shape, make, stream]) => {
  const count = shape.reduce((a, b) => a * b, 1);
  const bytes = new Uint8Array(count * make(new ArrayBuffer(0)).BYTES_PER_ELEMENT);
  for (let i = 0; i < bytes.length; i++) bytes[i] = stream.next().value as number;
  return { shape, data: make(bytes.buffer) };
});
const bytesOf = (data: NumericData): number[] => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
const names = fc.stringMatching(/^[a-z_]{1,8}(\/[a-z0-9.]{0,3}[a-z]){0,2}$/);

/** A safetensors file with the tensors back to back. */
function safetensors(tensors: { name: string; shape: number[]; data: NumericData }[]): Uint8Array {
  const codes: Record<string, string> = {
    Float64Array: 'F64',
    Float32Array: 'F32',
    BigInt64Array: 'I64',
    BigUint64Array: 'U64',
    Int32Array: 'I32',
    Uint32Array: 'U32',
    Int16Array: 'I16',
    Uint16Array: 'U16',
    Int8Array: 'I8',
    Uint8Array: 'U8',
  };
  let offset = 0;
  const header = tensors.map(({ name, shape, data }) => {
    const dtype = codes[Object.prototype.toString.call(data).slice(8, -1)];
    const entry = `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [offset, offset + data.byteLength] })}`;
    offset += data.byteLength;
    return entry;
  });
  const text = new TextEncoder().encode(`{${header.join(',')}}`);
  const file = new Uint8Array(8 + text.length + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(
    tensors.flatMap(({ data }) => bytesOf(data)),
    8 + text.length,
  );
  return file;
}

describe('what was written is read, bit for bit', () => {
  it('npy', () => {
    fc.assert(
      fc.property(arrays, (array) => {
        const read = parseNpy(writeNpy(array));
        expect(read.shape).toEqual(array.shape);
        expect(read.data.constructor).toBe(array.data.constructor);
        expect(bytesOf(read.data)).toEqual(bytesOf(array.data));
      }),
    );
  });

  it('npz, stored and deflated, twice the same file', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(names, arrays), { selector: ([name]) => name, maxLength: 4 }),
        fc.boolean(),
        (entries, compress) => {
          const file = writeNpz(new Map(entries), { compress });
          expect(writeNpz(Object.fromEntries(entries), { compress })).toEqual(file);
          const read = parseNpz(file);
          expect([...read.keys()].sort()).toEqual(entries.map(([name]) => name).sort());
          for (const [name, { shape, data }] of entries) {
            expect(read.get(name)?.shape).toEqual(shape);
            expect(bytesOf(read.get(name)?.data as NumericData)).toEqual(bytesOf(data));
          }
        },
      ),
    );
  });

  it('safetensors', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.record({
            name: fc.string().filter((s) => s !== '__metadata__' && !/[\ud800-\udfff]/u.test(s)),
            array: arrays,
          }),
          { selector: ({ name }) => name, maxLength: 4 },
        ),
        (entries) => {
          const { tensors } = parseSafetensors(safetensors(entries.map(({ name, array }) => ({ name, ...array }))));
          expect([...tensors.keys()]).toEqual(entries.map(({ name }) => name));
          for (const { name, array } of entries)
            expect(bytesOf(tensors.get(name)?.data as NumericData)).toEqual(bytesOf(array.data));
        },
      ),
    );
  });

  it('csv, for every finite number, NaN and the infinities', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.double(), { minLength: 5, maxLength: 40 }),
        fc.constantFrom('\n', '\r\n'),
        (columns, values, end) => {
          const rows = Math.floor(values.length / columns);
          const spell = (x: number): string => (Object.is(x, -0) ? '-0' : String(x));
          const lines = Array.from({ length: rows }, (_, r) =>
            values
              .slice(r * columns, (r + 1) * columns)
              .map(spell)
              .join(','),
          );
          const table = parseCsv(new TextEncoder().encode(lines.join(end)), { header: false });
          expect(table.shape).toEqual([rows, columns]);
          expect([...table.data].every((x, i) => Object.is(x, values[i]))).toBe(true);
        },
      ),
    );
  });
});

/** Two arrays with a zip64 end record, as some writers put it into small archives. */
function zip64Archive(): Uint8Array {
  const plain = Buffer.from(
    writeNpz({ a: { shape: [], data: Float32Array.of(4) }, W: { shape: [2], data: Int8Array.of(1, 2) } }),
  );
  const end = plain.length - 22;
  const record = Buffer.alloc(76);
  record.write('PK\x06\x06', 'latin1');
  record.writeBigUInt64LE(44n, 4);
  for (const at of [24, 32]) record.writeBigUInt64LE(2n, at);
  record.writeBigUInt64LE(BigInt(plain.readUInt32LE(end + 12)), 40);
  record.writeBigUInt64LE(BigInt(plain.readUInt32LE(end + 16)), 48);
  record.write('PK\x06\x07', 56, 'latin1');
  record.writeBigUInt64LE(BigInt(end), 64);
  record.writeUInt32LE(1, 72);
  return Uint8Array.from(Buffer.concat([plain.subarray(0, end), record, plain.subarray(end)]));
}

function readAll(bytes: Uint8Array): unknown {
  const file = openNpz(bytes);
  return file.names.map((name) => file.read(name));
}

const zipped = (text: string): Uint8Array => Uint8Array.from(gzipSync(text));

describe('damaged files', () => {
  const seeds: { parse: (bytes: Uint8Array) => unknown; format: string; file: Uint8Array }[] = [
    { format: 'npy', parse: parseNpy, file: writeNpy({ shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) }) },
    {
      format: 'npz',
      parse: parseNpz,
      file: writeNpz({ a: { shape: [3], data: Int32Array.of(1, 2, 3) }, b: { shape: [], data: Float32Array.of(4) } }),
    },
    { format: 'npz', parse: parseNpz, file: writeNpz({ a: { shape: [900], data: new Float32Array(900) } }) },
    { format: 'idx', parse: parseIdx, file: Uint8Array.of(0, 0, 11, 2, 0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 3, 4) },
    { format: 'csv', parse: parseCsv, file: new TextEncoder().encode('x,"y z"\n1,2.5e-3\n-0,NaN\n') },
    {
      format: 'csv',
      parse: parseTable,
      file: new TextEncoder().encode('# of\n"";x;y z\n0;1,5;NA\n1; "a ""b""";True\n\n'),
    },
    { format: 'csv', parse: parseTable, file: new TextEncoder().encode('"a" b\n1 -2.5e3 inf\n 2\t7  nan \r3 4 5') },
    { format: 'cifar', parse: parseCifar, file: new Uint8Array(2 * 3073) },
    { format: 'gzip', parse: gunzip, file: zipped('x,y\n1,2\n1,2\n') },
    { format: 'npz', parse: readAll, file: zip64Archive() },
    {
      format: 'safetensors',
      parse: (bytes) => {
        const file = openSafetensors(bytes);
        return file.names.map((name) => file.read(name));
      },
      file: safetensors([
        { name: 'w', shape: [2], data: Float32Array.of(1, 2) },
        { name: 'é\n', shape: [], data: Uint8Array.of(3) },
      ]),
    },
    {
      format: 'safetensors',
      parse: parseSafetensors,
      file: safetensors([
        { name: 'w', shape: [2], data: Float32Array.of(1, 2) },
        { name: 'é\n', shape: [], data: Uint8Array.of(3) },
      ]),
    },
  ];
  const edits = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('set' as const), at: fc.nat(), value: fc.nat(255) }),
      fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), value: fc.nat(7) }),
      fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), value: fc.nat(40) }),
      fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), value: fc.constantFrom(0, 10, 34, 44, 255) }),
      fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(), value: fc.nat(60) }),
    ),
    { minLength: 1, maxLength: 4 },
  );

  it.each(seeds.map((seed, i) => [`${i} ${seed.format}`, seed] as const))(
    '%s: read or refused with a FormatError, quickly',
    (_name, { parse, format, file }) => {
      fc.assert(
        fc.property(edits, (changes) => {
          let bytes = [...file];
          for (const { kind, at, value } of changes) {
            const i = bytes.length === 0 ? 0 : at % bytes.length;
            if (kind === 'set') bytes[i] = value;
            else if (kind === 'flip') bytes[i] ^= 1 << value;
            else if (kind === 'cut') bytes.splice(i, value);
            else if (kind === 'insert') bytes.splice(i, 0, value);
            else bytes = [...bytes.slice(0, i), ...bytes.slice(Math.max(0, i - value))];
          }
          const start = process.cpuUsage();
          try {
            parse(Uint8Array.from(bytes));
          } catch (error) {
            expect(error).toMatchObject({ name: 'FormatError', format });
          }
          const { user, system } = process.cpuUsage(start);
          expect((user + system) / 1000).toBeLessThan(50);
        }),
        { numRuns: 1500 },
      );
    },
  );

  it('every truncation is refused, where the format states its length', () => {
    for (const { parse, file } of seeds.filter(({ format }) => format !== 'csv' && format !== 'cifar')) {
      for (let length = 0; length < file.length; length++) {
        expect(() => parse(file.subarray(0, length))).toThrow(expect.objectContaining({ name: 'FormatError' }));
      }
    }
  });

  it('bytes, arrays and maps of another realm are taken for what they are', () => {
    const foreign = <T>(code: string, file?: Uint8Array): T =>
      runInNewContext(code, file === undefined ? {} : { file: [...file] }) as T;
    for (const { format, parse, file } of seeds)
      expect(parse(foreign('Uint8Array.from(file)', file)), format).toEqual(parse(file));
    for (const kind of ['Float64Array', 'Float32Array', 'BigInt64Array', 'Int32Array', 'Uint16Array', 'Int8Array']) {
      const values = kind.startsWith('Big') ? '1n, 2n' : '1, 2';
      const data = foreign<NumericData>(`${kind}.of(${values})`);
      const read = parseNpy(writeNpy({ shape: [2], data })).data;
      expect([Object.prototype.toString.call(read), ...read].join()).toBe(`[object ${kind}],1,2`);
    }
    const map = foreign<Map<string, { shape: number[]; data: NumericData }>>(
      "new Map([['w', { shape: [2], data: Float32Array.of(1, 2) }]])",
    );
    expect([...parseNpz(writeNpz(map)).keys()]).toEqual(['w']);
  });

  it('arguments that are no bytes are a TypeError that names the function', () => {
    for (const [name, parse] of Object.entries({ gunzip, parseNpy, parseNpz, parseIdx, parseCsv, parseSafetensors })) {
      for (const wrong of [
        'text',
        new ArrayBuffer(8),
        null,
        undefined,
        [1, 2],
        new Proxy({}, {}),
        JSON.parse('{"__proto__":{"length":3}}'),
      ]) {
        expect(() => parse(wrong as never)).toThrow(new RegExp(`^${name}: bytes must be a Uint8Array`));
      }
    }
  });
});

describe('limits and options', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  it('are documented defaults that can be raised and lowered', () => {
    const zeros = writeNpz({ z: { shape: [1_000_000], data: new Float32Array(1_000_000) } });
    expect(() => parseNpz(zeros, { maxRatio: 200 })).toThrow(/more than 200 times \(maxRatio\)/);
    const two = writeNpz({
      a: { shape: [4], data: new Float64Array(4) },
      b: { shape: [1], data: new Float64Array(1) },
    });
    expect(() => parseNpz(two, { maxMembers: 1 })).toThrow(/maxMembers/);
    expect(() => parseNpz(two, { memoryLimit: 200 })).toThrow(/memoryLimit/);
    const deep = writeNpy({ shape: Array.from({ length: 33 }, () => 1), data: Float32Array.of(1) });
    expect(() => parseNpy(deep)).toThrow(/maxRank/);
    expect(parseNpy(deep, { maxRank: 33 }).shape.length).toBe(33);
    expect(() => parseNpy(deep, { maxRank: 33, maxHeaderBytes: 20 })).toThrow(/maxHeaderBytes/);
    const file = safetensors([{ name: 'w', shape: [1, 1], data: Float32Array.of(1) }]);
    expect(() => parseSafetensors(file, { maxRank: 1 })).toThrow(/maxRank/);
    expect(() => parseSafetensors(file, { maxTensors: 0 })).toThrow(/maxTensors/);
    expect(() => parseSafetensors(file, { maxHeaderBytes: 9 })).toThrow(/maxHeaderBytes/);
    expect(() => parseCsv(bytes('1,2'), { maxColumns: 1 })).toThrow(/maxColumns/);
    expect(() => parseCsv(bytes('1000'), { maxCellLength: 3 })).toThrow(/limit is 3/);
    // a limit that compares false with everything is none
    expect(() => parseNpz(two, { memoryLimit: NaN })).toThrow(/^parseNpz: memoryLimit must be a number >= 0, got NaN/);
    expect(() => parseNpy(deep, { maxRank: NaN })).toThrow(/^parseNpy: maxRank must be a number >= 0/);
    expect(() => parseSafetensors(file, { maxTensors: -1 })).toThrow(/^parseSafetensors: maxTensors must be/);
    expect(() => parseCsv(bytes('1'), { maxColumns: '9' as never })).toThrow(/^parseCsv: maxColumns must be .* "9"/);
    expect(parseNpz(two, { memoryLimit: Infinity, maxRatio: Infinity }).size).toBe(2);
  });

  // what a stranger's archive may be: declared sizes and deflate's 1032 : 1 bound it
  it.each([
    ['zeros of 784 × 600', [784, 600], new Float32Array(784 * 600)],
    ['sorted labels', [2_000_000], Uint8Array.from({ length: 2_000_000 }, (_, i) => Math.floor(i / 200_000))],
    ['one-hot rows', [100_000, 10], Float64Array.from({ length: 1_000_000 }, (_, i) => (i % 10 === 3 ? 1 : 0))],
    [
      'a sparse bag of words',
      [500, 4000],
      Float32Array.from({ length: 2_000_000 }, (_, i) => (i % 70_001 === 5 ? 2 : 0)),
    ],
    ['20 MB of one byte', [20_000_000], new Uint8Array(20_000_000).fill(7)],
  ] as const)('npz: highly compressible arrays are read: %s', (_, shape, data) => {
    const packed = writeNpz({ a: { shape: [...shape], data } }, { compress: true });
    const read = parseNpz(packed).get('a')!;
    expect(read.shape).toEqual(shape);
    expect(Buffer.from(read.data.buffer).equals(Buffer.from(data.buffer))).toBe(true);
    expect(packed.length).toBeLessThan(data.byteLength / 100);
  });

  it('csv: header, delimiter and empty cells', () => {
    expect(parseCsv(bytes('1,2\n3,4')).names).toBeUndefined();
    expect(parseCsv(bytes('a,b\n3,4')).names).toEqual(['a', 'b']);
    expect(parseCsv(bytes('1,2\n3,4'), { header: true })).toMatchObject({ names: ['1', '2'], shape: [1, 2] });
    expect(() => parseCsv(bytes('a,2\n3,4'))).toThrow(/line 1, column 1: "a" is no number but other cells/);
    for (const counted of ['0,1\n3,4', '"0","1","2"\n3,4,5', '0.0,1.0,2.0,3.0\n1,2,3,4', '0,1e0,+2\r\n3,4,5'])
      expect(() => parseCsv(bytes(counted))).toThrow(/line 1 counts 0 to \d: .* Say header: true or false/);
    expect(parseCsv(bytes('0,1\n3,4'), { header: false }).shape).toEqual([2, 2]);
    expect(parseCsv(bytes('0,1\n3,4'), { header: true })).toMatchObject({ names: ['0', '1'], shape: [1, 2] });
    for (const plain of ['0,1,1\n3,4,5', '1,2\n3,4', '0\n1\n']) expect(parseCsv(bytes(plain)).names).toBeUndefined();
    expect(() => parseCsv(bytes('a,b\n3,4'), { header: false })).toThrow(/line 1, column 1: "a" is not a number/);
    expect([...parseCsv(bytes('1;2\n3;4'), { delimiter: ';' }).data]).toEqual([1, 2, 3, 4]);
    expect(() => parseCsv(bytes('1,\n'))).toThrow(/line 1, column 2: "" is no number/);
    expect([...parseCsv(bytes('1,2\n,4'), { empty: 'nan' }).data]).toEqual([1, 2, NaN, 4]);
    expect(() => parseCsv(bytes('1,2\n3,x'))).toThrow(/line 2, column 2: "x" is not a number/);
    expect(() => parseCsv(bytes('1'), { delimiter: '5' })).toThrow(
      /^parseCsv: delimiter must be one character .* got "5"/,
    );
    expect(() => parseCsv(bytes('1'), { header: 'yes' as 'auto' })).toThrow(
      /^parseCsv: header must be true, false or 'auto', got "yes"/,
    );
    expect(() => parseCsv(bytes('1'), { empty: 'zero' as 'nan' })).toThrow(
      /^parseCsv: empty must be one of 'reject', 'nan', got "zero"/,
    );
  });

  it('writers refuse names and shapes that no reader should see', () => {
    const array = { shape: [2], data: Float32Array.of(1, 2) };
    for (const name of ['../x', '/x', 'a//b', '', 'a b', 'x\0', '..', 'a\\b'])
      expect(() => writeNpz({ [name]: array })).toThrow(RangeError);
    expect(() => writeNpy({ shape: [3], data: array.data })).toThrow(
      /^writeNpy: shape \[3\] has 3 elements, data has 2/,
    );
    expect(() => writeNpy({ shape: [-2], data: array.data })).toThrow(RangeError);
    expect(() => writeNpy({ shape: [2], data: [1, 2] as never })).toThrow(TypeError);
    expect(parseNpy(writeNpy({ shape: [2], data: Uint8Array.of(0, 1), dtype: 'bool' })).dtype).toBe('bool');
    expect(writeNpz({ z: { shape: [900], data: new Float32Array(900) } }).length).toBeLessThan(
      writeNpz({ z: { shape: [900], data: new Float32Array(900) } }, { compress: false }).length,
    );
  });
});
