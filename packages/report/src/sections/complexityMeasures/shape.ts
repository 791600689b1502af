import * as is from '@hyperribbon/contract/decode';

const measure = is.object({
  name: is.text,
  /** in Jiang et al. 2020, where the authors' code gives one */
  equation: is.maybe(is.finite),
  source: is.text,
  standing: is.oneOf('paper', 'derived', 'reconstructed'),
  /** ln μ; null of zero and where there is none */
  logValue: is.finiteOrNull,
  /** √(μ/m), or ½(ln μ − ln m) where it is kept as a logarithm; null where there is none */
  reported: is.finiteOrNull,
  reportedIs: is.oneOf('root', 'log'),
  standardError: is.maybe(is.notNegative),
  undefinedBecause: is.maybe(is.text),
  caveats: is.arrayOf(is.text),
});
/** One measure of complexity. */
export type ComplexityMeasure = is.DecodedBy<typeof measure>;

export const complexityMeasures = is.object({
  /** m, that were measured on */
  examples: is.count,
  /** what weights were compared with: "the start of the training", a file; absent: zeros where a measure needs none */
  reference: is.maybe(is.text),
  measures: is.arrayOf(measure),
});
/** Measures of complexity of a network. */
export type ComplexityMeasuresSection = is.DecodedBy<typeof complexityMeasures>;
