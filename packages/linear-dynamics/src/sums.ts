/** Σ aᵢ bᵢ over `length` entries from the two offsets */
export function dotRange(a: Float64Array, from: number, b: Float64Array, fromB: number, length: number): number {
  let s = 0;
  for (let i = 0; i < length; i++) s += a[from + i]! * b[fromB + i]!;
  return s;
}

export function sumOfSquares(a: ArrayLike<number>): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i]! * a[i]!;
  return s;
}
