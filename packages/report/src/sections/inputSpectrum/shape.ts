import { arrayOf, count, finite, maybe, notNegative, object, text, type DecodedBy } from '@hyperribbon/contract/decode';
import { fit } from '../spectra/fit.js';

export const inputSpectrum = object({
  /** "uncentred correlation X'X/n, pixels in [0, 1]" */
  description: text,
  examples: count,
  /** descending */
  eigenvalues: arrayOf(finite),
  /** eigenvalues with absolute value below this are rounding noise */
  noiseFloor: notNegative,
  trace: maybe(finite),
  fit: maybe(fit),
});
/** Eigenvalues of the correlation of inputs. */
export type InputSpectrum = DecodedBy<typeof inputSpectrum>;
