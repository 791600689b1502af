const number = new Float64Array(1);
const bits = new BigInt64Array(number.buffer);

/** distance from |x| to the next larger double */
export function spacing(x: number): number {
  number[0] = Math.abs(x);
  const a = number[0];
  bits[0]! += 1n;
  return number[0]! - a;
}

/** |value − (high + low)| in units of the last place of high; 0 for equal bits, Infinity where exactly one is NaN or infinite */
export function ulpError(value: number, high: number, low = 0): number {
  if (Object.is(value, high) && low === 0) return 0;
  if (!Number.isFinite(value) || !Number.isFinite(high)) return Infinity;
  return Math.abs(value - high - low) / spacing(high);
}
