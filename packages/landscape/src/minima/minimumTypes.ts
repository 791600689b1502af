/** Evidence that weights are a local minimum, and that it is not the global one. Plain data, what reports show. */
export interface MinimumCertificate {
  readonly loss: number;
  /** of the affine model that the network computes on the examples */
  readonly linearLoss: number;
  /** largest difference between the network's outputs and the affine model's */
  readonly outputDifference: number;
  readonly gradientNorm: number;
  /** smallest eigenvalue of the Hessian with the norm of its residual */
  readonly smallest: { readonly value: number; readonly residualNorm: number };
  readonly largest: { readonly value: number; readonly residualNorm: number };
  /** of the Hessian, exact where the construction gives it, and what it should be */
  readonly rank: { readonly found: number; readonly predicted: number; readonly formula: string };
  /** smallest pre-activation over all examples and hidden units: within this margin nothing bends */
  readonly margin: number;
  /** a point with a smaller loss, where one was found */
  readonly better?: { readonly loss: number; readonly how: string };
  /** holds all of what makes it a local minimum, or the first reason why not */
  readonly verdict: 'local-minimum' | 'not-critical' | 'negative-curvature' | 'unattained' | 'at-a-kink';
  readonly reason: string;
}
