/** ‖x‖₂, also of numbers whose squares leave the range; NaN where one of them is. */
export function euclideanNorm(x: ArrayLike<number>): number {
  let most = 0;
  // a NaN stays
  for (let i = 0; i < x.length; i++) if (!(Math.abs(x[i]) <= most)) most = Math.abs(x[i]);
  if (most === 0 || !(most < Infinity)) return most;
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += (x[i] / most) * (x[i] / most);
  return most * Math.sqrt(squares);
}
