/** Pearson's correlation, of a number of pairs; NaN for fewer than two, for values that are all the same, and for NaN among them. */
export function pearson(x: readonly number[], y: readonly number[]): number {
  const [a, b] = [centred(x), centred(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    xy += a[i] * b[i];
    xx += a[i] * a[i];
    yy += b[i] * b[i];
  }
  // roots apart: a product of two squares over- or underflows sooner
  return xx === 0 || yy === 0 ? NaN : xy / Math.sqrt(xx) / Math.sqrt(yy);
}

/** Spearman's: Pearson's of the ranks, equal values sharing the mean of theirs; NaN as there. */
export function spearman(x: readonly number[], y: readonly number[]): number {
  if ([...x, ...y].some(Number.isNaN)) return NaN;
  return pearson(ranks(x), ranks(y));
}

/** x − mean, over the largest of them: squares neither over- nor underflow. */
function centred(x: readonly number[]): readonly number[] {
  const size = x.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const mean = x.reduce((sum, value) => sum + value / size, 0) / x.length;
  // values that are all the same have a mean that rounding moves
  if (x.every((value) => value === x[0])) return x.map(() => 0);
  return x.map((value) => value / size - mean);
}

function ranks(x: readonly number[]): readonly number[] {
  return x.map((value) => {
    const below = x.filter((other) => other < value).length;
    const same = x.filter((other) => other === value).length;
    return below + (same - 1) / 2;
  });
}
