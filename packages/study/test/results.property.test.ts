import { describe, expect, it } from 'vitest';
import { ConflictError, decodeResult, encodeResult, memoryStore, ResultFormatError } from '../src/index.js';

const id = 'sha256:00';
const result = {
  b: [1, -0, NaN, -Infinity, 1e-320],
  a: { x: Float64Array.of(1, NaN, -0), y: Float32Array.of(1.5), z: Uint8Array.of(1, 2, 3), none: new Int32Array(0) },
  text: 'Ω "quoted"',
  flag: true,
  nothing: null,
  left: undefined,
};

describe('bytes of results', () => {
  it('come back as they were, and are the same for equal results', () => {
    const bytes = encodeResult(id, result);
    const { left: _, ...whole } = result;
    expect(decodeResult(id, bytes)).toEqual(whole);
    const { a, b, ...rest } = result;
    expect(encodeResult(id, { ...rest, a: { z: a.z, y: a.y, x: a.x.slice(), none: a.none }, b })).toEqual(bytes);
    // a view of a longer array is its own numbers
    const view = Float64Array.of(9, 1, NaN, -0).subarray(1);
    expect(encodeResult(id, { ...result, a: { ...a, x: view } })).toEqual(bytes);
    for (const plain of [0, null, 'x', [], {}, [new Uint16Array(3)]])
      expect(decodeResult(id, encodeResult(id, plain))).toEqual(plain);
  });
  it('cut anywhere, or changed in any bit, are no result', () => {
    const bytes = encodeResult(id, result);
    for (let length = 0; length < bytes.length; length += 7)
      expect(() => decodeResult(id, bytes.subarray(0, length))).toThrow(ResultFormatError);
    for (let i = 0; i < bytes.length; i += 5) {
      const changed = bytes.slice();
      changed[i] ^= 1 << i % 8;
      expect(() => decodeResult(id, changed)).toThrow(ResultFormatError);
    }
    expect(() => decodeResult('sha256:01', bytes)).toThrow(/the result of sha256:00, not of sha256:01/);
    expect(() => encodeResult(id, { f: () => 1 })).toThrow(/plain data/);
    expect(() => encodeResult(id, new Map())).toThrow(/plain data/);
    expect(() => encodeResult(id, new BigInt64Array(1))).toThrow(/BigInt64Array/);
  });
  it('a store keeps the first one and refuses another', async () => {
    const store = memoryStore();
    await store.write(id, encodeResult(id, 1));
    await store.write(id, encodeResult(id, 1));
    await expect(store.write(id, encodeResult(id, 2))).rejects.toThrow(ConflictError);
    await expect(store.write('sha256:01', encodeResult(id, 1))).rejects.toThrow(ResultFormatError);
    expect([await store.list(), decodeResult(id, (await store.read(id))!)]).toEqual([[id], 1]);
  });
});
