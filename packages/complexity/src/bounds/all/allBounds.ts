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
import { bestMargin, below, defaultMargins, logValueOf } from './marginGrid.js';
import { type Entry, entriesFor } from './registry.js';

/** Every bound on one network, each at its best declared margin. */
export interface AllBounds {
  readonly delta: number;
  /** that were declared */
  readonly margins: readonly number[];
  readonly step: number;
  /** by their values, smallest first, whatever these overflow to; those without a value last */
  readonly bounds: readonly NormBound[];
}

/**
 * Every bound of this package on one network, as a list for reports: each at the best of the declared margins, with norms of the trained network replaced by limits
 * on grids, so that explicit bounds hold as they stand.
 *
 * What a bound pays for is in its `union`: the margins of the grid, and for each norm that it uses the grid's share of its limit ({@link gridPoint}). Bounds that do not
 * change when a factor moves from one layer to another pay for products and ratios only. Rates, whose constants are dropped, pay for margins only and are no statements.
 *
 * @throws ArgumentError for options that do not exist or are out of range, for norms of a network and a sample that do not belong together
 * Cost: L² additions and m comparisons for each of some twenty bounds and each margin.
 * @example
 * const { bounds } = allBounds(network, sample, { delta: 0.1 });
 * bounds.map(({ name, value, vacuous }) => ({ name, value, vacuous }));
 */
export function allBounds(network: NetworkNorms, sample: SampleNorms, options: AllBoundsOptions = {}): AllBounds {
  requireOnly('allBounds', options, ['delta', 'margins', 'step', 'logPathNorms']);
  const { delta = 0.05, margins = defaultMargins(), step = 0.1, logPathNorms = {} } = options;
  requireBetween('allBounds', 'delta', delta, 0, 1);
  requirePositive('allBounds', 'step', step);
  requireInteger('allBounds', 'number of margins', margins.length, 1);
  requireEach(
    requirePositive,
    'allBounds',
    Object.fromEntries(Array.from(margins, (margin, i) => [`margins[${i}]`, margin])),
  );
  requireTogether(network, sample);
  const bounds = [
    ...entriesFor(network).map((entry) => evaluate(entry, network, sample, { delta, margins, step })),
    ...authorCodeBounds(network, sample, { logPathNorms }),
  ];
  return { delta, margins: Array.from(margins), step, bounds: inOrder(bounds) };
}

function evaluate(
  { cover, withoutMargin, bound }: Entry,
  network: NetworkNorms,
  sample: SampleNorms,
  { delta, margins, step }: { readonly delta: number; readonly margins: ArrayLike<number>; readonly step: number },
): NormBound {
  const covered = cover === undefined ? undefined : coverNorms(network, sample, cover, step);
  const { network: limits, sample: limitedSample, union: paid } = covered ?? { network, sample, union: [] };
  if (withoutMargin) return bound(limits, limitedSample, { delta, union: paid, margin: 1 });
  const union = [{ of: 'margins that were declared', members: margins.length }, ...paid];
  const best = bestMargin(margins, (margin) => bound(limits, limitedSample, { margin, delta, union }));
  return covered === undefined ? best : { ...best, assumptions: [...best.assumptions, ...covered.assumptions] };
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
