import * as is from '@hyperribbon/contract/decode';

const eigenvalue = is.object({ value: is.finite, residualNorm: is.notNegative });

export const minimum = is.object({
  /** the network, and what its weights were made for */
  network: is.text,
  examples: is.count,
  loss: is.finite,
  /** of the best affine model of the inputs on the same examples */
  linearLoss: is.finite,
  outputDifference: is.notNegative,
  gradientNorm: is.notNegative,
  smallest: eigenvalue,
  largest: eigenvalue,
  /** of the Hessian, and what it should be; absent where it was not found */
  rank: is.maybe(
    is.object({
      found: is.count,
      predicted: is.count,
      formula: is.text,
      /** how it was found */
      evidence: is.text,
      /** of the formula */
      standing: is.oneOf('paper', 'derived', 'reconstructed'),
    }),
  ),
  /** smallest pre-activation over examples and hidden units */
  margin: is.finite,
  better: is.maybe(is.object({ loss: is.finite, how: is.text })),
  verdict: is.oneOf('local-minimum', 'not-critical', 'negative-curvature', 'unattained', 'at-a-kink', 'undecided'),
  reason: is.text,
});
/** Evidence that weights are a local minimum, and no global one. */
export type MinimumSection = is.DecodedBy<typeof minimum>;
