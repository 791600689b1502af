import * as is from '@hyperribbon/contract/decode';

/** Least-squares line ln λ_i = intercept + slope · i over indices from..to, both included; slope in nats per index. */
export const fit = is.object({
  from: is.count,
  to: is.count,
  slope: is.finite,
  intercept: is.finite,
  rSquared: is.finite,
});
/** A straight line through ln λ against the index. */
export type SlopeFit = is.DecodedBy<typeof fit>;
