import * as is from '@hyperribbon/contract/decode';
import { fit } from '../spectra/fit.js';

export const inputSpectrum = is.object({
  /** "uncentred correlation X'X/n, pixels in [0, 1]" */
  description: is.text,
  examples: is.count,
  /** descending */
  eigenvalues: is.arrayOf(is.finite),
  /** eigenvalues with absolute value below this are rounding noise */
  noiseFloor: is.notNegative,
  trace: is.maybe(is.finite),
  fit: is.maybe(fit),
});
/** Eigenvalues of the correlation of inputs. */
export type InputSpectrum = is.DecodedBy<typeof inputSpectrum>;
