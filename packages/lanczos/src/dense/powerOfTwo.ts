/** Scaling by exact powers of two, so that sums of squares neither overflow nor vanish for norms from 2^-1074 to 2^1023. */

/** e with 2^e ≤ |x| < 2^(e+1) for finite x ≠ 0; 0 for zero, NaN and infinities. */
export function exponentOf(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return 0;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, x);
  const biased = (bits.getUint32(0) >>> 20) & 0x7ff;
  return biased === 0 ? exponentOf(x * 18446744073709551616) - 64 : biased - 1023;
}

/** 2^e for −1022 ≤ e ≤ 1023, assembled from its bits. */
export function powerOfTwo(e: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setUint32(0, (e + 1023) << 20);
  return bits.getFloat64(0);
}

/** x 2^e for |e| ≤ 2044, in two steps: 2^e itself may overflow where the result does not. */
export function timesPower(x: number, e: number): number {
  const half = Math.trunc(e / 2);
  return x * powerOfTwo(half) * powerOfTwo(e - half);
}

/** x ← x 2^e in place; rounds only where the result is subnormal. */
export function scaleByPower(x: Float64Array, e: number): Float64Array {
  for (let rest = e; rest !== 0; ) {
    const step = Math.max(-1000, Math.min(1000, rest));
    const factor = powerOfTwo(step);
    for (let i = 0; i < x.length; i++) x[i] *= factor;
    rest -= step;
  }
  return x;
}

/** max |xᵢ|, NaN if any entry is NaN. */
export function maxAbs(x: ArrayLike<number>): number {
  let m = 0;
  for (let i = 0; i < x.length; i++) {
    const a = Math.abs(x[i]);
    if (!(a <= m)) m = a;
    if (Number.isNaN(m)) return NaN;
  }
  return m;
}
