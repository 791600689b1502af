import type { CurvatureSpectrum, InputSpectrum, SlopeFit } from './analysis.js';

/** A spectrum as the figures see it: what is known, what is noise, what a logarithmic axis cannot show. */
export interface KnownSpectrum {
  readonly label: string;
  /** Index of the colour. */
  readonly colour: number;
  readonly count: number;
  /** Index and value of each eigenvalue above the noise floor. */
  readonly known: readonly { readonly index: number; readonly value: number; readonly residual: number }[];
  readonly belowNoise: number;
  /** Negative eigenvalues that stand clear of the noise. */
  readonly negative: number;
  readonly top: number;
  readonly fit?: SlopeFit;
}

export function knownSpectrum(
  spectrum: InputSpectrum | CurvatureSpectrum,
  label: string,
  colour: number,
): KnownSpectrum {
  const { eigenvalues, noiseFloor, fit } = spectrum;
  const residuals = 'residualNorms' in spectrum ? spectrum.residualNorms : [];
  const known = eigenvalues
    .map((value, index) => ({ index, value, residual: residuals[index] ?? 0 }))
    .filter(({ value }) => value > 0 && value > noiseFloor);
  const negative = eigenvalues.filter((value) => value < -noiseFloor).length;
  return {
    label,
    colour: colour % 6,
    count: eigenvalues.length,
    known,
    negative,
    belowNoise: eigenvalues.length - known.length - negative,
    top: known.reduce((top, { value }) => Math.max(top, value), 0),
    ...(fit === undefined ? {} : { fit }),
  };
}

/** Inputs first, then every curvature spectrum, each with its colour. */
export function knownSpectra(
  inputs: InputSpectrum | undefined,
  curvature: readonly CurvatureSpectrum[] = [],
): readonly KnownSpectrum[] {
  return [
    ...(inputs === undefined ? [] : [knownSpectrum(inputs, 'Inputs', 0)]),
    ...curvature.map((spectrum, i) => knownSpectrum(spectrum, spectrum.label, 1 + (i % 5))),
  ];
}

/** "2 negative and 14 below the noise floor are not drawn", or nothing. */
export function leftOut({ negative, belowNoise }: KnownSpectrum): string {
  const parts = [
    ...(negative > 0 ? [`${negative} negative`] : []),
    ...(belowNoise > 0 ? [`${belowNoise} below noise`] : []),
  ];
  return parts.join(', ');
}
