import * as is from '@hyperribbon/contract/decode';

const dimension = is.object({
  /** `id` of the curvature spectrum it was counted on */
  spectrum: is.text,
  /** directions with |λ| ≥ threshold */
  hard: is.count,
  /** sum of λ/(λ + threshold) over the known positive eigenvalues */
  soft: is.notNegative,
  threshold: is.notNegative,
  /** how the threshold came about: "eps/(2(n − 1)), eps = 809, n = 55000" */
  thresholdFrom: is.text,
  parameters: is.count,
  /** true if the smallest computed eigenvalue is still above the threshold: then both counts are lower bounds */
  lowerBound: is.flag,
});
/** Directions that the data determine more firmly than the prior. */
export type EffectiveDimension = is.DecodedBy<typeof dimension>;

export const effectiveDimension = is.arrayOf(dimension);
