import * as is from '@hyperribbon/contract/decode';
import { jacobianNorms } from '../edge/shape.js';

const moment = is.object({
  step: is.count,
  /** largest eigenvalue of the Hessian; absent: not measured */
  sharpness: is.maybe(is.finite),
  norms: jacobianNorms,
});
/** Sharpness and Jacobian norms at one moment. */
export type JacobianMomentRow = is.DecodedBy<typeof moment>;

const correlations = is.object({
  /** null: one of the two is constant */
  pearson: is.finiteOrNull,
  spearman: is.finiteOrNull,
});

export const jacobian = is.object({
  examples: is.count,
  /** in the order of training; one alone for weights that were given */
  moments: is.arrayOf(moment),
  /** of sharpness with the mean and with the largest norm over the moments; absent for fewer than three */
  withMean: is.maybe(correlations),
  withMax: is.maybe(correlations),
});
/** Norms of input-output Jacobians beside the sharpness. */
export type JacobianSection = is.DecodedBy<typeof jacobian>;
