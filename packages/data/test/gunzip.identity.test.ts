// Oracle: what node:zlib compresses comes out as it went in; whatever else is no gzip file.
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FormatError, gunzip, parseCifar, parseIdx } from '@hyperribbon/data';

const text = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => ((i * i) >> 3) % 251);
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
/** The same with other bytes in some places. */
function changed(bytes: Uint8Array, ...places: readonly (readonly [at: number, value: number])[]): Uint8Array {
  const copy = Uint8Array.from(bytes); // slice of a Buffer is no copy
  for (const [at, value] of places) copy[at < 0 ? copy.length + at : at] = value;
  return copy;
}

describe('gunzip', () => {
  it.each([0, 1, 100, 65_535, 65_536, 200_000])('gives back %d bytes, at every level', (length) => {
    for (const level of [0, 1, 9]) expect(same(gunzip(gzipSync(text(length), { level })), text(length))).toBe(true);
  });

  it('reads names, comments, further fields and their checksum in the header', () => {
    const plain = gzipSync(text(50));
    const name = [...new TextEncoder().encode('t10k-labels.idx'), 0];
    const headed = (flags: number, ...extra: readonly number[]): Uint8Array =>
      joined(
        plain.subarray(0, 3),
        Uint8Array.of(flags),
        plain.subarray(4, 10),
        Uint8Array.from(extra),
        plain.subarray(10),
      );
    expect(gunzip(headed(8, ...name))).toEqual(text(50));
    expect(gunzip(headed(16, ...name))).toEqual(text(50));
    expect(gunzip(headed(4, 3, 0, 1, 2, 3))).toEqual(text(50));
    expect(gunzip(headed(2, 7, 7))).toEqual(text(50));
    expect(gunzip(headed(31, 3, 0, 1, 2, 3, ...name, ...name, 7, 7))).toEqual(text(50));
  });

  it('reads members one after the other as one file, wherever pieces end', () => {
    const parts = [text(7), text(0), text(70_000), text(65_536), text(1)];
    const members = parts.map((part) => gzipSync(part, { level: 0 }));
    expect(same(gunzip(joined(...members)), joined(...parts))).toBe(true);
  });

  it('keeps to the limit, whatever the trailer says', () => {
    const bomb = gzipSync(new Uint8Array(3_000_000));
    expect(gunzip(bomb, { memoryLimit: 3_000_000 }).length).toBe(3_000_000);
    for (const file of [bomb, changed(bomb, [-4, 1], [-3, 0], [-2, 0], [-1, 0])])
      expect(() => gunzip(file, { memoryLimit: 2_999_999 })).toThrow(
        /^gzip: the file holds more than 2999999 bytes \(memoryLimit\)/,
      );
    expect(() => gunzip(bomb, { memoryLimit: NaN })).toThrow(/memoryLimit must be a number >= 0/);
  });

  const whole = gzipSync(text(1000));
  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /does not begin with the gzip signature/],
    ['text', new TextEncoder().encode('a,b,c\n1,2,3\n'), /does not begin with the gzip signature/],
    ['a signature alone', Uint8Array.of(0x1f, 0x8b), /has 2 bytes; it is cut short/],
    ['another method', changed(whole, [2, 7]), /compressed in an unknown way/],
    ['a flag that there is not', changed(whole, [3, 0x20]), /compressed in an unknown way/],
    ['a flipped checksum', changed(whole, [-8, whole[whole.length - 8] ^ 1]), /does not match its checksum/],
    ['another length', changed(whole, [-4, whole[whole.length - 4] ^ 1]), /does not match its checksum/],
    ['a byte behind', joined(whole, Uint8Array.of(0)), /followed by other bytes/],
    ['text behind', joined(whole, new TextEncoder().encode('# the end')), /other bytes follow/],
    ['half a member behind', joined(whole, whole.subarray(0, 40)), /cut short/],
    ['the trailer twice', joined(whole, whole.subarray(-8)), /other bytes follow/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => gunzip(bytes)).toThrow(message);
    expect(() => gunzip(bytes)).toThrow(expect.objectContaining({ name: 'FormatError', format: 'gzip' }));
  });

  it('refuses a file that is cut anywhere; with any bit changed it gives what went in, or nothing', () => {
    const small = gzipSync(text(90));
    const content = (file: Uint8Array): Uint8Array | string => {
      try {
        return gunzip(file);
      } catch (error) {
        return error instanceof FormatError ? 'refused' : String(error);
      }
    };
    for (let length = 0; length < small.length; length++) expect(content(small.subarray(0, length))).toBe('refused');
    let unsaid = 0;
    for (let bit = 0; bit < 8 * small.length; bit++) {
      const found = content(changed(small, [bit >> 3, small[bit >> 3] ^ (1 << (bit & 7))]));
      if (found === 'refused') continue;
      expect(found, `bit ${bit}`).toEqual(text(90));
      unsaid++;
    }
    // that it is text, its time, extra flags, its system, the second count of a stored block, and bits that fill up a byte
    expect(unsaid).toBeGreaterThanOrEqual(1 + 48);
    expect(unsaid).toBeLessThan(1 + 48 + 16 + 8);
  });

  it('is part of reading idx files and those of CIFAR', () => {
    const idx = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 9, 11);
    expect(parseIdx(gzipSync(idx))).toEqual(parseIdx(idx));
    expect(() => parseIdx(gzipSync(idx), { memoryLimit: 10 })).toThrow(/gzip: .*memoryLimit/);
    const batch = Uint8Array.from({ length: 2 * 3073 }, (_, i) => (i % 3073 === 0 ? 3 : i % 256));
    expect(parseCifar(gzipSync(batch))).toEqual(parseCifar(batch));
  });
});
