import * as is from '@hyperribbon/contract/decode';
import { fit } from '../spectra/fit.js';

const density = is.checked(
  is.object({
    /** places where the density was evaluated, ascending */
    x: is.arrayOf(is.finite),
    /** share of eigenvalues per unit of eigenvalue: over x to both sides of 0 it integrates, with the share at zero, to 1 */
    density: is.arrayOf(is.finite),
    lower: is.maybe(is.arrayOf(is.finite)),
    upper: is.maybe(is.arrayOf(is.finite)),
    /** share of eigenvalues of magnitude below `below`, with its band; left out: what the integral leaves of 1 */
    zero: is.maybe(
      is.object({ below: is.notNegative, share: is.share, lower: is.maybe(is.share), upper: is.maybe(is.share) }),
    ),
    /** confidence of the band, 0.95 */
    level: is.maybe(is.share),
    steps: is.count,
    probes: is.count,
    matvecs: is.count,
    trace: is.maybe(is.object({ value: is.finite, standardError: is.notNegative })),
  }),
  ({ x, density, lower = x, upper = x }, path) => {
    for (const [name, list] of Object.entries({ density, lower, upper }))
      is.requireSameLength(list, `${path}.${name}`, x);
  },
);
/** Where eigenvalues are: a density with its confidence band. */
export type SpectralDensity = is.DecodedBy<typeof density>;

const spectrum = is.checked(
  is.object({
    /** unique within the study: "hessian", "gauss-newton", "fisher-end", "fisher-init" */
    id: is.text,
    /** "Hessian", "Fisher at initialization" */
    label: is.text,
    /** "initialization", "end", "end of the decayed run" */
    at: is.text,
    examples: is.count,
    dimension: is.count,
    /** descending */
    eigenvalues: is.arrayOf(is.finite),
    /** |A v − λ v| for unit v, one for each eigenvalue */
    residualNorms: is.arrayOf(is.notNegative),
    noiseFloor: is.notNegative,
    converged: is.flag,
    reason: is.text,
    /** spent on the eigenvalues */
    matvecs: is.count,
    orthogonality: is.maybe(is.notNegative),
    seconds: is.maybe(is.notNegative),
    fit: is.maybe(fit),
    density: is.maybe(density),
  }),
  ({ residualNorms, eigenvalues }, path) => is.requireSameLength(residualNorms, `${path}.residualNorms`, eigenvalues),
);
/** The top of the spectrum of a curvature operator, and its density. */
export type CurvatureSpectrum = is.DecodedBy<typeof spectrum>;

export const curvature = is.arrayOf(spectrum);
