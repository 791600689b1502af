import { readFileSync } from 'node:fs';
import { constants, deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import * as deterministic from '../src/generated/linearDeterministic.js';
import * as fast from '../src/generated/linearFast.js';
import * as maps from '../src/generated/maps.js';
import { inflate } from '../src/modules/inflate.js';
import { inflateText } from '../src/modules/kernelModules.js';
import { linearModules } from '../src/modules/linearModules.js';
import { numbers } from './pairedWorkspaces.js';

const { Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE, Z_DEFAULT_STRATEGY } = constants;

/** bytes of few (small alphabet) or many values, with far repetitions where the alphabet is small */
function bytes(length: number, alphabet: number, seed: number): Uint8Array {
  return Uint8Array.from(numbers(length, seed), (value) => Math.floor(((value + 1) / 2) * alphabet));
}

// Bytes far apart but equal: distances and lengths of every group up to 32 KiB and 258.
const block = bytes(20000, 200, 9);
const repetitions = new Uint8Array(70000).map((_, i) => block[(i * (i % 977 === 0 ? 7 : 1)) % 20000]!);
const inputs: readonly (readonly [string, Uint8Array])[] = [
  ['zeros', new Uint8Array(70000)],
  ['noise', bytes(70000, 200, 1)],
  ['bits', bytes(5000, 2, 2)],
  ['letters', bytes(30000, 11, 3)],
  ['repetitions', repetitions],
  ['a module', readFileSync(new URL('../src/generated/maps.wasm', import.meta.url))],
];

for (const [name, input] of inputs) {
  test(`inflate undoes what zlib writes with codes of its own: ${name}`, () => {
    for (const level of [1, 6, 9]) {
      for (const strategy of [Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY, Z_RLE]) {
        const stream = deflateRawSync(input, { level, strategy });
        expect(Buffer.from(inflate(stream, input.length)).equals(input)).toBe(true);
      }
    }
  });
}

test('inflate undoes zlib with a dictionary', () => {
  const dictionary = block.subarray(5000);
  const input = block.subarray(0, 15000);
  const stream = deflateRawSync(input, { dictionary });
  expect(stream.length).toBeLessThan(deflateRawSync(input).length / 2);
  expect(inflate(stream, input.length, dictionary)).toEqual(input);
});

test('damaged streams and wrong lengths throw', () => {
  const input = bytes(3000, 5, 4);
  const stream = deflateRawSync(input);
  expect(() => inflate(stream.subarray(0, -2), 3000)).toThrow('inflate: damaged stream at bit');
  expect(() => inflate(stream, 2999)).toThrow(RangeError);
  expect(() => inflate(stream, 3001)).toThrow(RangeError);
  expect(() => inflate(Uint8Array.of(0b111), 1)).toThrow('damaged');
  expect(() => inflate(new Uint8Array(0), 0)).toThrow('damaged');
  // a distance before the beginning: what the dictionary held is missing
  const tail = deflateRawSync(block.subarray(0, 9000), { dictionary: block });
  expect(() => inflate(tail, 9000)).toThrow('damaged');
  // stored bytes and the fixed code
  expect(() => inflate(deflateRawSync(input, { level: 0 }), 3000)).toThrow('damaged stream at bit 3');
  expect(() => inflate(deflateRawSync(input, { strategy: Z_FIXED }), 3000)).toThrow('damaged stream at bit 3');
});

test('the texts hold the bytes of the .wasm files', () => {
  const file = (name: string): Buffer => readFileSync(new URL(`../src/generated/${name}.wasm`, import.meta.url));
  expect(file('linearDeterministic').equals(inflateText(deterministic.deflated, deterministic.length))).toBe(true);
  expect(file('linearDeterministic').equals(linearModules.deterministic.bytes())).toBe(true);
  expect(file('linearFast').equals(linearModules.fast.bytes())).toBe(true);
  expect(file('linearFast')).toHaveLength(fast.length);
  const dictionary = linearModules.deterministic.bytes();
  expect(file('maps').equals(inflateText(maps.deflated, maps.length, dictionary))).toBe(true);
});
