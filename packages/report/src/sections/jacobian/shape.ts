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

/** positive ratios whose product is that of the sharpness: after over before */
const change = is.object({
  /** steps of the two moments */
  from: is.count,
  to: is.count,
  /** sharpness at both */
  before: is.finite,
  after: is.finite,
  /** of the largest eigenvalue of the tangent kernel, on which Jacobians act */
  tangent: is.finite,
  /** of what the curvature of the losses by the outputs makes of it */
  curvature: is.finite,
  /** of what the residual of the Hessian makes of that */
  residual: is.finite,
  /** of the mean norm of the Jacobian: beside the product */
  jacobian: is.finite,
  /** the factor whose logarithm moved furthest; absent: none moved */
  most: is.maybe(is.oneOf('tangent', 'curvature', 'residual')),
  /** false: an eigenvalue was not settled when its products ran out */
  converged: is.flag,
});
/** Which factor of the sharpness changed it between two moments. */
export type SharpnessChangeRow = is.DecodedBy<typeof change>;

export const jacobian = is.object({
  examples: is.count,
  /** in the order of training; one alone for weights that were given */
  moments: is.arrayOf(moment),
  /** of sharpness with the mean and with the largest norm over the moments; absent for fewer than three */
  withMean: is.maybe(correlations),
  withMax: is.maybe(correlations),
  /** from the moment at which sharpness was furthest from its value at the end, to the end */
  change: is.maybe(change),
});
/** Norms of input-output Jacobians beside the sharpness. */
export type JacobianSection = is.DecodedBy<typeof jacobian>;
