/** One float32 seen as an integer. */
const number = new Float32Array(1);
const integer = new Int32Array(number.buffer);

export function bitsOf(x: number): number {
  number[0] = x;
  return integer[0]!;
}
