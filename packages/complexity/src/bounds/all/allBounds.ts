import {
  refuse,
  requireBetween,
  requireEach,
  requireInteger,
  requireOnly,
  requirePositive,
} from '@hyperribbon/contract';
import type { NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import { authorCodeBounds } from '../authors/neyshaburCode.js';
import type { NormBound } from '../bound.js';
import type { AllBoundsOptions } from './allBoundsOptions.js';
import { coverNorms } from './coverNorms.js';
import { cutToRank } from './cutToRank.js';
import { bestMargin, below, defaultMargins, logValueOf } from './marginGrid.js';
import type { Entry } from './entry.js';
import { entriesFor } from './registry.js';

/** Every bound on one network, each at its best declared margin. */
export interface AllBounds {
  readonly delta: number;
  /** that were declared */
  readonly margins: readonly number[];
  readonly step: number;
  /** by their values, smallest first, whatever these overflow to; those without a value last */
  readonly bounds: readonly NormBound[];
  /** two of them that every comparison needs: what does not fall with the sample, */
  readonly trivial: NormBound;
  /** and what counts parameters of low-rank layers, with all its constants */
  readonly parameterCounting: NormBound;
}

/**
 * Every bound of this package on one network, as a list for reports: each at the best of the declared margins, with norms of the trained network replaced by limits
 * on grids, so that explicit bounds hold as they stand.
 *
 * What a bound pays for is in its `union`: the margins of the grid, and for each norm that it uses the grid's share of its limit ({@link gridPoint}). Bounds that do not
 * change when a factor moves from one layer to another pay for products and ratios only. Rates, whose constants are dropped, pay for margins only and are no statements.
 *
 * Where a Lipschitz constant between layers is not known (skip connections, branches) formulas take 1, and every bound says that this is no statement.
 * @throws ArgumentError for options that do not exist or are out of range, for norms of a network and a sample that do not belong together
 * Cost: L² additions and m comparisons for each of some twenty bounds and each margin.
 * @example
 * const { bounds } = allBounds(network, sample, { delta: 0.1 });
 * bounds.map(({ name, value, vacuous }) => ({ name, value, vacuous }));
 */
export function allBounds(network: NetworkNorms, sample: SampleNorms, options: AllBoundsOptions = {}): AllBounds {
  requireOnly('allBounds', options, optionNames);
  const { delta = 0.05, margins = defaultMargins(), step = 0.1, rankTolerance, logPathNorms = {} } = options;
  requireBetween('allBounds', 'delta', delta, 0, 1);
  requirePositive('allBounds', 'step', step);
  requireInteger('allBounds', 'number of margins', margins.length, 1);
  const entries = Array.from(margins, (margin, i) => [`margins[${i}]`, margin] as const);
  requireEach(requirePositive, 'allBounds', Object.fromEntries(entries));
  requireTogether(network, sample);
  const known = knownStretches(network);
  const settled = { delta, margins, step, rankTolerance };
  const bounds = inOrder([
    ...entriesFor(known, options).map((entry) => evaluate(entry, known, sample, settled)),
    ...authorCodeBounds(known, sample, { logPathNorms }),
  ]);
  const named = (name: string): NormBound => bounds.find((bound) => bound.name === name)!;
  return {
    delta,
    margins: Array.from(margins),
    step,
    bounds,
    trivial: named('trivial'),
    parameterCounting: named('low-rank-parameter-counting'),
  };
}

const optionNames = [
  'delta',
  'margins',
  'step',
  'rankTolerance',
  'c1',
  'c2',
  'c',
  'cushions',
  'logPathNorm',
  'logPathNorms',
];

interface Settled {
  readonly delta: number;
  readonly margins: ArrayLike<number>;
  readonly step: number;
  readonly rankTolerance: number | undefined;
}

function evaluate(
  { cover, withoutMargin, bound }: Entry,
  network: NetworkNorms,
  sample: SampleNorms,
  { delta, margins, step, rankTolerance }: Settled,
): NormBound {
  if (withoutMargin) return bound(network, sample, { delta, union: [], margin: 1 });
  const declared = { of: 'margins that were declared', members: margins.length };
  if (cover === undefined)
    return bestMargin(margins, (margin) => bound(network, sample, { margin, delta, union: [declared] }));
  const cut = cover.ranks === undefined ? undefined : cutToRank(network, sample, cover.ranks, rankTolerance);
  const covered = coverNorms(cut?.network ?? network, cut?.sample ?? sample, cover, step);
  const union = [declared, ...covered.union];
  const best = bestMargin(margins, (margin) => bound(covered.network, covered.sample, { margin, delta, union }));
  return { ...best, assumptions: [...best.assumptions, ...(cut?.assumptions ?? []), ...covered.assumptions] };
}

/** Formulas take what stands between layers as 1-Lipschitz where nobody knows better, and every bound says so. */
function knownStretches(network: NetworkNorms): NetworkNorms {
  const unknown = network.layers.slice(0, -1).filter(({ lipschitz }) => Number.isNaN(lipschitz));
  if (unknown.length === 0) return network;
  const names = unknown.length <= 3 ? unknown.map(({ name }) => name).join(', ') : `${unknown.length} layers`;
  return {
    ...network,
    layers: network.layers.map((layer) => (Number.isNaN(layer.lipschitz) ? { ...layer, lipschitz: 1 } : layer)),
    outside: [
      ...network.outside,
      `What stands behind ${names} has no Lipschitz constant that is known here; the formulas were given 1.`,
    ],
  };
}

function inOrder(bounds: readonly NormBound[]): NormBound[] {
  const keys = new Map(bounds.map((bound) => [bound, logValueOf(bound)]));
  return [...bounds].sort((a, b) => {
    const [x, y] = [keys.get(a)!, keys.get(b)!];
    if (below(x, y)) return -1;
    return below(y, x) ? 1 : 0;
  });
}

function requireTogether(
  { layers, name, inputs }: NetworkNorms,
  { count, margins, largestPatches, features }: SampleNorms,
): void {
  if (layers.length === 0) refuse('allBounds', `${name} has no layers: there is no bound on it`);
  if (margins.length !== count)
    refuse(
      'allBounds',
      `a sample of ${count} examples has ${count} margins, got ${margins.length}: take both from one call of sampleNorms`,
    );
  if (largestPatches.length !== layers.length)
    refuse(
      'allBounds',
      `${name} has ${layers.length} layers, the sample knows the patches of ${largestPatches.length}: take both from one network`,
    );
  if (features !== inputs) refuse('allBounds', `${name} takes ${inputs} inputs, the sample has ${features} features`);
}
