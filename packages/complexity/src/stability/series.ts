import { refuse, requireInteger, requireLength } from '@hyperribbon/contract';

/** Numbers in the order of time, checked; NaN and ∞ stay: a run that diverged is reported as such. */
export function requireSeries(caller: string, name: string, series: ArrayLike<number>, least = 1): void {
  requireLength(caller, name, series, series?.length);
  if (series.length < least)
    refuse(caller, `${name} must hold at least ${least} numbers, got ${series.length}; log more epochs`);
}

/** What is left of a series after the burn-in. */
export function afterBurnIn(caller: string, name: string, series: ArrayLike<number>, burnIn: number): Float64Array {
  requireInteger(caller, 'burnIn', burnIn, 0);
  requireSeries(caller, name, series);
  if (burnIn >= series.length)
    refuse(
      caller,
      `burnIn must be below the length of ${name}, got burnIn=${burnIn} and ${series.length} numbers; train longer or burn less`,
    );
  return Float64Array.from({ length: series.length - burnIn }, (_, t) => series[burnIn + t]);
}

export function meanOf(values: ArrayLike<number>, from = 0, to: number = values.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i];
  const mean = sum / (to - from);
  // once more about the first mean: a large offset takes no digits of small changes
  let rest = 0;
  for (let i = from; i < to; i++) rest += values[i] - mean;
  return mean + rest / (to - from);
}

/** Deviations from the mean; whether all values are the same number. */
export function centred(values: ArrayLike<number>): {
  readonly mean: number;
  readonly deviations: Float64Array;
  readonly constant: boolean;
} {
  const mean = meanOf(values);
  const deviations = Float64Array.from(values, (x) => x - mean);
  let constant = Number.isFinite(mean);
  for (let i = 1; i < values.length && constant; i++) constant = values[i] === values[0];
  if (constant) deviations.fill(0);
  return { mean: constant && values.length > 0 ? values[0] : mean, deviations, constant };
}

/** Whether every entry is a finite number. */
export function allFinite(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}
