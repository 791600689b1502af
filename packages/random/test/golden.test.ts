import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { philox4x32, stream } from '@hyperribbon/random';
import { fnv1a64 } from '../src/fnv1a64.js';

const golden = <Row>(name: string): Row[] =>
  JSON.parse(readFileSync(new URL(`./golden/${name}`, import.meta.url), 'utf8')) as Row[];
interface KnownAnswer {
  counter: string[];
  key: string[];
  result: string[];
}
interface KnownStream {
  seed: number;
  purpose: string;
  index: number;
  words: number[];
  uniform64: number[];
  uniform32: number[];
  normal64: number[];
  rademacher: number[];
  sphere: number[];
  integers: number[];
  permutation: number[];
}
const words = (hex: string[]): Uint32Array => Uint32Array.from(hex, (word) => parseInt(word, 16));

describe('published test vectors', () => {
  it('philox4x32 gives the known answers of Random123', () => {
    for (const { counter, key, result } of golden<KnownAnswer>('philox4x32-10.json')) {
      expect([...philox4x32(words(counter), words(key), new Uint32Array(4))]).toEqual([...words(result)]);
    }
  });

  it('philox4x32 may write over its counter', () => {
    const { counter, key, result } = golden<KnownAnswer>('philox4x32-10.json')[2];
    const block = words(counter);
    expect(philox4x32(block, words(key), block)).toBe(block);
    expect([...block]).toEqual([...words(result)]);
  });

  it('one flipped bit of counter or key is a different block', () => {
    const { counter, key, result } = golden<KnownAnswer>('philox4x32-10.json')[0];
    for (let bit = 0; bit < 192; bit++) {
      const c = words(counter);
      const k = words(key);
      (bit < 128 ? c : k)[bit % 128 >> 5] ^= 1 << (bit & 31);
      expect([...philox4x32(c, k, new Uint32Array(4))]).not.toEqual([...words(result)]);
    }
  });

  it('fnv1a64 gives its published values', () => {
    for (const { text, high, low } of golden<{ text: string; high: string; low: string }>('fnv1a64.json')) {
      expect(fnv1a64(text)).toEqual({ high: parseInt(high, 16), low: parseInt(low, 16) });
    }
  });

  it('fnv1a64 reads the bytes that TextEncoder gives, and does without it', () => {
    // the definition, in exact integers
    const oracle = (bytes: Uint8Array): bigint =>
      bytes.reduce((hash, byte) => ((hash ^ BigInt(byte)) * 0x100000001b3n) % 2n ** 64n, 0xcbf29ce484222325n);
    const texts = ['%', 'é%25', 'Größe', '日本', '😀', '\ud800', 'a\udc00b', '\ud83dx\ude00', '\0', "!'()*~ -_.#"];
    const expected = texts.map((text) => oracle(new TextEncoder().encode(text)));
    vi.stubGlobal('TextEncoder', undefined);
    const found = texts.map(fnv1a64).map(({ high, low }) => (BigInt(high) << 32n) | BigInt(low));
    vi.unstubAllGlobals();
    expect(found).toEqual(expected);
  });
});

describe('streams never change', () => {
  for (const row of golden<KnownStream>('stream.json')) {
    const open = (): ReturnType<typeof stream> => stream({ seed: row.seed, purpose: row.purpose, index: row.index });
    it(`seed ${row.seed}, purpose "${row.purpose}", index ${row.index}`, () => {
      const s = open();
      expect(Array.from(row.words, () => s.nextUint32())).toEqual(row.words);
      expect([...open().uniform(new Float64Array(3))]).toEqual(row.uniform64);
      expect([...open().uniform(new Float32Array(3))]).toEqual(row.uniform32);
      expect([...open().normal(new Float64Array(5))]).toEqual(row.normal64);
      expect([...open().rademacher(new Float32Array(40))]).toEqual(row.rademacher);
      expect([...open().sphere(new Float64Array(3))]).toEqual(row.sphere);
      const integers = open();
      expect([10, 2 ** 32, 2 ** 40 + 1].map((below) => integers.integer(below))).toEqual(row.integers);
      expect([...open().permutation(12)]).toEqual(row.permutation);
    });
  }
});
