import type { CurvatureSpectrum } from '@hyperribbon/report';
import type { NetworkSpectrum } from '@hyperribbon/landscape';
import { decayFit } from '../jobs/decayFit.js';

export interface SpectrumPlace {
  readonly id: string;
  readonly label: string;
  readonly at: string;
  readonly examples: number;
  readonly dimension: number;
  /** eigenvalues before this index are the sharp drop and stay out of the fitted window */
  readonly fitFrom: number;
}

/** A job's result as a section of the report; only finished eigenvalues and a finished density appear. */
export function curvatureSection(place: SpectrumPlace, result: NetworkSpectrum, seconds: number): CurvatureSpectrum {
  const { fitFrom, ...where } = place;
  const fit = decayFit(result.values, { from: fitFrom, to: result.values.length - 1, floor: result.noiseFloor });
  return {
    ...where,
    eigenvalues: Array.from(result.values),
    residualNorms: Array.from(result.residualNorms),
    noiseFloor: result.noiseFloor,
    converged: result.converged,
    reason: result.reason,
    matvecs: result.matvecs,
    orthogonality: result.orthogonality,
    seconds,
    ...(fit ? { fit } : {}),
    ...(result.density ? { density: result.density } : {}),
  };
}
