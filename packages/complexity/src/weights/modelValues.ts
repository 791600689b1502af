import { requireOneOf } from '@hyperribbon/contract';
import type { AnalyzedTensor, TensorReport } from './analyzeTensor.js';

const metricNames = [
  'alpha',
  'alphaWeighted',
  'logAlphaNorm',
  'logNorm',
  'logSpectralNorm',
  'stableRank',
  'entropy',
] as const;

/** A metric that is averaged over layers. */
export type WeightMetric = (typeof metricNames)[number];

/** Mean of a metric over the layers of a model. */
export interface ModelValue {
  readonly metric: WeightMetric;
  readonly mean: number;
  /** of the mean, as if layers were drawn: deviation/√layers; NaN for one layer */
  readonly standardError: number;
  readonly layers: number;
}

/**
 * Unweighted means over analysed layers, with standard errors; layers whose value is infinite are left out and not counted.
 *
 * @example modelValues([]).length; // 0: no layer, no mean
 */
export function modelValues(reports: readonly TensorReport[]): readonly ModelValue[] {
  return metricNames.flatMap((metric) => {
    const values = depthFlow(reports, metric).map(({ value }) => value);
    const n = values.length;
    if (n === 0) return [];
    const mean = values.reduce((sum, x) => sum + x, 0) / n;
    const square = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    return [{ metric, mean, standardError: n < 2 ? NaN : Math.sqrt(square / (n - 1) / n), layers: n }];
  });
}

/** A layer's place in a flow. */
export interface FlowPoint {
  readonly name: string;
  /** from 0, counting analysed layers in the order of the file */
  readonly depth: number;
  readonly value: number;
  /** for alpha where it was tested */
  readonly interval?: readonly [number, number];
}

/**
 * A metric against depth: the correlation flow.
 * @throws ArgumentError for a metric there is none of
 * @example depthFlow([], 'alpha'); // []
 */
export function depthFlow(reports: readonly TensorReport[], metric: WeightMetric): readonly FlowPoint[] {
  requireOneOf('depthFlow', 'metric', metric, metricNames);
  return reports
    .filter((report): report is AnalyzedTensor => report.analyzed)
    .map(({ name, fit, metrics, test }, depth) => ({
      name,
      depth,
      value: metric === 'alpha' ? fit.alpha : metrics[metric],
      ...(metric === 'alpha' && test?.interval !== undefined ? { interval: test.interval } : {}),
    }))
    .filter(({ value }) => Number.isFinite(value));
}
