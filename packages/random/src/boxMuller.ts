const QUARTER_PI = 0.7853981633974483;
const TWO_MINUS_52 = 2 ** -52;
const SQRT2 = 1.4142135623730951;
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/**
 * ln(m 2⁻⁵³) for an integer m in [1, 2⁵³], error below 1 ulp.
 *
 * m = 2^k x with x in (√½, √2]; with f = x − 1 and s = f/(2 + f), ln x = 2 atanh s. The leading-zero count of an integer
 * replaces the bit tricks that a general logarithm needs: 10 ns instead of 58 ns for `log` of @hyperribbon/kernels. Polynomial: [fdlibm].
 */
export function logUnit(m: number): number {
  const top = (m * 2.384185791015625e-7) >>> 0; // m 2⁻²²
  const k = top === 0 ? 31 - Math.clz32(m) : 53 - Math.clz32(top);
  const x = m / (k < 30 ? 1 << k : 0x4000_0000 * (1 << (k - 30)));
  const above = Number(x > SQRT2);
  const f = x * (1 - 0.5 * above) - 1;
  const s = f / (2 + f);
  const z = s * s;
  let p = 0.14798198605116586;
  p = p * z + 0.15313837699209373;
  p = p * z + 0.1818357216161805;
  p = p * z + 0.22222198432149784;
  p = p * z + 0.2857142874366239;
  p = p * z + 0.3999999999940942;
  p = p * z + 0.6666666666666735;
  const half = 0.5 * f * f;
  const e = k + above - 53;
  return e * LN2_HIGH - (half - (s * (half + p * z) + e * LN2_LOW) - f);
}

/** sin x for x in [0, π/4], error below 1 ulp: odd minimax polynomial of [fdlibm]. */
export function sinOctant(x: number): number {
  const z = x * x;
  let p = 1.58969099521155e-10;
  p = p * z - 2.5050760253406863e-8;
  p = p * z + 2.7557313707070068e-6;
  p = p * z - 1.984126982985795e-4;
  p = p * z + 8.33333333332249e-3;
  p = p * z - 0.16666666666666632;
  return x + x * z * p;
}

/** cos x for x in [0, π/4], error below 1 ulp: the rounding error of 1 − x²/2 is carried along [fdlibm]. */
export function cosOctant(x: number): number {
  const z = x * x;
  let p = -1.1359647557788195e-11;
  p = p * z + 2.087572321298175e-9;
  p = p * z - 2.7557314351390663e-7;
  p = p * z + 2.480158728947673e-5;
  p = p * z - 1.388888888887411e-3;
  p = p * z + 4.1666666666666602e-2;
  const half = 0.5 * z;
  const w = 1 - half;
  return w + (1 - w - half + z * z * p);
}

/**
 * `pairs` pairs of independent standard normals from 4 words each: radius √(−2 ln u) with u in (0, 1] of 53 bits, so that
 * |z| reaches 8.57, and a direction made of three bits (octant) and a 52-bit angle in (0, π/4): sine and cosine need no
 * argument reduction, and no direction lies exactly on an axis.
 *
 * Only + − × ÷ √ of float64: the same bits in every runtime. Hot. Source: [box1958].
 */
export function boxMuller(
  words: Int32Array,
  from: number,
  pairs: number,
  out: Float32Array | Float64Array,
  at: number,
): void {
  for (let p = 0, w = from, o = at; p < pairs; p++, w += 4, o += 2) {
    const m = (words[w] >>> 5) * 0x400_0000 + (words[w + 1] >>> 6) + 1;
    const octant = words[w + 2] >>> 29;
    const t = ((words[w + 2] & 0x1fff_ffff) * 0x80_0000 + (words[w + 3] >>> 9) + 0.5) * TWO_MINUS_52;
    const radius = Math.sqrt(-2 * logUnit(m));
    const angle = QUARTER_PI * t;
    // no branches on random bits: mispredicted they cost 20 ns a pair
    out[o + (octant & 1)] = (1 - (octant & 2)) * radius * cosOctant(angle);
    out[o + 1 - (octant & 1)] = (1 - ((octant & 4) >> 1)) * radius * sinOctant(angle);
  }
}
