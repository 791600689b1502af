import {
  arrayOf,
  checked,
  count,
  finite,
  flag,
  maybe,
  notNegative,
  object,
  requireSameLength,
  share,
  text,
  type DecodedBy,
} from '@hyperribbon/contract/decode';
import { fit } from '../spectra/fit.js';

const density = checked(
  object({
    /** places where the density was evaluated, ascending */
    x: arrayOf(finite),
    /** share of eigenvalues per unit of eigenvalue: integrates to 1 over x */
    density: arrayOf(finite),
    lower: maybe(arrayOf(finite)),
    upper: maybe(arrayOf(finite)),
    /** confidence of the band, 0.95 */
    level: maybe(share),
    steps: count,
    probes: count,
    matvecs: count,
    trace: maybe(object({ value: finite, standardError: notNegative })),
  }),
  ({ x, density, lower = x, upper = x }, path) => {
    for (const [name, list] of Object.entries({ density, lower, upper })) requireSameLength(list, `${path}.${name}`, x);
  },
);
/** Where eigenvalues are: a density with its confidence band. */
export type SpectralDensity = DecodedBy<typeof density>;

const spectrum = checked(
  object({
    /** unique within the study: "hessian", "gauss-newton", "fisher-end", "fisher-init" */
    id: text,
    /** "Hessian", "Fisher at initialization" */
    label: text,
    /** "initialization", "end", "end of the decayed run" */
    at: text,
    examples: count,
    dimension: count,
    /** descending */
    eigenvalues: arrayOf(finite),
    /** |A v − λ v| for unit v, one for each eigenvalue */
    residualNorms: arrayOf(notNegative),
    noiseFloor: notNegative,
    converged: flag,
    reason: text,
    /** spent on the eigenvalues */
    matvecs: count,
    orthogonality: maybe(notNegative),
    seconds: maybe(notNegative),
    fit: maybe(fit),
    density: maybe(density),
  }),
  ({ residualNorms, eigenvalues }, path) => requireSameLength(residualNorms, `${path}.residualNorms`, eigenvalues),
);
/** The top of the spectrum of a curvature operator, and its density. */
export type CurvatureSpectrum = DecodedBy<typeof spectrum>;

export const curvature = arrayOf(spectrum);
