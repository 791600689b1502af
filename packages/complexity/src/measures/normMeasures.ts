import {
  refuse,
  requireBetween,
  requireFinite,
  requireInteger,
  requireNoOthers,
  requireOneOf,
  requirePositive,
} from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { logSum, sumOfLogs } from '../bounds/logs.js';
import type { NetworkNorms, SampleNorms } from '../norms/networkNorms.js';
import { asMeasure, type Outcome, undefinedFor } from './asMeasure.js';
import { type LayerLogs, layerLogs, productTimesRatios } from './layerLogs.js';
import { type LowMargin, lowMargin, type MarginRule } from './lowMargin.js';
import type { Measure } from './measure.js';
import { orderOf } from './measureTable.js';

export interface NormMeasureOptions {
  /** how γ is taken from the margins, default 'kth-smallest'; a number is γ itself, finite */
  readonly margin?: MarginRule | number;
  /** δ in (0, 1) of spec-init and spec-orig, default 0.1 */
  readonly delta?: number;
  /** n of vc, spec-init and spec-orig, the side of the images; default √inputs, which is the side of a square image of one channel */
  readonly imageSide?: number;
}

/** What measures made of norms alone share. */
interface Parts {
  readonly network: NetworkNorms;
  readonly sample: SampleNorms;
  readonly margin: LowMargin;
  readonly marginCaveats: readonly string[];
  readonly delta: number;
  readonly imageSide: number;
}

/**
 * The measures that are functions of norms and margins: counts of parameters, margin, products, sums and distances of spectral and Frobenius norms. In logarithms
 * throughout: a product over many layers neither overflows nor vanishes.
 *
 * Spectral norms are those of the matrices of filters, as in the sources; measures called `-fft` take those of the whole linear maps. A zero layer makes
 * products −∞; what it divides by zero is undefined and says so, and so is what needs reference weights, or a margin, that is not there.
 *
 * @param network norms, with those of the change where distances are wanted
 * @returns in the order of {@link measureTable}
 * @throws ArgumentError for a network without layers, and options out of range
 * Source: [jiang2020], formulas as in the code of [dziugaite2020] where they stand there. Cost: layers²
 * @example
 * const measures = normMeasures(network, sample, { margin: 2 });
 * measures.find(({ name }) => name === 'prod-of-spec').logValue; // 4.60517…
 */
export function normMeasures(
  network: NetworkNorms,
  sample: SampleNorms,
  { margin: rule = 'kth-smallest', delta = 0.1, imageSide, ...others }: NormMeasureOptions = {},
): Measure[] {
  const caller = 'normMeasures';
  requireNoOthers(caller, others, 'NormMeasureOptions');
  requireBetween(caller, 'delta', delta, 0, 1);
  requireInteger(caller, 'sample.count', sample.count, 1);
  if (imageSide !== undefined) requirePositive(caller, 'imageSide', imageSide);
  if (network.layers.length === 0) refuse(caller, `${network.name} has no layers to measure`);
  const { margin, caveats: marginCaveats } = settledMargin(sample, rule);
  const side = imageSide ?? Math.sqrt(network.inputs);
  const parts: Parts = { network, sample, margin, marginCaveats, delta, imageSide: side };
  const filters = layerLogs(network, 'filters');
  const outcomes: Record<string, Outcome> = {
    ...counts(parts),
    ...fullBounds(parts, filters),
    ...spectral(parts, filters, ''),
    ...frobenius(parts, filters),
    ...distances(filters),
    ...spectral(parts, layerLogs(network, 'map'), '-fft'),
  };
  return Object.entries(outcomes)
    .map(([name, outcome]) => asMeasure(name, outcome, sample.count))
    .sort((a, b) => orderOf(a) - orderOf(b));
}

/** The margin γ that measures divide by, by a rule or given, and what is to be said of it. */
export function settledMargin(
  { margins }: Pick<SampleNorms, 'margins'>,
  rule: MarginRule | number,
): { readonly margin: LowMargin; readonly caveats: readonly string[] } {
  if (typeof rule === 'number') requireFinite('normMeasures', 'margin', rule);
  else requireOneOf('normMeasures', 'margin', rule, ['kth-smallest', 'percentile-10', 'percentile-5']);
  const margin = typeof rule === 'number' ? { margin: rule } : lowMargin(margins, rule);
  const negative = `the margin is negative (${margin.margin}): the sources take its absolute value, which hides it`;
  return { margin, caveats: margin.margin < 0 ? [negative] : [] };
}

/** ln (e^logValue / γ²), γ's absolute value as in the sources. */
export function overMargin(logValue: number, { margin, undefinedBecause }: LowMargin): Outcome {
  if (undefinedBecause !== undefined) return undefinedFor(undefinedBecause);
  if (margin === 0) return undefinedFor('the margin is 0, which cannot be divided by');
  return { logValue: logValue - 2 * log(Math.abs(margin)) };
}

function counts({ network, margin, marginCaveats, imageSide }: Parts): Record<string, Outcome> {
  const { layers } = network;
  const [weights, depth] = [layers.reduce((sum, { parameters }) => sum + parameters, 0), layers.length];
  const jiang = layers.reduce((sum, { parameters, filters }) => sum + parameters + filters.columns, 0);
  const logTwo = log(6 * depth * imageSide) / log(2);
  return {
    params: { logValue: log(weights) },
    'params-jiang': { logValue: log(jiang) },
    vc: { logValue: log(depth) + 3 * log(logTwo) + log(weights) },
    'inverse-margin': { ...overMargin(0, margin), caveats: marginCaveats },
  };
}

const noReference = undefinedFor('no reference weights were given: hand in those at the start of training');

function fullBounds(parts: Parts, { spectral, frobenius, change, caveats }: LayerLogs): Record<string, Outcome> {
  const { network, sample, margin, delta, imageSide, marginCaveats } = parts;
  const { layers } = network;
  const kernels = layers.map(({ kind, reads, filters }) =>
    Math.sqrt((kind === 'convolution' ? reads : 1) * filters.rows),
  );
  const covering = log(log(4 * imageSide * imageSide * layers.length)) / 2;
  const radius = log(84) + log(sample.radius) + log(kernels.reduce((sum, k) => sum + k, 0));
  const factor = 2 * logSum([radius, covering]);
  const confidence = log(log(sample.count / delta));
  const full = (sizes: readonly number[]): Outcome => ({
    ...overMargin(logSum([factor + logSum(productTimesRatios(sizes, spectral)), confidence]), margin),
    caveats: [...marginCaveats, ...caveats],
  });
  return {
    'spec-init': change === undefined ? noReference : full(change.frobenius),
    'spec-orig': full(frobenius),
  };
}

function spectral(
  { network, margin, marginCaveats }: Parts,
  logs: LayerLogs,
  suffix: '' | '-fft',
): Record<string, Outcome> {
  const { spectral, frobenius, change, names, caveats } = logs;
  const depth = spectral.length;
  const product = sumOfLogs(spectral);
  const outside = [...network.outside, ...caveats];
  const plain = (logValue: number): Outcome => ({ logValue, caveats: outside });
  const divided = (logValue: number, root: number = 1): Outcome => {
    const { logValue: over, undefinedBecause } = overMargin(logValue, margin);
    const logRoot = root === 1 ? over : log(root) + over / root;
    return { logValue: logRoot, undefinedBecause, caveats: [...marginCaveats, ...outside] };
  };
  const zero = names.filter((_, i) => spectral[i] === -Infinity);
  const ratios =
    zero.length > 0
      ? undefinedFor(`${zero.join(', ')} is zero: its Frobenius norm cannot be divided by its spectral norm`)
      : plain(logSum(frobenius.map((f, i) => f - spectral[i])));
  const rows: Record<string, Outcome> = {
    'spec-init-main':
      change === undefined ? noReference : divided(logSum(productTimesRatios(change.frobenius, spectral))),
    'spec-orig-main': divided(logSum(productTimesRatios(frobenius, spectral))),
    'prod-of-spec-over-margin': divided(product),
    'prod-of-spec': plain(product),
    'fro-over-spec': ratios,
    'sum-of-spec-over-margin': divided(product, depth),
    'sum-of-spec': plain(log(depth) + product / depth),
    'dist-spec-init': change === undefined ? noReference : plain(logSum(change.spectral)),
  };
  return Object.fromEntries(Object.entries(rows).map(([name, outcome]) => [`${name}${suffix}`, outcome]));
}

function frobenius({ network, margin, marginCaveats }: Parts, { frobenius }: LayerLogs): Record<string, Outcome> {
  const depth = frobenius.length;
  const product = sumOfLogs(frobenius);
  const { outside } = network;
  const over = overMargin(product, margin);
  const caveats = [...marginCaveats, ...outside];
  return {
    'prod-of-fro-over-margin': { ...over, caveats },
    'prod-of-fro': { logValue: product, caveats: outside },
    'sum-of-fro-over-margin': { ...over, logValue: log(depth) + over.logValue / depth, caveats },
    'sum-of-fro': { logValue: log(depth) + product / depth, caveats: outside },
  };
}

/** Of ‖w‖ and ‖w − w⁰‖ the measures l2 and l2-dist take the norms themselves, as in the code of the source, not their squares. */
function distances({ frobenius, change }: LayerLogs): Record<string, Outcome> {
  const distance = change && logSum(change.frobenius);
  return {
    'fro-dist': distance === undefined ? noReference : { logValue: distance },
    'param-norm': { logValue: logSum(frobenius) },
    l2: { logValue: logSum(frobenius) / 2 },
    'l2-dist': distance === undefined ? noReference : { logValue: distance / 2 },
  };
}
