import type { Analysis, Note } from '../../analysis.js';

/** What each number of an analysis means, for the sections that are there. */
export function explanations({ curvature, inputSpectrum, effectiveDimension, bound }: Analysis): readonly Note[] {
  const spectra = curvature !== undefined && curvature.length > 0;
  return [
    ...(spectra || inputSpectrum
      ? [
          {
            title: 'Slope and noise floor',
            text:
              'The slope is that of ln λ against the index, by least squares over the window given; minus the slope is the sloppiness of the ' +
              'spectrum. Below the noise floor an eigenvalue cannot be told from the rounding of the operator: such values are counted, not drawn.',
          },
        ]
      : []),
    ...(spectra
      ? [
          {
            title: 'Residual',
            text:
              'For a computed pair of eigenvalue θ and unit vector v the residual is |Av − θv|: an exact eigenvalue lies within that distance ' +
              'of θ. “Converged” means that all residuals are below the tolerance asked for.',
          },
        ]
      : []),
    ...(effectiveDimension !== undefined && effectiveDimension.length > 0
      ? [
          {
            title: 'Threshold of the effective dimension',
            kind: 'reconstruction' as const,
            text:
              'Counting eigenvalues above a threshold is the published definition. The threshold ε/(2(n − 1)) is derived here from the posterior ' +
              'that minimises the linearised bound; the paper’s own constant was not available.',
          },
        ]
      : []),
    ...(bound
      ? [
          {
            title: 'What the bound promises',
            text:
              'It speaks about the random classifier: weights drawn anew from the Gaussian posterior for each prediction. If the assumptions hold, ' +
              'the chance that the training sample (and the draws) were so unlucky that the true error exceeds the bound is at most 1 − confidence.',
          },
        ]
      : []),
  ];
}
