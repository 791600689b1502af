/** √(x² + y²), without over- or underflow; the same bits in every runtime, which Math.hypot does not promise. */
export function hypotenuse(x: number, y: number): number {
  const [a, b] = [Math.max(Math.abs(x), Math.abs(y)), Math.min(Math.abs(x), Math.abs(y))];
  if (a === 0 || a === Infinity) return a;
  const ratio = b / a;
  return a * Math.sqrt(1 + ratio * ratio);
}

/** ‖x‖₂, likewise. */
export function lengthOf(x: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) if (!(Math.abs(x[i]) <= largest)) largest = Math.abs(x[i]);
  if (largest === 0 || largest === Infinity) return largest;
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const share = x[i] / largest;
    sum += share * share;
  }
  return largest * Math.sqrt(sum);
}
