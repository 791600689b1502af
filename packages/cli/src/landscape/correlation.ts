/**
 * Pearson's correlation; NaN where one of the two is constant.
 *
 * @param x, y (n,) each
 */
export function pearson(x: readonly number[], y: readonly number[]): number {
  const [a, b] = [deviations(x), deviations(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    xy += a[i] * b[i];
    xx += a[i] * a[i];
    yy += b[i] * b[i];
  }
  return xx === 0 || yy === 0 ? NaN : Math.max(-1, Math.min(1, xy / Math.sqrt(xx) / Math.sqrt(yy)));
}

/** Spearman's correlation: Pearson's of the ranks, those of equal values their mean; NaN where one of the two is constant. */
export function spearman(x: readonly number[], y: readonly number[]): number {
  return pearson(ranks(x), ranks(y));
}

/** From the mean, over the largest: their squares are no larger than 1. */
function deviations(values: readonly number[]): readonly number[] {
  if (values.every((value) => value === values[0])) return values.map(() => 0);
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const away = values.map((value) => value - mean);
  const largest = Math.max(...away.map(Math.abs));
  return away.map((value) => value / largest);
}

/** Ranks from 1. */
function ranks(values: readonly number[]): readonly number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
  const found: number[] = Array.from({ length: values.length }, () => 0);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let k = from; k < to; k++) found[order[k]] = (from + 1 + to) / 2;
    from = to;
  }
  return found;
}
