/** A value of which a share `level` of all lie below. */
export interface Quantile {
  readonly level: number;
  readonly value: number;
}

/**
 * Quantiles by linear interpolation between order statistics: x₍ₖ₎ + (h − k)(x₍ₖ₊₁₎ − x₍ₖ₎) with h = (n − 1) level and k = ⌊h⌋, which is type 7 of
 * [hyndman1996].
 *
 * @param values (n,) of which none is changed; with NaN among them all quantiles are NaN
 */
export function quantiles(values: Float64Array, levels: readonly number[]): readonly Quantile[] {
  const sorted = values.slice().sort();
  const known = !sorted.some(Number.isNaN);
  return levels.map((level) => {
    const h = (sorted.length - 1) * level;
    const k = Math.min(Math.floor(h), sorted.length - 1);
    const [low, high] = [sorted[k], sorted[Math.min(k + 1, sorted.length - 1)]];
    return { level, value: !known ? NaN : low === high ? low : low + (h - k) * (high - low) };
  });
}
