/**
 * The decimal that was meant: the shortest one whose float32 this is. An epsilon of 1e-5 is stored as 9.999999747e-6; in float64 that would
 * differ from the network that was trained.
 */
export function shortest(x: number): number {
  if (!Number.isFinite(x) || Number.isInteger(x)) return x;
  for (let digits = 1; digits < 9; digits++) {
    const decimal = Number(x.toPrecision(digits));
    if (Math.fround(decimal) === x) return decimal;
  }
  return x;
}
