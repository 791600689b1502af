import { requireInteger } from '@hyperribbon/contract';

/** How groups agree on the stress in a given number of dimensions; deviations are those of a sample, 0 for one group. */
export interface StressSummary {
  readonly dimensions: number;
  readonly perGroup: readonly { readonly group: number; readonly inFamily: number; readonly own: number }[];
  readonly mean: number;
  readonly deviation: number;
  readonly ownMean: number;
  /** mean of inFamily/own */
  readonly ratio: number;
  readonly ratioDeviation: number;
}

/**
 * The stress of each group's rest in the map of its family, and its spread.
 *
 * @param dimensions wanted; fewer where some map has fewer
 * @throws ArgumentError for no group or dimensions below 1
 * @example
 * const [a, b] = [{ group: 0, inFamily: [0.8], own: [1] }, { group: 1, inFamily: [0.6], own: [1] }];
 * stressSummary([a, b], 3).mean; // 0.7
 */
export function stressSummary(
  perGroup: readonly ({ readonly group: number } & Readonly<Record<'inFamily' | 'own', ArrayLike<number>>>)[],
  dimensions: number,
): StressSummary {
  requireInteger('stressSummary', 'perGroup.length', perGroup.length, 1);
  requireInteger('stressSummary', 'dimensions', dimensions, 1);
  const used = Math.min(dimensions, ...perGroup.map(({ inFamily, own }) => Math.min(inFamily.length, own.length)));
  const at = used - 1;
  const rows = perGroup.map(({ group, inFamily, own }) => ({ group, inFamily: inFamily[at], own: own[at] }));
  const inFamily = meanAndDeviation(rows.map((row) => row.inFamily));
  const ratio = meanAndDeviation(rows.map((row) => row.inFamily / row.own));
  return {
    dimensions: used,
    perGroup: rows,
    mean: inFamily.mean,
    deviation: inFamily.deviation,
    ownMean: meanAndDeviation(rows.map((row) => row.own)).mean,
    ratio: ratio.mean,
    ratioDeviation: ratio.deviation,
  };
}

function meanAndDeviation(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}
