import { cos, log, sin } from '@hyperribbon/kernels';

const QUARTER_PI = Math.PI / 4;
const TWO_MINUS_53 = 2 ** -53;
const TWO_MINUS_52 = 2 ** -52;

/**
 * `pairs` pairs of independent standard normals from 4 words each: radius √(−2 ln u) with u in (0, 1] of 53 bits, so that
 * |z| reaches 8.57, and a direction made of three bits (octant) and a 52-bit angle in (0, π/4): sine and cosine need no
 * argument reduction, and no direction lies exactly on an axis.
 *
 * Same numbers in float32 as in float64, rounded. Hot. Source: [box1958].
 */
export function boxMuller(
  words: Int32Array,
  from: number,
  pairs: number,
  out: Float32Array | Float64Array,
  at: number,
): void {
  for (let p = 0, w = from, o = at; p < pairs; p++, w += 4, o += 2) {
    const u = ((words[w] >>> 5) * 0x400_0000 + (words[w + 1] >>> 6) + 1) * TWO_MINUS_53;
    const octant = words[w + 2] >>> 29;
    const t = ((words[w + 2] & 0x1fff_ffff) * 0x80_0000 + (words[w + 3] >>> 9) + 0.5) * TWO_MINUS_52;
    const radius = Math.sqrt(-2 * log(u));
    const angle = QUARTER_PI * t;
    const near = radius * cos(angle);
    const far = radius * sin(angle);
    const x = (octant & 1) === 0 ? near : far;
    const y = (octant & 1) === 0 ? far : near;
    out[o] = (octant & 2) === 0 ? x : -x;
    out[o + 1] = (octant & 4) === 0 ? y : -y;
  }
}
