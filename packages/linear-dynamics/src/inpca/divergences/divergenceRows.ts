import { requireCounts } from '@hyperribbon/contract';
/** Rows [from, to) of a matrix. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** rows of a block must fill whole panels of the kernel */
export const ROW_MULTIPLE = 8;

/**
 * Cuts the rows of a symmetric matrix of divergences into ranges of about equal work: row i costs models − i.
 *
 * @param models number of models, >= 1
 * @param parts how many ranges are wanted, >= 1; small sets give fewer
 * @returns ranges [from, to) that cover all rows, each starting at a multiple of 8
 * @example divergenceRows(100, 2) // [{ from: 0, to: 32 }, { from: 32, to: 100 }]
 */
export function divergenceRows(models: number, parts: number): RowRange[] {
  requireCounts('divergenceRows', { models, parts });
  const ranges: RowRange[] = [];
  let from = 0;
  for (let part = 1; part <= parts && from < models; part++) {
    // the first `end` rows hold the share part/parts of the triangle
    const end = models * (1 - Math.sqrt(1 - part / parts));
    const to = part === parts ? models : Math.min(models, Math.round(end / ROW_MULTIPLE) * ROW_MULTIPLE);
    if (to > from) {
      ranges.push({ from, to });
      from = to;
    }
  }
  return ranges;
}

/** How many entries of a symmetric matrix lie in rows [from, to) and on or right of its diagonal. */
export function pairsOf({ from, to }: RowRange, models: number): number {
  return ((to - from) * (2 * models - from - to + 1)) / 2;
}
