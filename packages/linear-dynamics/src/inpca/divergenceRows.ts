/** rows of a block must fill whole panels of the kernel */
export const ROW_MULTIPLE = 8;

/**
 * Cuts the rows of a symmetric matrix of divergences into ranges of about equal work: row i costs models − i.
 *
 * @param models number of models, >= 1
 * @param parts how many ranges are wanted, >= 1; small sets give fewer
 * @returns ranges [from, to) that cover all rows, each starting at a multiple of 8
 * @example divergenceRows(100, 2) // [[0, 32], [32, 100]]
 */
export function divergenceRows(models: number, parts: number): (readonly [number, number])[] {
  if (!Number.isInteger(models) || models < 1) {
    throw new RangeError(`divergenceRows: models must be an integer >= 1, got ${models}`);
  }
  if (!Number.isInteger(parts) || parts < 1) {
    throw new RangeError(`divergenceRows: parts must be an integer >= 1, got ${parts}`);
  }
  const ranges: (readonly [number, number])[] = [];
  let from = 0;
  for (let part = 1; part <= parts && from < models; part++) {
    // the first `end` rows hold the share part/parts of the triangle
    const end = models * (1 - Math.sqrt(1 - part / parts));
    const to = part === parts ? models : Math.min(models, Math.round(end / ROW_MULTIPLE) * ROW_MULTIPLE);
    if (to > from) {
      ranges.push([from, to]);
      from = to;
    }
  }
  return ranges;
}
