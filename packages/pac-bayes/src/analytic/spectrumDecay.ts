import { refuse, requirePositive } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { CompensatedSum } from '../limits/summation.js';

/** ln(lambda_i) = intercept + slope · i, fitted by least squares over indices from..to, both included, counted from 0. */
export interface SpectrumDecay {
  readonly from: number;
  readonly to: number;
  /** Nats per index; -slope is the "sloppiness". */
  readonly slope: number;
  readonly intercept: number;
  /** Share of the variance of ln(lambda) that the line explains; 1 if there is none. */
  readonly rSquared: number;
}

/**
 * Sloppiness of a spectrum: the slope of ln(lambda_i) against the index i.
 * @param eigenvalues descending; all positive inside the window
 * @param window first and last index; default: the whole array
 * @throws ArgumentError for a window with fewer than 3 values, or values that are not positive
 * @example spectrumDecay([1, 0.1, 0.01]).slope // -2.302...
 */
export function spectrumDecay(
  eigenvalues: ArrayLike<number>,
  { from = 0, to = eigenvalues.length - 1 }: { readonly from?: number; readonly to?: number } = {},
): SpectrumDecay {
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && to < eigenvalues.length && to - from >= 2))
    refuse('spectrumDecay', `window must hold 3 of ${eigenvalues.length} values, got from=${from}, to=${to}`);
  const centre = (from + to) / 2;
  const mean = new CompensatedSum();
  for (let i = from; i <= to; i++) {
    requirePositive('spectrumDecay', `eigenvalues[${i}]`, eigenvalues[i]);
    mean.add(log(eigenvalues[i]));
  }
  const average = mean.total / (to - from + 1);
  const xx = new CompensatedSum();
  const xy = new CompensatedSum();
  const yy = new CompensatedSum();
  for (let i = from; i <= to; i++) {
    const x = i - centre;
    const y = log(eigenvalues[i]) - average;
    xx.add(x * x);
    xy.add(x * y);
    yy.add(y * y);
  }
  const slope = xy.total / xx.total;
  const rSquared = yy.total > 0 ? Math.min(1, (slope * xy.total) / yy.total) : 1;
  return { from, to, slope, intercept: average - slope * centre, rSquared };
}
