import { count, finite, object, type DecodedBy } from '@hyperribbon/contract/decode';

/** Least-squares line ln λ_i = intercept + slope · i over indices from..to, both included; slope in nats per index. */
export const fit = object({ from: count, to: count, slope: finite, intercept: finite, rSquared: finite });
/** A straight line through ln λ against the index. */
export type SlopeFit = DecodedBy<typeof fit>;
