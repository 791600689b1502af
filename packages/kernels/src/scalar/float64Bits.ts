/** One double seen as two 32-bit halves: the only way numbers and bits meet in this folder. */
const number = new Float64Array(1);
const halves = new Uint32Array(number.buffer);
/** index of the half with sign and exponent (1 on little-endian machines) */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** The upper 32 bits of x as a signed integer. */
export function highWord(x: number): number {
  number[0] = x;
  return halves[HIGH]! | 0;
}

/** x with its upper 32 bits replaced. */
export function withHighWord(x: number, high: number): number {
  number[0] = x;
  halves[HIGH] = high;
  return number[0]!;
}

/** x with the lower 32 bits cleared: 21 significant bits remain, so products of two such numbers are exact. */
export function upperPart(x: number): number {
  number[0] = x;
  halves[1 - HIGH] = 0;
  return number[0]!;
}

/** 2^k for k in [-1022, 1023] */
export function powerOfTwo(k: number): number {
  number[0] = 0;
  halves[HIGH] = (k + 1023) << 20;
  return number[0]!;
}

/** |magnitude| with the sign bit of sign */
export function copySign(magnitude: number, sign: number): number {
  number[0] = sign;
  const negative = halves[HIGH]! >>> 31 === 1;
  const a = Math.abs(magnitude);
  return negative ? -a : a;
}
