import type { Estimate } from './sharpnessTypes.js';

/** The mean of independent draws, with its standard error: √(Σ (x − mean)² / (n (n − 1))), NaN for one draw. */
export function estimateOf(draws: Float64Array): Estimate {
  const n = draws.length;
  let total = 0;
  for (let i = 0; i < n; i++) total += draws[i];
  const mean = total / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (draws[i] - mean) * (draws[i] - mean);
  return { mean, standardError: n > 1 ? Math.sqrt(squares / (n * (n - 1))) : NaN };
}
