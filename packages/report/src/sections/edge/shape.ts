import * as is from '@hyperribbon/contract/decode';

/** Mean with the standard error of that mean; null where one draw gives none. */
export const estimate = is.object({ mean: is.finite, standardError: is.finiteOrNull });
/** A mean and its standard error. */
export type EstimateRow = is.DecodedBy<typeof estimate>;

const pairs = is.checked(
  is.object({
    /** largest first */
    values: is.arrayOf(is.finite),
    residualNorms: is.arrayOf(is.notNegative),
    converged: is.flag,
    /** products with the matrix that they took */
    matvecs: is.count,
  }),
  ({ values, residualNorms }, path) => is.requireSameLength(residualNorms, `${path}.residualNorms`, values),
);

/** Norms of input-output Jacobians over examples. */
export const jacobianNorms = is.object({
  max: is.notNegative,
  mean: is.notNegative,
  quantiles: is.arrayOf(is.object({ level: is.share, value: is.notNegative })),
  examples: is.count,
  /** lanczos: norms are lower bounds, as near to singular values as the residual says, relative; absent: exact */
  method: is.maybe(is.oneOf('exact', 'lanczos')),
  residual: is.maybe(is.notNegative),
});

const batchSharpness = is.object({
  batchSize: is.count,
  batches: is.count,
  meanOfRatios: estimate,
  ratioOfMeans: is.finite,
});

const moment = is.object({
  /** updates done */
  step: is.count,
  /** null: not finite */
  loss: is.finiteOrNull,
  error: is.maybe(is.share),
  gradientNorm: is.finiteOrNull,
  /** where it differs from that of the run */
  threshold: is.maybe(is.notNegative),
  /** of the Hessian over all examples: the first is the sharpness */
  hessian: pairs,
  /** of P⁻¹H, for rules with a preconditioner */
  preconditioned: is.maybe(pairs),
  /** lower bound of the largest dᵀ H d over the unit ball of the rule's norm */
  dualSharpness: is.maybe(is.finite),
  batchSharpness: is.maybe(batchSharpness),
  /** share of the squared gradient in the top eigenvectors, one per class */
  topShare: is.maybe(is.share),
  jacobian: is.maybe(jacobianNorms),
});
/** What is known of a run of descent at one step. */
export type EdgeMomentRow = is.DecodedBy<typeof moment>;

const flowMoment = is.object({
  /** steps times the learning rate */
  time: is.notNegative,
  /** time over the learning rate of the run that it is compared with */
  step: is.notNegative,
  loss: is.finite,
  sharpness: is.finite,
  /** an eigenvalue lies that near to it */
  sharpnessResidual: is.maybe(is.notNegative),
  /** central flow: eigenvalues that stand at the threshold */
  critical: is.maybe(is.count),
  /** central flow: loss averaged over the oscillation that it predicts */
  meanLoss: is.maybe(is.finite),
  /** from the weights of the run at the same time */
  distance: is.maybe(is.notNegative),
});
/** Gradient flow or central flow at one time. */
export type FlowMomentRow = is.DecodedBy<typeof flowMoment>;

const threshold = is.object({
  value: is.positive,
  /** "2/η" */
  formula: is.text,
  /** whose largest eigenvalue it bounds; norm: dᵀ H d over the unit ball of the rule's norm */
  of: is.oneOf('hessian', 'preconditioned-hessian', 'norm'),
  statement: is.text,
});

export const edge = is.object({
  rule: is.text,
  learningRate: is.positive,
  batchSize: is.count,
  examples: is.count,
  /** or why the rule has none */
  threshold: is.either(threshold, is.object({ why: is.text })),
  /** in the order of the run */
  moments: is.arrayOf(moment),
  flow: is.maybe(is.arrayOf(flowMoment)),
  centralFlow: is.maybe(is.arrayOf(flowMoment)),
  /** step at which the compared curvature first stood above the threshold */
  crossing: is.maybe(is.count),
  /** why it ended early */
  ended: is.maybe(is.text),
});
/** A run of descent watched at the edge of stability. */
export type EdgeSection = is.DecodedBy<typeof edge>;
