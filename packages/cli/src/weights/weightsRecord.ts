import {
  type AnalyzedTensor,
  modelValues,
  type RefusedTensor,
  type TensorReport,
} from '@hyperribbon/complexity/weights';
import { exp, log } from '@hyperribbon/kernels';
import type { WeightSpectraSection } from '@hyperribbon/report';
import { jsonNumbers } from '../output/jsonNumbers.js';
import { metricTitles } from './metricTitles.js';
import type { ComparedTensor, WeightsResult } from './runWeights.js';
import { isRejected, verdict } from './verdict.js';

/** points of a curve that a picture shows */
const POINTS = 300;

/** Everything that was found, for programs: eigenvalues too; what is infinite or unknown is null. */
export function weightsRecord(
  { reports, compared, missing }: WeightsResult,
  about: { readonly model: string; readonly seed: number; readonly draws: number },
): object {
  return {
    schema: 'hyperribbon/weights',
    version: 1,
    ...about,
    tensors: reports.map((report) => plain(report)),
    values: modelValues(reports).map((value) => plain(value)),
    ...(compared && { compared: compared.map((one) => plain(one)) }),
    missing,
  };
}

/** Plain data: typed arrays as lists, null for NaN and infinities. */
function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value instanceof Float64Array) return jsonNumbers(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}

/** The section of a report. */
export function weightSpectraSection(
  { reports, compared }: WeightsResult,
  about: { readonly model: string; readonly draws: number; readonly other?: string },
): WeightSpectraSection {
  const layers = reports.filter((report): report is AnalyzedTensor => report.analyzed);
  return {
    file: about.model,
    draws: about.draws,
    layers: layers.map(layerRow),
    refused: reports
      .filter((report): report is RefusedTensor => !report.analyzed)
      .map(({ name, shape, reason, sentence }) => ({ name, shape, reason, sentence })),
    values: modelValues(reports as readonly TensorReport[]).flatMap(({ metric, mean, standardError, layers: count }) =>
      Number.isFinite(mean)
        ? [{ metric: metricTitles[metric], mean, standardError: finite(standardError), layers: count }]
        : [],
    ),
    ...(compared && { compared: compared.map(comparedRow), other: about.other ?? '' }),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function layerRow(layer: AnalyzedTensor): WeightSpectraSection['layers'][number] {
  const { name, shape, N, M, blocks, fit, metrics, noise, test, farms, twin } = layer;
  return {
    name,
    shape,
    N,
    M,
    blocks,
    curve: curveOf(layer),
    count: fit.values,
    alpha: finite(fit.alpha),
    ...(test?.interval && { interval: test.interval }),
    ...(test && { p: test.p }),
    rejected: isRejected(layer),
    D: fit.D,
    xmin: fit.xmin,
    tail: fit.tail,
    logNorm: metrics.logNorm,
    logSpectralNorm: metrics.logSpectralNorm,
    alphaHat: finite(metrics.alphaWeighted),
    logAlphaNorm: finite(metrics.logAlphaNorm),
    stableRank: metrics.stableRank,
    entropy: metrics.entropy,
    edge: noise.edges.upper * noise.mean,
    spikes: noise.tracyWidomSpikes,
    spikesP: noise.p,
    shiftedSpikes: noise.shiftedSpikes,
    ...(twin && { traps: twin.noise.tracyWidomSpikes }),
    ...(farms && Number.isFinite(farms.fit.alpha) && { fixedRatioAlpha: farms.fit.alpha }),
    verdict: verdict(layer),
  };
}

/** Eigenvalues above the threshold of the fit with how many are at least as large; at most 300 of them, with the largest ones and the beginning of the tail. */
function curveOf({ eigenvalues, fit }: AnalyzedTensor): readonly (readonly [number, number])[] {
  const n = fit.values;
  const kept = eigenvalues.slice(eigenvalues.length - n);
  const chosen = new Set<number>([n - fit.tail]);
  for (let k = 0; k < Math.min(POINTS, n); k++) {
    // ranks from the top, evenly on a logarithmic axis
    const rank = n <= POINTS ? k : Math.round(exp((k / (POINTS - 1)) * log(n))) - 1;
    chosen.add(n - 1 - rank);
  }
  return [...chosen].sort((a, b) => a - b).map((i) => [kept[i], n - i]);
}

function comparedRow(one: ComparedTensor): NonNullable<WeightSpectraSection['compared']>[number] {
  if ('reason' in one) return one;
  const { name, distance, relative, cosine, spectral, stableRank } = one;
  return { name, distance, relative: finite(relative), cosine: finite(cosine), spectral, stableRank };
}
