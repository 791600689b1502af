// Oracle: the vectors that NIST publishes for SHA-256, and the implementation of the runtime.
import { createHash } from 'node:crypto';
import { bytesOf, sha256, textDigest, weightsDigest } from '@hyperribbon/contract/digest';
import { describe, expect, it } from 'vitest';
import { portableSha256 } from '../src/sha256.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe.each([
  ['of the runtime', sha256],
  ['in plain JavaScript', portableSha256],
])('SHA-256 %s', (_which, digest) => {
  // https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values and FIPS 180-2, appendix B
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
    [
      'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
      'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1',
    ],
    ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
  ])('of the published message %#', (message, expected) => {
    expect(digest(utf8(message))).toBe(expected);
  });
  it('agrees with the other one at every length around the blocks, wherever the bytes lie', () => {
    const memory = Uint8Array.from({ length: 400 }, (_, i) => (i * 37 + (i >> 3)) & 255);
    for (let length = 0; length <= 260; length++) {
      const bytes = memory.subarray(length % 7, (length % 7) + length);
      expect(digest(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });
  it('depends on every bit', () => {
    const bytes = utf8('a message of more than one block of 64 bytes, as the middle of a file would be one');
    const seen = new Set([digest(bytes)]);
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const other = bytes.slice();
      other[bit >> 3] ^= 1 << (bit & 7);
      seen.add(digest(other));
    }
    expect(seen.size).toBe(8 * bytes.length + 1);
  });
});

describe('digests', () => {
  it('of a text are those of its UTF-8', () => {
    expect(textDigest('λ')).toBe(`sha256:${createHash('sha256').update('λ').digest('hex')}`);
  });
  it('are the same where no runtime brings a SHA-256 of its own', () => {
    const { process } = globalThis;
    // none, one without modules, one whose module is of another kind
    for (const other of [undefined, {}, { getBuiltinModule: () => undefined }, { getBuiltinModule: () => ({}) }])
      try {
        globalThis.process = other as unknown as typeof process;
        expect(sha256(utf8('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
      } finally {
        globalThis.process = process;
      }
  });
  it('of weights depend on every bit and on the dtype, not on where the array lies', () => {
    const memory = new Float32Array(8).map((_, i) => i / 8);
    const view = memory.subarray(2, 6);
    expect(weightsDigest(view)).toBe(weightsDigest(view.slice()));
    expect(weightsDigest(Float64Array.from(view))).not.toBe(weightsDigest(view));
    expect(weightsDigest(view.map((x) => -x * 0))).not.toBe(weightsDigest(view.map((x) => x * 0)));
    expect(weightsDigest(new Float32Array(0))).not.toBe(weightsDigest(new Float64Array(0)));
  });
  it('see the memory of an array, without copying it', () => {
    const view = Float64Array.of(1, 2, 3).subarray(1);
    const bytes = bytesOf(view);
    expect([bytes.length, bytes.byteOffset]).toEqual([16, 8]);
    expect(bytes.buffer).toBe(view.buffer);
  });
});
