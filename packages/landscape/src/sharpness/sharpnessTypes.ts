/** Mean of a random quantity with the standard error of that mean. */
export interface Estimate {
  readonly mean: number;
  /** NaN where one draw gives none */
  readonly standardError: number;
}

/** Curvature along the gradients of batches at one moment. */
export interface BatchSharpness {
  readonly batchSize: number;
  /** disjoint batches of one permutation that were measured */
  readonly batches: number;
  /** mean over batches of g_Bᵀ H_B g_B / ‖g_B‖² */
  readonly meanOfRatios: Estimate;
  /** mean of g_Bᵀ H_B g_B over the mean of ‖g_B‖²: larger, and what some programs print */
  readonly ratioOfMeans: number;
}

/** Norms ‖J f(x_i)‖ of input-output Jacobians over examples. */
export interface JacobianNorms {
  /** spectral norms */
  readonly max: number;
  readonly mean: number;
  /** linear interpolation between order statistics (type 7) */
  readonly quantiles: readonly { readonly level: number; readonly value: number }[];
  readonly examples: number;
  /** exact: every Jacobian was formed; lanczos: norms are lower bounds */
  readonly method: 'exact' | 'lanczos';
  /** largest relative distance of a norm to a singular value, 0 where norms are exact */
  readonly residual: number;
}
