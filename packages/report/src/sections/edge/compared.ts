import type { EdgeMomentRow, EdgeSection } from './shape.js';

/** The threshold, where the rule has one. */
export type Threshold = Exclude<EdgeSection['threshold'], { readonly why: string }>;

export function thresholdOf({ threshold }: EdgeSection): Threshold | undefined {
  return 'value' in threshold ? threshold : undefined;
}

/** The curvature that a threshold is about, at one moment; undefined where it was not measured. */
export function comparedAt({ of }: Threshold, moment: EdgeMomentRow): number | undefined {
  if (of === 'norm') return moment.dualSharpness;
  return (of === 'hessian' ? moment.hessian : moment.preconditioned)?.values[0];
}

/** The threshold at one moment: it moves where the learning rate or the rule's own numbers do. */
export function thresholdAt({ value }: Threshold, { threshold = value }: EdgeMomentRow): number {
  return threshold;
}

/** A curve over steps: the moments that have a value. */
export function along(
  moments: readonly EdgeMomentRow[],
  of: (moment: EdgeMomentRow) => number | null | undefined,
): readonly (readonly [step: number, value: number])[] {
  return moments.flatMap((moment): [number, number][] => {
    const value = of(moment);
    return value === null || value === undefined ? [] : [[moment.step, held(value)]];
  });
}

/** Far from the ends of the doubles, where differences would overflow. */
export function held(value: number): number {
  return Math.max(-1e300, Math.min(1e300, value));
}

/** Where curvature stood relative to its threshold, over the last half of the run. */
export interface Hovering {
  /** means and extremes of curvature over threshold */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly moments: number;
}

/** How close a run stays to its threshold: over moments in the last half of its steps. @returns undefined without moments there */
export function hovering({ moments }: EdgeSection, threshold: Threshold): Hovering | undefined {
  const last = moments.at(-1)?.step ?? 0;
  const ratios = along(moments, (moment) => {
    const curvature = comparedAt(threshold, moment);
    return curvature === undefined ? undefined : curvature / thresholdAt(threshold, moment);
  })
    .filter(([step]) => step >= last / 2)
    .map(([, ratio]) => ratio)
    .filter(Number.isFinite);
  if (ratios.length === 0) return undefined;
  return {
    mean: ratios.reduce((sum, ratio) => sum + ratio / ratios.length, 0),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
    moments: ratios.length,
  };
}

/** Share of the intervals between moments, from a step on, over which the loss rose. */
export function risingShare(
  moments: readonly EdgeMomentRow[],
  from: number,
  to: number = Infinity,
): number | undefined {
  const losses = along(
    moments.filter(({ step }) => step >= from && step <= to),
    ({ loss }) => loss,
  );
  if (losses.length < 2) return undefined;
  const rises = losses.filter(([, loss], i) => i > 0 && loss > losses[i - 1][1]).length;
  return rises / (losses.length - 1);
}

/** η times the batch sharpness over the last half of the run, where it was measured; the error is that over times, not over batches. */
export function batchEdge({ moments, learningRate }: EdgeSection): {
  readonly mean: number;
  /** NaN for one time */
  readonly standardError: number;
  readonly times: number;
  readonly batchSize: number;
} | null {
  const last = moments.at(-1)?.step ?? 0;
  const found = moments.flatMap(({ step, batchSharpness }) =>
    batchSharpness === undefined || step < last / 2 ? [] : [batchSharpness],
  );
  if (found.length === 0) return null;
  const values = found.map(({ meanOfRatios }) => held(meanOfRatios.mean) * learningRate);
  const times = values.length;
  const mean = values.reduce((sum, value) => sum + value / times, 0);
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardError = times < 2 ? NaN : Math.sqrt(spread / (times - 1) / times);
  return { mean, standardError, times, batchSize: found[0].batchSize };
}
