import * as is from '@hyperribbon/contract/decode';

const layer = is.object({
  name: is.text,
  shape: is.arrayOf(is.count),
  /** longer and shorter side of its matrices, and how many they are: the places of a kernel */
  N: is.count,
  M: is.count,
  blocks: is.count,
  /** some of its eigenvalues, ascending, each with how many are at least as large */
  curve: is.arrayOf(is.pairOf(is.positive)),
  /** eigenvalues above the threshold of the fit */
  count: is.count,
  /** null: infinite */
  alpha: is.finiteOrNull,
  interval: is.maybe(is.pairOf(is.finite)),
  /** of the test by simulation; absent where nothing was drawn */
  p: is.maybe(is.share),
  rejected: is.flag,
  D: is.notNegative,
  xmin: is.positive,
  tail: is.count,
  /** decimal logarithms */
  logNorm: is.finite,
  logSpectralNorm: is.finite,
  alphaHat: is.finiteOrNull,
  logAlphaNorm: is.finiteOrNull,
  stableRank: is.notNegative,
  entropy: is.finite,
  /** where the law of noise ends, on the scale of the eigenvalues */
  edge: is.notNegative,
  /** beyond the allowance of Tracy and Widom, with how likely noise has so large an eigenvalue; and beyond the shifted edge of WeightWatcher */
  spikes: is.count,
  spikesP: is.share,
  shiftedSpikes: is.count,
  /** spikes of the same entries in random order */
  traps: is.maybe(is.count),
  /** exponent of sub-matrices of one aspect ratio */
  fixedRatioAlpha: is.maybe(is.finite),
  /** what the fit says, in words */
  verdict: is.text,
});
/** Spectrum of one array of weights. */
export type WeightSpectrumRow = is.DecodedBy<typeof layer>;

/** What the weights of a model's file tell without any data. */
export const weightSpectra = is.object({
  file: is.text,
  /** simulated spectra behind each interval and p; 0: none */
  draws: is.count,
  layers: is.arrayOf(layer),
  refused: is.arrayOf(is.object({ name: is.text, shape: is.arrayOf(is.count), reason: is.text, sentence: is.text })),
  /** means over layers; the standard error of one layer is not known */
  values: is.arrayOf(is.object({ metric: is.text, mean: is.finite, standardError: is.finiteOrNull, layers: is.count })),
  /** another checkpoint, and how far each array is from it */
  other: is.maybe(is.text),
  compared: is.maybe(
    is.arrayOf(
      is.object({
        name: is.text,
        distance: is.maybe(is.notNegative),
        relative: is.maybe(is.finiteOrNull),
        cosine: is.maybe(is.finiteOrNull),
        spectral: is.maybe(is.notNegative),
        stableRank: is.maybe(is.notNegative),
        /** why there is no distance */
        reason: is.maybe(is.text),
      }),
    ),
  ),
});
/** What the weights of a model's file tell without any data. */
export type WeightSpectraSection = is.DecodedBy<typeof weightSpectra>;
