import type { WeightMetric } from '@hyperribbon/complexity/weights';

/** What the metrics of layers are called where people read them. */
export const metricTitles: Readonly<Record<WeightMetric, string>> = {
  alpha: 'alpha',
  alphaWeighted: 'alpha-hat',
  logAlphaNorm: 'log alpha-norm',
  logNorm: 'log norm',
  logSpectralNorm: 'log spectral norm',
  stableRank: 'stable rank',
  entropy: 'entropy',
};
