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

/** x rounded to its upper 26 bits [dekker1971], so products of two such numbers are exact; |x| < 2^996 */
export function upperPart(x: number): number {
  const c = 134217729 * x;
  return c - (c - x);
}

const LEAST = -1074;
const powers: Float64Array = /* @__PURE__ */ allPowers();

function allPowers(): Float64Array {
  const table = new Float64Array(1024 - LEAST);
  let power = 5e-324;
  for (let i = 0; i < table.length; i++) {
    table[i] = power;
    power *= 2;
  }
  return table;
}

/**
 * 2^k for k in [-1074, 1023], from a table: a number put together from halves makes the load wait for both stores (exp took
 * 35 ns that way and takes 17).
 */
export function powerOfTwo(k: number): number {
  return powers[k - LEAST]!;
}

/** |magnitude| with the sign bit of sign */
export function copySign(magnitude: number, sign: number): number {
  number[0] = sign;
  const negative = halves[HIGH]! >>> 31 === 1;
  const a = Math.abs(magnitude);
  return negative ? -a : a;
}
