import { philoxBlocks } from './philox.js';

const TWO32 = 0x1_0000_0000;
/** words kept at most: 256 blocks stay in L1 */
const CAPACITY = 1024;

/**
 * The infinite word sequence of one (key, index): word w is word w mod 4 of the Philox block with counter
 * (⌊w/4⌋ mod 2³², ⌊w/2³⁴⌋, index mod 2³², ⌊index/2³²⌋). Words are made ahead in chunks that double from 4 blocks to 256,
 * so that one draw is cheap and many are fast; chunking cannot be seen from outside.
 */
export class WordSource {
  /** words [cursor, filled) of the buffer are next; the user of `reserve` reads them and moves `cursor` */
  buffer: Int32Array = new Int32Array(16);
  cursor = 0;
  private filled = 0;
  private nextBlock = 0;
  private ahead = 4;
  private readonly key0: number;
  private readonly key1: number;
  private readonly index: number;

  constructor(key0: number, key1: number, index: number) {
    this.key0 = key0;
    this.key1 = key1;
    this.index = index;
  }

  /** Words consumed so far. */
  get position(): number {
    return this.nextBlock * 4 - (this.filled - this.cursor);
  }

  /** Makes `position` the next word. */
  seek(position: number): void {
    this.nextBlock = Math.floor(position / 4);
    this.cursor = 0;
    this.filled = 0;
    this.ahead = 4;
    if (position % 4 !== 0) {
      this.reserve(4);
      this.cursor = position % 4;
    }
  }

  /** Makes buffer[cursor .. cursor + count) valid, count ≤ 1024. */
  reserve(count: number): void {
    const left = this.filled - this.cursor;
    if (left >= count) return;
    const blocks = Math.min(Math.max(Math.ceil((count - left) / 4), this.ahead), (CAPACITY - (left & ~3)) / 4);
    const needed = left + 4 * blocks;
    let buffer = this.buffer;
    if (needed > buffer.length) {
      buffer = new Int32Array(needed > 128 ? CAPACITY + 4 : 132);
      buffer.set(this.buffer.subarray(this.cursor, this.filled));
    } else {
      buffer.copyWithin(0, this.cursor, this.filled);
    }
    const fresh = left === 0 ? buffer : buffer.subarray(left);
    const high = Math.floor(this.nextBlock / TWO32);
    philoxBlocks(
      this.key0,
      this.key1,
      this.nextBlock | 0,
      high,
      this.index | 0,
      Math.floor(this.index / TWO32),
      fresh,
      blocks,
    );
    this.buffer = buffer;
    this.cursor = 0;
    this.filled = needed;
    this.nextBlock += blocks;
    this.ahead = Math.min(2 * this.ahead, CAPACITY / 4);
  }

  /** The next word as an unsigned 32-bit integer. */
  next(): number {
    if (this.cursor === this.filled) this.reserve(1);
    return this.buffer[this.cursor++] >>> 0;
  }
}
