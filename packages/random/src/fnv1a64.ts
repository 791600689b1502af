/**
 * 64-bit FNV-1a of a string's UTF-8 bytes, as two unsigned 32-bit words.
 *
 * The prime is 2⁴⁰ + 0x1b3, so with h = (high, low): low' = low·0x1b3 mod 2³² and high' = high·0x1b3 + carry + low·2⁸.
 * Source: [fowler2019].
 */
export function fnv1a64(text: string): { low: number; high: number } {
  let low = 0x84222325;
  let high = 0xcbf29ce4;
  // UTF-8 without TextEncoder, which jsdom lacks under Jest; lone halves of a pair are U+FFFD as there
  const encoded = encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
  for (let i = 0; i < encoded.length; i++) {
    let byte = encoded.charCodeAt(i);
    if (byte === 0x25) byte = Number(`0x${encoded.slice(i + 1, (i += 2) + 1)}`);
    low = (low ^ byte) >>> 0;
    const product = low * 0x1b3; // < 2⁴¹: exact
    high = (Math.imul(high, 0x1b3) + Math.floor(product / 0x1_0000_0000) + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return { low, high };
}
