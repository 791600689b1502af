import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countSharedInputs,
  type DataSet,
  examplesFromArrays,
  examplesIdentity,
  parseNpy,
  parseSafetensors,
  type ShapedArray,
  subset,
  weightsFromNpz,
  weightsFromSafetensors,
  writeNpy,
  writeNpz,
} from '@hyperribbon/data';

fc.configureGlobal({ seed: 20261122, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true });

const inputs = (rows: number, columns: number, from = 0): ShapedArray => ({
  shape: [rows, columns],
  data: Float32Array.from({ length: rows * columns }, (_, i) => from + i),
});
const labels = (...values: number[]): ShapedArray => ({ shape: [values.length], data: Uint8Array.from(values) });

describe('examples', () => {
  const six = examplesFromArrays(inputs(6, 3), labels(0, 1, 2, 0, 1, 2), { name: 'six' });

  it('identity depends on inputs, labels, classes and dtype, and on nothing else', () => {
    const variants: DataSet[] = [
      six,
      examplesFromArrays(inputs(6, 3, 1), labels(0, 1, 2, 0, 1, 2)),
      examplesFromArrays(inputs(6, 3), labels(0, 1, 2, 0, 1, 1), { classes: 3 }),
      examplesFromArrays(inputs(6, 3), labels(0, 1, 2, 0, 1, 2), { classes: 4 }),
      examplesFromArrays({ shape: [6, 3], data: Float64Array.from(six.inputs) }, labels(0, 1, 2, 0, 1, 2)),
      examplesFromArrays(inputs(3, 6), labels(0, 1, 2)),
    ];
    expect(new Set(variants.map(examplesIdentity)).size).toBe(variants.length);
    const other = examplesFromArrays(inputs(6, 3), labels(0, 1, 2, 0, 1, 2), { name: 'other' });
    expect(examplesIdentity(other)).toBe(examplesIdentity(six));
  });

  it('identity is SHA-256 of a text that anyone can write: sizes, dtype, and the SHA-256 of either array', () => {
    // hashlib.sha256 of Python 3 over struct.pack('<6f', 0, 1, 2, 3, 4, 5), struct.pack('<2i', 1, 0) and the text of the docstring
    const two = examplesFromArrays(inputs(2, 3), labels(1, 0), { classes: 4 });
    expect(examplesIdentity(two)).toBe('sha256:521028051f92b703a4b7e7fe434eb0f8c2a246e093d36dff495e8bf47925d5ff');
  });

  it('subset is a view of the range, with its own identity', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 6 }), (from, length) => {
        const to = Math.min(6, from + length);
        const part = subset(six, from, to);
        expect([...part.inputs]).toEqual([...six.inputs].slice(3 * from, 3 * to));
        expect([...part.labels]).toEqual([...six.labels].slice(from, to));
        expect(part.inputs.buffer).toBe(six.inputs.buffer);
        expect([part.count, part.features, part.classes]).toEqual([to - from, 3, 3]);
        const copied = examplesFromArrays(
          { shape: [to - from, 3], data: part.inputs.slice() },
          { shape: [to - from], data: part.labels.slice() },
          { classes: 3 },
        );
        expect(examplesIdentity(copied)).toBe(examplesIdentity(part));
      }),
    );
    for (const [from, to] of [
      [0, 7],
      [-1, 2],
      [3, 3],
      [4, 2],
      [0.5, 2],
      [0, NaN],
    ]) {
      expect(() => subset(six, from, to)).toThrow(/^subset: (from|to) must be an integer in \[/);
    }
  });

  it('countSharedInputs counts examples of the second that the first holds, duplicates included', () => {
    const a = examplesFromArrays(inputs(4, 3), labels(0, 1, 0, 1));
    const b = examplesFromArrays({ shape: [3, 3], data: Float32Array.of(3, 4, 5, 9, 9, 9, 3, 4, 5) }, labels(0, 1, 1));
    expect(countSharedInputs(a, b)).toBe(2);
    expect(countSharedInputs(b, a)).toBe(1);
    expect(() => countSharedInputs(a, examplesFromArrays(inputs(2, 2), labels(0, 1)))).toThrow(/^countSharedInputs/);
  });

  it('flattens images, scales bytes by 1/255 and leaves floats alone', () => {
    const bytes = examplesFromArrays(
      { shape: [2, 2, 2], data: Uint8Array.of(0, 1, 2, 51, 128, 254, 255, 3) },
      labels(1, 0),
    );
    expect([...bytes.inputs]).toEqual([0, 1, 2, 51, 128, 254, 255, 3].map((byte) => Math.fround(byte / 255)));
    expect([bytes.features, bytes.classes]).toEqual([4, 2]);
    const floats = inputs(2, 2);
    expect(examplesFromArrays(floats, labels(0, 1)).inputs).toBe(floats.data);
  });

  describe('takes bool inputs as 0 and 1, whichever reader they came from', () => {
    // a file of the same bytes that calls them uint8 is an image, and is scaled
    const npyBytes = (type: string): Uint8Array => {
      const npy = writeNpy({ shape: [2, 3], data: Uint8Array.of(0, 1, 1, 1, 0, 1) });
      const at = Buffer.from(npy).indexOf('|u1');
      npy.set(new TextEncoder().encode(type), at);
      return npy;
    };
    const header = JSON.stringify({ x: { dtype: 'BOOL', shape: [2, 3], data_offsets: [0, 6] } });
    const tensors = Buffer.concat([
      Buffer.from(BigUint64Array.of(BigInt(header.length)).buffer),
      Buffer.from(header),
      Buffer.of(0, 1, 1, 1, 0, 1),
    ]);
    it.each<[string, ShapedArray, number]>([
      ['npy', parseNpy(npyBytes('|b1')), 1],
      ['npy, bytes', parseNpy(npyBytes('|u1')), 255],
      ['npy, big-endian by name', parseNpy(npyBytes('>b1')), 1],
      ['safetensors', parseSafetensors(tensors).tensors.get('x')!, 1],
      ['by hand', { shape: [2, 3], data: Uint8Array.of(0, 1, 1, 1, 0, 1), dtype: 'bool' }, 1],
      ['a type that does not fit', { shape: [2, 3], data: Float64Array.of(0, 1, 1, 1, 0, 1), dtype: 'bool' }, 1],
    ])('%s', (_, x, divisor) => {
      const { inputs: scaled } = examplesFromArrays(x, labels(0, 1));
      expect([...scaled]).toEqual([0, 1, 1, 1, 0, 1].map((v) => (divisor === 1 ? v : Math.fround(v / divisor))));
    });
  });

  it('takes arrays of another realm', () => {
    const foreign = <T>(code: string): T => runInNewContext(code) as T;
    const own = examplesFromArrays(inputs(2, 2), labels(0, 1));
    const made = examplesFromArrays(
      { shape: [2, 2], data: foreign('Float32Array.of(0, 1, 2, 3)') },
      { shape: [2], data: foreign('Uint8Array.of(0, 1)') },
    );
    expect(examplesIdentity(made)).toBe(examplesIdentity(own));
    const bytes = { shape: [2, 2], data: foreign<Uint8Array>('Uint8Array.of(0, 255, 0, 51)') };
    expect([...examplesFromArrays(bytes, labels(0, 1)).inputs]).toEqual([0, 1, 0, Math.fround(0.2)]);
  });

  it('takes labels of every type that holds integers', () => {
    for (const data of [
      Float64Array.of(0, 3),
      BigInt64Array.of(0n, 3n),
      BigUint64Array.of(0n, 3n),
      Int16Array.of(0, 3),
    ]) {
      expect([...examplesFromArrays(inputs(2, 2), { shape: [2], data }).labels]).toEqual([0, 3]);
    }
    expect(examplesFromArrays(inputs(2, 2), { shape: [2, 1], data: Int8Array.of(0, 3) }).classes).toBe(4);
  });

  it('says what is wrong', () => {
    const good = labels(0, 1);
    const x = inputs(2, 2);
    const cases: [ShapedArray, ShapedArray, object, RegExp][] = [
      [inputs(3, 2), good, {}, /labels must have shape \(3,\) like the inputs, got \[2\]/],
      [
        { shape: [0, 2], data: new Float32Array(0) },
        { shape: [0], data: new Uint8Array(0) },
        {},
        /there are no inputs/,
      ],
      [{ shape: [2, 0], data: new Float32Array(0) }, good, {}, /there are no inputs/],
      [{ shape: [4], data: new Float32Array(4) }, good, {}, /shape \(count, features\), got \[4\]/],
      [{ shape: [2, 3], data: new Float32Array(4) }, good, {}, /shape \[2, 3\] but 4 elements/],
      [
        { shape: [2, 2], data: new Int32Array(4) },
        good,
        {},
        /inputs must be float32, float64, uint8 or bool, got Int32Array/,
      ],
      [
        { shape: [2, 2], data: Float32Array.of(0, 1, 2, NaN) },
        good,
        {},
        /inputs must be finite, got NaN at example 1, feature 1/,
      ],
      [{ shape: [2, 2], data: Float64Array.of(0, -Infinity, 2, 3) }, good, {}, /got -Infinity at example 0, feature 1/],
      [x, { shape: [2], data: Float64Array.of(0, 0.5) }, {}, /labels must be integers, got 0.5 at index 1/],
      [x, { shape: [2], data: Float64Array.of(NaN, 1) }, {}, /labels must be integers, got NaN/],
      [x, { shape: [2], data: Int8Array.of(-1, 1) }, {}, /labels must be in \[0, classes\), got -1 at index 0/],
      [x, { shape: [2], data: BigInt64Array.of(0n, 2n ** 60n) }, {}, /labels must be in/],
      [x, labels(0, 5), { classes: 3 }, /labels must be in \[0, 3\), got 5 at index 1/],
      [x, { shape: [2, 2], data: new Uint8Array(4) }, {}, /labels must have shape/],
      [x, good, { classes: 1 }, /classes must be an integer >= 2, got classes=1/],
      [[[1, 2]] as never, good, {}, /inputs must be \{ shape, data \}/],
      [x, null as never, {}, /labels must be/],
    ];
    for (const [a, b, options, message] of cases) {
      expect(() => examplesFromArrays(a, b, options)).toThrow(message);
      expect(() => examplesFromArrays(a, b, options)).toThrow(/^examplesFromArrays: /);
      expect(() => examplesFromArrays(a, b, options)).toThrow(expect.objectContaining({ badArgument: true }));
    }
  });
});

describe('weights', () => {
  const file = writeNpz({
    'fc.weight': { shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) },
    batches: { shape: [], data: BigInt64Array.of(7n) },
  });

  it('npz: floats by name; integers are refused unless omitted', () => {
    expect(() => weightsFromNpz(file)).toThrow(
      /^weightsFromNpz: "batches" is int64, not floating point; say integers: 'omit'/,
    );
    const weights = weightsFromNpz(file, { integers: 'omit' });
    expect([...weights]).toEqual([['fc.weight', { shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) }]]);
    expect(() => weightsFromNpz(writeNpz({ w: { shape: [2], data: Float32Array.of(1, NaN) } }))).toThrow(
      /^weightsFromNpz: "w" must be finite, got "w"\[1\]=NaN/,
    );
  });

  it('safetensors: bfloat16 and float16 widen exactly', () => {
    const header =
      '{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[2],"data_offsets":[4,8]}}';
    const bytes = new Uint8Array(8 + header.length + 8);
    bytes[0] = header.length;
    bytes.set(new TextEncoder().encode(header), 8);
    bytes.set([0x80, 0x3f, 0x49, 0xc0, 0x00, 0x3c, 0x01, 0x80], 8 + header.length); // 1, −3.140625; 1, −2⁻²⁴
    const weights = weightsFromSafetensors(bytes);
    expect(weights.get('a')?.data).toEqual(Float32Array.of(1, -3.140625));
    expect(weights.get('b')?.data).toEqual(Float32Array.of(1, -(2 ** -24)));
  });
});
