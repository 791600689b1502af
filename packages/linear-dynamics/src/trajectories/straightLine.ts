/** y ≈ intercept + slope · i by least squares over i = 0..n − 1. */
export interface StraightLine {
  readonly slope: number;
  readonly intercept: number;
  /** share of the variance of y on the line, 1 when y does not vary; NaN, as is the slope, for fewer than two points */
  readonly rSquared: number;
}

export function straightLine(y: ArrayLike<number>, from = 0, to: number = y.length - 1): StraightLine {
  const n = to - from + 1;
  if (n < 2) return { slope: NaN, intercept: NaN, rSquared: NaN };
  const centre = (from + to) / 2;
  let mean = 0;
  for (let i = from; i <= to; i++) mean += y[i] / n;
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = from; i <= to; i++) {
    xx += (i - centre) * (i - centre);
    xy += (i - centre) * (y[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  const slope = xy / xx;
  return { slope, intercept: mean - slope * centre, rSquared: yy > 0 ? Math.min(1, (slope * xy) / yy) : 1 };
}
