// Oracle: packing and unpacking is the identity on plain data, whatever is in it.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, unpack } from '../src/executors/arrays.js';

const large = fc
  .integer({ min: 0, max: 255 })
  .map((seed) => Float64Array.from({ length: 600 }, (_, i) => seed + i / 7));
const arrays = fc.oneof(
  large,
  large.map((array) => Float32Array.from(array)),
  fc.uint8Array({ maxLength: 20 }),
  fc.int32Array({ minLength: 1100, maxLength: 1200 }),
);
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.integer(),
    fc.constant(null),
    arrays,
    tie('list'),
    tie('record'),
  ),
  list: fc.array(tie('value'), { maxLength: 3 }),
  record: fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), tie('value'), { maxKeys: 3 }),
})).value;

describe('pack', () => {
  it('is undone by unpack', () => {
    fc.assert(
      fc.property(plain, (value) => {
        const { data, arrays } = pack(value, new WeakMap());
        expect(unpack(data, (digest) => arrays.get(digest) as never)).toEqual(value);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('leaves no large array in the data, and names equal ones alike', () => {
    const array = new Float64Array(600).fill(3);
    const { data, arrays } = pack({ a: array, b: [array.slice()], c: new Float32Array(1200) }, new WeakMap());
    expect(JSON.stringify(data).length).toBeLessThan(600);
    expect(arrays.size).toBe(2);
  });

  it('tells types of the same bits apart', () => {
    const zeros = [new Float64Array(600), new Int32Array(1200)];
    expect(pack(zeros, new WeakMap()).arrays.size).toBe(2);
  });

  it('keeps what is no plain data as it is', () => {
    const map = new Map([['a', 1]]);
    expect(pack({ map }, new WeakMap()).data).toEqual({ map });
  });

  it('is not undone without the arrays', () => {
    const { data } = pack(new Float64Array(600), new WeakMap());
    expect(() => unpack(data, () => undefined)).toThrow(/unpack: there is no array Float64Array:/);
  });
});
