import type { FloatArray } from './floatArray.js';

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes. [fips180] */
const K: Int32Array = /* @__PURE__ */ fractions(64, 3n);
/** The same of the square roots of the first 8 primes. */
const H: Int32Array = /* @__PURE__ */ fractions(8, 2n);

/** SHA-256 of bytes, as 64 hexadecimal digits. About 100 MB/s. [fips180] */
export function sha256(bytes: Uint8Array): string {
  const state = H.slice();
  const words = new Int32Array(64);
  const whole = bytes.length - (bytes.length % 64);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < whole; at += 64) compress(state, words, view, at);
  const tail = new Uint8Array(bytes.length - whole < 56 ? 64 : 128);
  tail.set(bytes.subarray(whole));
  tail[bytes.length - whole] = 0x80;
  const end = new DataView(tail.buffer);
  end.setUint32(tail.length - 8, Math.floor(bytes.length / 0x20000000));
  end.setUint32(tail.length - 4, (bytes.length << 3) >>> 0);
  for (let at = 0; at < tail.length; at += 64) compress(state, words, end, at);
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/** `sha256:` and the digest of a text in UTF-8. */
export function textDigest(text: string): string {
  return `sha256:${sha256(new TextEncoder().encode(text))}`;
}

/**
 * Names an array of weights by its bits: dtype, then the numbers as they lie in memory (little-endian everywhere we run).
 * @param weights any length; float32 and float64 of equal values have different digests
 * @returns `sha256:` and 64 hexadecimal digits
 */
export function weightsDigest(weights: FloatArray): string {
  const body = new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength);
  const bytes = new Uint8Array(body.length + 1);
  bytes[0] = weights.BYTES_PER_ELEMENT;
  bytes.set(body, 1);
  return `sha256:${sha256(bytes)}`;
}

function compress(state: Int32Array, w: Int32Array, view: DataView, at: number): void {
  for (let t = 0; t < 16; t++) w[t] = view.getInt32(at + 4 * t);
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15];
    const y = w[t - 2];
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
    w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
  }
  let a = state[0] | 0;
  let b = state[1] | 0;
  let c = state[2] | 0;
  let d = state[3] | 0;
  let e = state[4] | 0;
  let f = state[5] | 0;
  let g = state[6] | 0;
  let h = state[7] | 0;
  for (let t = 0; t < 64; t++) {
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + K[t] + w[t]) | 0; // hot
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const t2 = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

function rotate(x: number, by: number): number {
  return (x >>> by) | (x << (32 - by));
}

/** Low 32 bits of floor(p^(1/power) · 2^32), the root built bit by bit in whole numbers. */
function fractions(count: number, power: bigint): Int32Array {
  const out = new Int32Array(count);
  for (let p = 2, i = 0; i < count; p++) {
    if (!isPrime(p)) continue;
    const scaled = BigInt(p) << (32n * power);
    let root = 0n;
    for (let bit = 1n << 37n; bit > 0n; bit >>= 1n) if ((root + bit) ** power <= scaled) root += bit;
    out[i++] = Number(root & 0xffffffffn);
  }
  return out;
}

function isPrime(p: number): boolean {
  for (let d = 2; d * d <= p; d++) if (p % d === 0) return false;
  return true;
}
