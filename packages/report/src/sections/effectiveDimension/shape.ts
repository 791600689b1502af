import { arrayOf, count, flag, notNegative, object, text, type DecodedBy } from '@hyperribbon/contract/decode';

const dimension = object({
  /** `id` of the curvature spectrum it was counted on */
  spectrum: text,
  /** directions with |λ| ≥ threshold */
  hard: count,
  /** sum of λ/(λ + threshold) over the known positive eigenvalues */
  soft: notNegative,
  threshold: notNegative,
  /** how the threshold came about: "eps/(2(n − 1)), eps = 809, n = 55000" */
  thresholdFrom: text,
  parameters: count,
  /** true if the smallest computed eigenvalue is still above the threshold: then both counts are lower bounds */
  lowerBound: flag,
});
/** Directions that the data determine more firmly than the prior. */
export type EffectiveDimension = DecodedBy<typeof dimension>;

export const effectiveDimension = arrayOf(dimension);
