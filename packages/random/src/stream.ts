import { refuseType, requireFloatArray, requireInteger } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { fillPairs } from './normals.js';
import { openSource, type StreamOptions } from './openSource.js';
import type { WordSource } from './wordSource.js';

const TWO32 = 0x1_0000_0000;
const TWO_MINUS_53 = 2 ** -53;
const TWO_MINUS_24 = 2 ** -24;

/** A position in a stream: plain JSON, all integers. */
export interface RandomState {
  readonly seed: number;
  readonly purpose: string;
  readonly index: number;
  /** 32-bit words consumed */
  readonly words: number;
  /** bits of the last word that `rademacher` has used, 0..31; 0 when none is pending */
  readonly bits: number;
  /** the last pair of normals gave only its first number */
  readonly half: boolean;
}

/**
 * Random numbers of one stream. Every method that fills returns `out`; filling 10 numbers and then 10 gives what filling
 * 20 gives (`sphere` aside, which normalises what it fills).
 */
export interface RandomStream {
  /** The next 32 random bits as an integer in [0, 2³² − 1]. */
  nextUint32(): number;
  /**
   * Uniform on [0, 1): multiples of 2⁻⁵³ in a Float64Array (2 words each), of 2⁻²⁴ in a Float32Array (1 word each).
   * 0 is possible, 1 is not.
   */
  uniform<A extends FloatArray>(out: A): A;
  /** Standard normal, 2 words each; a Float32Array receives the float64 numbers rounded. */
  normal<A extends FloatArray>(out: A): A;
  /** +1 or −1 with probability 1/2, one bit each. */
  rademacher<A extends FloatArray>(out: A): A;
  /** A uniformly distributed unit vector (n,): normals, divided by their length [muller1959]. */
  sphere<A extends FloatArray>(out: A): A;
  /** Unbiased integer in [0, below − 1], below in [1, 2⁵³ − 1]. */
  integer(below: number): number;
  /** A uniformly random order of 0..n−1 [durstenfeld1964]. */
  permutation(n: number): Int32Array;
  /** Leaves out `words` words of 32 bits in constant time. */
  skip(words: number): void;
  /** The position, as plain JSON: {@link restoreStream} goes on from there. */
  state(): RandomState;
}

class PhiloxStream implements RandomStream {
  private readonly seed: number;
  private readonly purpose: string;
  private readonly index: number;
  private readonly source: WordSource;
  /** unused bits of the word that rademacher drew last, low bit first */
  private bitWord = 0;
  private bitsLeft = 0;
  private spare = 0;
  private half = false;

  constructor(seed: number, purpose: string, index: number, source: WordSource) {
    this.seed = seed;
    this.purpose = purpose;
    this.index = index;
    this.source = source;
  }

  nextUint32(): number {
    this.dropPending();
    return this.source.next();
  }

  uniform<A extends FloatArray>(out: A): A {
    requireFloatArray('uniform', 'out', out);
    this.dropPending();
    const source = this.source;
    const wordsEach = out.BYTES_PER_ELEMENT / 4;
    for (let i = 0; i < out.length; ) {
      const chunk = Math.min(out.length - i, 512);
      source.reserve(wordsEach * chunk);
      const words = source.buffer;
      let w = source.cursor;
      if (wordsEach === 2) {
        for (const end = i + chunk; i < end; i++, w += 2) {
          out[i] = ((words[w] >>> 5) * 0x400_0000 + (words[w + 1] >>> 6)) * TWO_MINUS_53;
        }
      } else {
        for (const end = i + chunk; i < end; i++, w++) out[i] = (words[w] >>> 8) * TWO_MINUS_24;
      }
      source.cursor = w;
    }
    return out;
  }

  normal<A extends FloatArray>(out: A): A {
    requireFloatArray('normal', 'out', out);
    this.bitsLeft = 0;
    if (out.length === 0) return out;
    let i = 0;
    if (this.half) {
      out[i++] = this.spare;
      this.half = false;
    }
    i = fillPairs(this.source, out, i);
    if (i < out.length) out[i] = this.splitPair();
    return out;
  }

  rademacher<A extends FloatArray>(out: A): A {
    requireFloatArray('rademacher', 'out', out);
    this.half = false;
    let word = this.bitWord;
    let left = this.bitsLeft;
    for (let i = 0; i < out.length; i++) {
      if (left === 0) {
        word = this.source.next();
        left = 32;
      }
      out[i] = 1 - 2 * (word & 1);
      word >>>= 1;
      left--;
    }
    this.bitWord = word;
    this.bitsLeft = left;
    return out;
  }

  sphere<A extends FloatArray>(out: A): A {
    requireFloatArray('sphere', 'out', out);
    let squares = 0;
    while (squares === 0 && out.length > 0) {
      this.normal(out);
      for (let i = 0; i < out.length; i++) squares += out[i] * out[i];
    }
    const norm = Math.sqrt(squares);
    for (let i = 0; i < out.length; i++) out[i] /= norm;
    return out;
  }

  integer(below: number): number {
    requireInteger('integer', 'below', below, 1);
    this.dropPending();
    return this.draw(below);
  }

  permutation(n: number): Int32Array {
    requireInteger('permutation', 'n', n, 0, 0x7fff_ffff);
    this.dropPending();
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    for (let i = n - 1; i > 0; i--) {
      const j = this.draw(i + 1);
      const kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }

  skip(words: number): void {
    requireInteger('skip', 'words', words, 0, Number.MAX_SAFE_INTEGER - this.source.position);
    this.dropPending();
    this.source.seek(this.source.position + words);
  }

  state(): RandomState {
    const { seed, purpose, index, bitsLeft, half } = this;
    return { seed, purpose, index, words: this.source.position, bits: (32 - bitsLeft) & 31, half };
  }

  /** Bits and half pairs left over from one kind of number are never used for another. */
  private dropPending(): void {
    this.bitsLeft = 0;
    this.half = false;
  }

  /** Draws a pair of normals, returns the first and keeps the second. */
  private splitPair(): number {
    const pair = new Float64Array(2);
    fillPairs(this.source, pair, 0);
    this.spare = pair[1];
    this.half = true;
    return pair[0];
  }

  /** Rejection: draws below the largest multiple of `below` are taken modulo it, the others thrown away. */
  private draw(below: number): number {
    if (below <= TWO32) {
      const limit = TWO32 - (TWO32 % below);
      for (;;) {
        const word = this.source.next();
        if (word < limit) return word % below;
      }
    }
    const limit = 2 ** 53 - (2 ** 53 % below);
    for (;;) {
      const high = this.source.next() >>> 11;
      const value = high * TWO32 + this.source.next();
      if (value < limit) return value % below;
    }
  }
}

/**
 * Opens the random stream named (seed, purpose, index) at its beginning.
 *
 * The key is Philox(counter = FNV-1a(purpose), key = seed), 64 bits; index and block number fill the 128-bit counter.
 * Streams of one purpose and seed can never overlap; two different (seed, purpose) share a key with probability 2⁻⁶⁴.
 *
 * @param options seed (integer, 53 bits), purpose (string), index (integer, default 0)
 * @throws ArgumentError, ArgumentTypeError when seed or index is not an integer in [0, 2⁵³ − 1] or purpose is not a string
 * Cost: two Philox blocks; about 5 kB once many numbers were drawn.
 * @example
 * const z = stream({ seed: 7, purpose: 'probe', index: 3 }).normal(new Float64Array(1000));
 * Source: [salmon2011].
 */
export function stream(options: StreamOptions): RandomStream {
  const source = openSource('stream', options);
  const { seed, purpose, index = 0 } = options;
  return new PhiloxStream(seed, purpose, index, source);
}

/**
 * The stream that a state belongs to, at that state's position.
 *
 * @throws ArgumentError, ArgumentTypeError when the state is malformed
 * Cost: that of opening a stream, wherever the position is.
 * @example
 * const z = stream({ seed: 7, purpose: 'probe' });
 * const saved = z.state();
 * restoreStream(saved).nextUint32() === z.nextUint32(); // true
 */
export function restoreStream(state: RandomState): RandomStream {
  if (typeof state !== 'object' || state === null) refuseType('restoreStream', 'state', 'an object', state);
  const { words, bits, half } = state;
  requireInteger('restoreStream', 'words', words, half ? 4 : bits ? 1 : 0);
  requireInteger('restoreStream', 'bits', bits, 0, half ? 0 : 31);
  if (typeof half !== 'boolean') refuseType('restoreStream', 'half', 'a boolean', half);
  const restored = stream(state);
  // to before the pair, or the word, that is partly used, and through that part again
  restored.skip(words - (half ? 4 : bits > 0 ? 1 : 0));
  if (half) restored.normal(new Float64Array(1));
  if (bits > 0) restored.rademacher(new Float64Array(bits));
  return restored;
}
