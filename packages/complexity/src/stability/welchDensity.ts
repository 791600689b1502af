import { refuse, requireInteger, requireNoOthers, requirePositive } from '@hyperribbon/contract';
import { cos, sin } from '@hyperribbon/kernels';
import { centred, requireSeries } from './series.js';

export interface WelchOptions {
  /** L, numbers in a segment; integer in [4, T], default min(256, T) */
  readonly segment?: number;
  /** numbers that neighbours share, integer in [0, L − 1]; default ⌊L/2⌋ */
  readonly overlap?: number;
  /** numbers per unit of time, default 1: frequencies per epoch */
  readonly rate?: number;
}

/** Power spectral density of a series, one-sided. */
export interface PowerDensity {
  /** (⌊L/2⌋ + 1,), from 0 to half the rate */
  readonly frequencies: Float64Array;
  /** likewise: variance per unit of frequency */
  readonly density: Float64Array;
  readonly segments: number;
}

const TWO_PI = 6.283185307179586;

/**
 * The power spectral density of a series by Welch's method: periodograms of segments that overlap, each with its mean taken off and a periodic Hann window,
 * averaged. The same convention as SciPy's `signal.welch`.
 *
 * @param series (T,) in the order of time, T ≥ 4
 * @returns NaN throughout where a number of a segment is not finite
 * @throws ArgumentError for fewer numbers and options out of range
 * Cost: segments · L² multiplications.
 * @example welchDensity([1, 0, 1, 0, 1, 0, 1, 0], { segment: 4 }).density; // [0.0000, 0.3333, 0.6667]
 * Source: [welch1967].
 */
export function welchDensity(series: ArrayLike<number>, options: WelchOptions = {}): PowerDensity {
  requireSeries('welchDensity', 'series', series, 4);
  const T = series.length;
  const { segment: L = Math.min(256, T), overlap = Math.floor(L / 2), rate = 1, ...others } = options;
  requireNoOthers('welchDensity', others, 'WelchOptions');
  requireInteger('welchDensity', 'segment', L, 4, T);
  requireInteger('welchDensity', 'overlap', overlap, 0);
  if (overlap >= L) refuse('welchDensity', `overlap must be below segment=${L}, got ${overlap}`);
  requirePositive('welchDensity', 'rate', rate);
  const cosines = Float64Array.from({ length: L }, (_, i) => cos((TWO_PI * i) / L));
  const sines = Float64Array.from({ length: L }, (_, i) => sin((TWO_PI * i) / L));
  const hann = cosines.map((x) => (1 - x) / 2);
  const bins = Math.floor(L / 2) + 1;
  const density = new Float64Array(bins);
  let segments = 0;
  for (let from = 0; from + L <= T; from += L - overlap, segments++) {
    const { deviations } = centred(Float64Array.from({ length: L }, (_, i) => series[from + i]));
    for (let f = 0; f < bins; f++) density[f] += powerAt(deviations, hann, cosines, sines, f);
  }
  const power = hann.reduce((sum, w) => sum + w * w, 0);
  for (let f = 0; f < bins; f++) {
    // frequencies below 0 are put on those above; 0 and half the rate have no twin
    const twin = f === 0 || 2 * f === L ? 1 : 2;
    density[f] *= twin / (segments * power * rate);
  }
  return { frequencies: Float64Array.from({ length: bins }, (_, f) => (f * rate) / L), density, segments };
}

/** |Σ w d e^(−2πi f t/L)|² */
function powerAt(d: Float64Array, w: Float64Array, cosines: Float64Array, sines: Float64Array, f: number): number {
  const L = d.length;
  let [re, im] = [0, 0];
  for (let t = 0, at = 0; t < L; t++, at = (at + f) % L) {
    re += w[t] * d[t] * cosines[at];
    im += w[t] * d[t] * sines[at];
  }
  return re * re + im * im;
}
