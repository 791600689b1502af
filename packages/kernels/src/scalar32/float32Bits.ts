/** One float32 seen as an integer. */
const number = new Float32Array(1);
const integer = new Int32Array(number.buffer);

export function bitsOf(x: number): number {
  number[0] = x;
  return integer[0]!;
}

export function fromBits(bits: number): number {
  integer[0] = bits;
  return number[0]!;
}

/** 2^k for k in [-126, 127] */
export function powerOfTwo32(k: number): number {
  return fromBits((k + 127) << 23);
}
