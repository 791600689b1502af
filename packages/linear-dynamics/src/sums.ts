/** Σ aᵢ bᵢ over `length` entries from the two offsets */
export function dotRange(a: Float64Array, from: number, b: Float64Array, fromB: number, length: number): number {
  let s = 0;
  for (let i = 0; i < length; i++) s += a[from + i]! * b[fromB + i]!;
  return s;
}

/** Lower triangle of A Aᵀ (n, n), A (n, k) row-major; zeros above. */
export function lowerGram(a: Float64Array, n: number, k: number): Float64Array {
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) gram[i * n + j] = dotRange(a, i * k, a, j * k, k);
  return gram;
}

export function sumOfSquares(a: ArrayLike<number>): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i]! * a[i]!;
  return s;
}
