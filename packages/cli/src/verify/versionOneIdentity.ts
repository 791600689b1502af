import type { Examples } from '@hyperribbon/contract';

const P1 = 0x9e3779b1;
const P2 = 0x85ebca77;
const P3 = 0xc2b2ae3d;
const P4 = 0x27d4eb2f;

/** Every bit of the result depends on every bit of x. */
function avalanche(x: number): number {
  let h = x ^ (x >>> 15);
  h = Math.imul(h, P2);
  h ^= h >>> 13;
  h = Math.imul(h, P3);
  return h ^ (h >>> 16);
}

const mix = (lane: number, word: number): number => {
  const sum = (lane + Math.imul(word, P2)) | 0;
  return Math.imul((sum << 13) | (sum >>> 19), P1);
};

/**
 * How certificates of version 1 name examples: `fnx128:` and 32 hexadecimal digits of a hash of our own, no cryptographic one, over the
 * sizes and every bit of inputs and labels. Here to verify them; later versions have SHA-256 (`examplesIdentity` of data).
 */
export function versionOneIdentity({ inputs, labels, count, features, classes }: Examples): string {
  const sizes = Uint32Array.of(inputs.BYTES_PER_ELEMENT, count, features, classes);
  return `fnx128:${contentDigest([sizes, wordsOf(inputs), wordsOf(labels)])}`;
}

function wordsOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint32Array {
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

/** Four lanes, each of which takes in every fourth word and its neighbour by multiply, rotate, multiply; lengths at the end of each part. */
function contentDigest(parts: readonly Uint32Array[]): string {
  let a = P1;
  let b = P2;
  let c = P3;
  let d = P4;
  let e = 0;
  for (const words of parts) {
    const body = words.length & ~3;
    for (let i = 0; i < body; i += 4) {
      // invertible in (a, b, c, d) for given words, so no two states ever merge
      a = mix((a + b) | 0, words[i]);
      b = mix((b + c) | 0, words[i + 1]);
      c = mix((c + d) | 0, words[i + 2]);
      d = mix((d + a) | 0, words[i + 3]);
    }
    for (let i = body; i < words.length; i++) a = mix(a, words[i] ^ P3);
    b = mix(b, words.length);
    e = (e + 1) | 0;
  }
  const lanes = [a, b, c, d];
  // three rounds: each lane reaches each other one, and the first again
  for (let round = 0; round < 12; round++) {
    const i = round & 3;
    lanes[i] = avalanche((lanes[i] + mix(lanes[(i + 1) & 3], lanes[(i + 3) & 3] ^ (e + round))) | 0);
  }
  return lanes.map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}
