/** max |xᵢ| */
export function largestOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  return largest;
}

/** A power of two that brings a number into [1, 2); 1 for 0. */
export function scaleOf(largest: number): number {
  let scale = 1;
  if (largest === 0) return scale;
  while (largest * scale >= 2) scale /= 2;
  while (largest * scale < 1 && scale < 1e300) scale *= 2;
  return scale;
}

export function square(x: number): number {
  return x * x;
}
