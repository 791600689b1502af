import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as kernels from '@hyperribbon/kernels';
// plain JavaScript, so that every runtime can run it on the built package
import { canonicalWords, digest, hashWords } from './digest.mjs';

test('the bits of every scalar function and map are the committed ones', () => {
  const committed: unknown = JSON.parse(readFileSync(new URL('./golden/digest.json', import.meta.url), 'utf8'));
  const found = digest(kernels);
  expect(found).toEqual(committed);
  expect(found['maps float64 wasm']).toBe(found['maps float64 typescript']);
  expect(found['maps float32 wasm']).toBe(found['maps float32 typescript']);
});

test('the hash is 64-bit FNV-1a over words, sees one bit, and not which NaN it is', () => {
  expect(hashWords([])).toBe('cbf29ce484222325');
  let reference = 0xcbf29ce484222325n;
  for (const word of [1n, 0xffffffffn, 7n]) reference = BigInt.asUintN(64, (reference ^ word) * 0x100000001b3n);
  expect(hashWords([1, 0xffffffff, 7])).toBe(reference.toString(16).padStart(16, '0'));
  expect(hashWords(canonicalWords(Float64Array.of(1)))).not.toBe(
    hashWords(canonicalWords(Float64Array.of(1 + 2 ** -52))),
  );
  const strange = new Float64Array(new BigUint64Array([0xfff8000000000123n]).buffer);
  expect(canonicalWords(strange)).toEqual(canonicalWords(Float64Array.of(NaN)));
});
