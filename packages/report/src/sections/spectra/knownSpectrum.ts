import type { SlopeFit } from './fit.js';

/** What figures need of a spectrum, whichever operator it is of. */
export interface DrawnSpectrum {
  readonly eigenvalues: readonly number[];
  /** left out: exact */
  readonly residualNorms?: readonly number[];
  readonly noiseFloor: number;
  readonly fit?: SlopeFit;
}

/** A spectrum as the figures see it: what is known, what is noise, what a logarithmic axis cannot show. */
export interface KnownSpectrum {
  readonly label: string;
  /** Index of the colour. */
  readonly colour: number;
  readonly count: number;
  /** Index and value of each eigenvalue above the noise floor. */
  readonly known: readonly { readonly index: number; readonly value: number; readonly residual: number }[];
  readonly belowNoise: number;
  readonly noiseFloor: number;
  /** Index of the first value below the noise, if there is one. */
  readonly firstNoise: number;
  /** Positive eigenvalues not larger than their residual. */
  readonly unresolved: number;
  /** Negative eigenvalues that stand clear of the noise. */
  readonly negative: number;
  readonly top: number;
  readonly fit?: SlopeFit;
}

/**
 * The first `limit` eigenvalues, sorted into what may be drawn and what may not: an eigenvalue counts as known if it is above
 * the noise floor and larger than its residual.
 */
export function knownSpectrum(
  { eigenvalues, residualNorms = [], noiseFloor, fit }: DrawnSpectrum,
  label: string,
  colour: number,
  limit: number = Infinity,
): KnownSpectrum {
  const points = eigenvalues
    .slice(0, limit)
    .map((value, index) => ({ index, value, residual: residualNorms[index] ?? 0 }));
  const positive = points.filter(({ value }) => value > 0 && value > noiseFloor);
  const known = positive.filter(({ value, residual }) => residual < value);
  const noise = points.filter(({ value }) => Math.abs(value) <= noiseFloor || value === 0);
  return {
    label,
    colour: colour % 7,
    count: points.length,
    known,
    unresolved: positive.length - known.length,
    negative: points.length - positive.length - noise.length,
    belowNoise: noise.length,
    noiseFloor,
    firstNoise: noise.length > 0 ? noise[0].index : 0,
    top: known.reduce((top, { value }) => Math.max(top, value), 0),
    ...(fit === undefined ? {} : { fit }),
  };
}

/** Inputs first, then every curvature spectrum, each with its colour. */
export function knownSpectra(
  inputs: DrawnSpectrum | undefined,
  curvature: readonly (DrawnSpectrum & { readonly label: string })[] = [],
  limit: number = Infinity,
): readonly KnownSpectrum[] {
  return [
    ...(inputs === undefined ? [] : [knownSpectrum(inputs, 'Inputs', 0, limit)]),
    ...curvature.map((spectrum, i) => knownSpectrum(spectrum, spectrum.label, 1 + (i % 6), limit)),
  ];
}

/** "2 negative, 14 below noise", or nothing. */
export function leftOut({ negative, belowNoise, unresolved }: KnownSpectrum): string {
  return [
    ...(unresolved > 0 ? [`${unresolved} unresolved`] : []),
    ...(negative > 0 ? [`${negative} negative`] : []),
    ...(belowNoise > 0 ? [`${belowNoise} below noise`] : []),
  ].join(', ');
}
