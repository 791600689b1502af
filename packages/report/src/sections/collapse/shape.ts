import * as is from '@hyperribbon/contract/decode';

const moment = is.object({
  /** epochs done */
  epoch: is.notNegative,
  /** NC1, Tr(Σ_W Σ_B⁺)/C; null where there is none */
  variability: is.finiteOrNull,
  /** NC2 of the class means and of the classifier */
  meansEquinorm: is.finiteOrNull,
  classifierEquinorm: is.finiteOrNull,
  meansEquiangular: is.finiteOrNull,
  classifierEquiangular: is.finiteOrNull,
  /** NC3 */
  duality: is.finiteOrNull,
  /** NC4 */
  disagreement: is.finiteOrNull,
  /** share of mistakes on the same examples */
  error: is.finiteOrNull,
});
/** Neural collapse at one moment. */
export type CollapseRow = is.DecodedBy<typeof moment>;

export const collapse = is.object({
  examples: is.count,
  classes: is.count,
  /** numbers of a feature */
  width: is.count,
  /** of the weights that read the features */
  into: is.maybe(is.text),
  /** in the order of training; one alone for a network that was given */
  moments: is.arrayOf(moment),
  notes: is.arrayOf(is.text),
});
/** Neural collapse of the features before the last layer. */
export type CollapseSection = is.DecodedBy<typeof collapse>;
