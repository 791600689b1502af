/**
 * 64-bit FNV-1a of a string's UTF-8 bytes, as two unsigned 32-bit words.
 *
 * The prime is 2⁴⁰ + 0x1b3, so with h = (high, low): low' = low·0x1b3 mod 2³² and high' = high·0x1b3 + carry + low·2⁸.
 * Source: [fowler2019].
 */
export function fnv1a64(text: string): { low: number; high: number } {
  let low = 0x84222325;
  let high = 0xcbf29ce4;
  for (const byte of new TextEncoder().encode(text)) {
    low = (low ^ byte) >>> 0;
    const product = low * 0x1b3; // < 2⁴¹: exact
    high = (Math.imul(high, 0x1b3) + Math.floor(product / 0x1_0000_0000) + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return { low, high };
}
