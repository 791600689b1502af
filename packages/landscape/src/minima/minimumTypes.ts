/** Evidence that weights are a local minimum, and that it is not the global one. Plain data, what reports show. */
export interface MinimumCertificate {
  readonly loss: number;
  /** of the best affine model of the inputs on the same examples; of the best constant one where the network is constant on them */
  readonly linearLoss: number;
  /** largest difference between the network's outputs and that model's; for cross-entropy after the mean of an example's outputs is taken off */
  readonly outputDifference: number;
  readonly gradientNorm: number;
  /** smallest eigenvalue of the Hessian with the norm of its residual */
  readonly smallest: { readonly value: number; readonly residualNorm: number };
  readonly largest: { readonly value: number; readonly residualNorm: number };
  /** of the Hessian: found without forming it, and what it should be; absent where no rigorous way to it is at hand */
  readonly rank?: MinimumRank;
  /** smallest |pre-activation| over all examples and hidden units: within this margin nothing bends */
  readonly margin: number;
  /** a point with a smaller loss, where one was found */
  readonly better?: { readonly loss: number; readonly how: string };
  /** holds all of what makes it a local minimum, or the first reason why not; 'undecided' where all was as at one and nothing proves it */
  readonly verdict: MinimumVerdict;
  readonly reason: string;
}

export type MinimumVerdict =
  | 'local-minimum'
  | 'not-critical'
  | 'negative-curvature'
  | 'unattained'
  | 'at-a-kink'
  | 'undecided';

export interface MinimumRank {
  readonly found: number;
  readonly predicted: number;
  readonly formula: string;
  /** how `found` was found, with the smallest singular value that was kept and the largest that was not, in words */
  readonly evidence: string;
  /** the formula is derived here and measured, it is not a statement of the paper */
  readonly standing: 'derived';
}
