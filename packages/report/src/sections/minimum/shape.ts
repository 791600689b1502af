import * as is from '@hyperribbon/contract/decode';

const eigenvalue = is.object({ value: is.finite, residualNorm: is.notNegative });

export const minimum = is.object({
  /** the network, and what its weights were made for */
  network: is.text,
  examples: is.count,
  loss: is.finite,
  /** of the affine model that the network computes on the examples */
  linearLoss: is.finite,
  outputDifference: is.notNegative,
  gradientNorm: is.notNegative,
  smallest: eigenvalue,
  largest: eigenvalue,
  rank: is.object({ found: is.count, predicted: is.count, formula: is.text }),
  /** smallest pre-activation over examples and hidden units */
  margin: is.finite,
  better: is.maybe(is.object({ loss: is.finite, how: is.text })),
  verdict: is.oneOf('local-minimum', 'not-critical', 'negative-curvature', 'unattained', 'at-a-kink'),
  reason: is.text,
});
/** Evidence that weights are a local minimum, and no global one. */
export type MinimumSection = is.DecodedBy<typeof minimum>;
