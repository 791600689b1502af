// From the complexity of a class of networks to a bound on the error: what every bound of this folder has in common.
import { refuse, requireBetween, requireInteger, requireNonNegative, requirePositive } from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';
import type { BoundTerm, NormBound } from './bound.js';
import type { NetworkNorms, SampleNorms } from '../norms/networkNorms.js';
import { logSum } from './logs.js';

/** Where a margin bound is evaluated. */
export interface MarginOptions {
  /** γ > 0 of the ramp loss, fixed before the sample was seen. One of a grid: name the grid in `union` */
  readonly margin: number;
  /** in (0, 1), default 0.05: the statement holds with probability 1 − delta over samples */
  readonly delta?: number;
  /** grids that were declared in advance and searched: delta is divided by the product of their members */
  readonly union?: NormBound['union'];
}

/** Margin options with their defaults, and the share of delta that one member of all unions gets, as a logarithm: with many layers it underflows. */
export interface ResolvedMargin {
  readonly margin: number;
  readonly delta: number;
  readonly union: NormBound['union'];
  /** ln of delta over the product of the unions' members */
  readonly logShare: number;
}

/**
 * Checks margin, delta and unions, and divides delta.
 *
 * @param caller for errors
 * @throws ArgumentError for margin ≤ 0, delta outside (0, 1), a union with fewer than one member
 */
export function resolveMargin(caller: string, { margin, delta = 0.05, union = [] }: MarginOptions): ResolvedMargin {
  requirePositive(caller, 'margin', margin);
  requireBetween(caller, 'delta', delta, 0, 1);
  for (const { of, members } of union) requireInteger(caller, `members of the union over ${of}`, members, 1);
  const logShare = union.reduce((share, { members }) => share - log(members), log(delta));
  return { margin, delta, union, logShare };
}

/**
 * Mean of the ramp loss min(1, max(0, 1 − (M − shift)/γ)) over a sample, which is at least its share of M ≤ shift and at most its share of M < shift + γ. Margins that are NaN
 * count as errors.
 *
 * @param margins (m,) M; at least one
 * @param margin γ > 0
 * @param shift what a margin must exceed before it counts, default 0
 * @throws ArgumentError for no margins, or margin ≤ 0
 * @example rampLoss(Float64Array.of(14, 4, 1, -2), 2); // (0 + 0 + ½ + 1)/4
 */
export function rampLoss(margins: ArrayLike<number>, margin: number, shift = 0): number {
  requirePositive('rampLoss', 'margin', margin);
  if (!(margins.length > 0)) refuse('rampLoss', 'margins are empty: a sample has at least one example');
  let sum = 0;
  for (let i = 0; i < margins.length; i++) {
    const loss = 1 - ((margins[i] as number) - shift) / margin;
    sum += loss < 1 ? Math.max(0, loss) : 1;
  }
  return sum / margins.length;
}

/**
 * Share of margins ≤ γ in a sample. Margins that are NaN count as errors.
 *
 * @param margins (m,) at least one
 * @param margin γ ≥ 0; 0 gives the share of examples that are wrong or tied
 * @throws ArgumentError for no margins, or margin < 0
 * @example marginError(Float64Array.of(14, 4, 1, -2), 2); // 0.5
 */
export function marginError(margins: ArrayLike<number>, margin: number): number {
  requireNonNegative('marginError', 'margin', margin);
  if (!(margins.length > 0)) refuse('marginError', 'margins are empty: a sample has at least one example');
  let above = 0;
  for (let i = 0; i < margins.length; i++) if ((margins[i] as number) > margin) above++;
  return (margins.length - above) / margins.length;
}

/**
 * 3 √(ln(2/δ)/(2m)), what a bound by an empirical Rademacher or Gaussian complexity pays for its confidence.
 *
 * @param count m ≥ 1
 * @param logDelta ln δ < 0
 * @example Math.exp(confidenceTerm(4, Math.log(0.1)).log); // 1.8358101230...
 */
export function confidenceTerm(count: number, logDelta: number): BoundTerm {
  requireInteger('confidenceTerm', 'count', count, 1);
  requireBetween('confidenceTerm', 'logDelta', logDelta, -Infinity, 0);
  return { name: 'confidence', log: 0.5 * log((9 * (log(2) - logDelta)) / (2 * count)) };
}

/**
 * The gap where `logRademacher` bounds the Rademacher complexity R of every single logit: 2 · (2κ/γ) R + 3 √(ln(2/δ)/(2m)) for κ classes.
 *
 * Vector contraction gives √2 · Lip · Σ over logits of R, and the ramp of the margin is √2/γ-Lipschitz in the 2-norm.
 * @param classes κ ≥ 1, outputs of the network
 * @example gapOfLogits(Math.log(0.01), { classes: 10, margin: 5, count: 1000, logDelta: Math.log(0.05) }).map(({ log }) => Math.exp(log)); // [0.08, 0.129...]
 */
export function gapOfLogits(
  logRademacher: number,
  { classes, margin, count, logDelta }: { classes: number; margin: number; count: number; logDelta: number },
): BoundTerm[] {
  return [{ name: 'complexity', log: log((4 * classes) / margin) + logRademacher }, confidenceTerm(count, logDelta)];
}

/**
 * The gap where `logRademacher` bounds the Rademacher complexity R of the losses themselves: 2 R + 3 √(ln(2/δ)/(2m)).
 *
 * @example gapOfLosses(Math.log(0.1), { count: 1000, logDelta: Math.log(0.05) }).length; // 2
 */
export function gapOfLosses(
  logRademacher: number,
  { count, logDelta }: { count: number; logDelta: number },
): BoundTerm[] {
  return [{ name: 'complexity', log: log(2) + logRademacher }, confidenceTerm(count, logDelta)];
}

/** What a bound says of itself before its terms are added up. */
export type Statement = Omit<NormBound, 'logGap' | 'value' | 'vacuous'>;

/**
 * Adds up the terms of a bound, and says beside it what holds of every network bound: sentences of `network.outside`, spectral norms that are only known from
 * below, limits that were not fixed in advance.
 *
 * @param statement everything but the sums
 * @param network whose norms stand in it
 * @param uses the layers' numbers that stand in the bound: 'map' (each layer as a matrix on whole examples), 'filters', or 'none'; default 'map'
 */
export function normBound(
  statement: Statement,
  network: NetworkNorms,
  uses: 'map' | 'filters' | 'none' = 'map',
): NormBound {
  const logGap = logSum(statement.terms.map((term) => term.log));
  const value = statement.empirical + exp(logGap);
  return {
    ...statement,
    logGap,
    value,
    vacuous: !(value < 1),
    caveats: [...statement.caveats, ...networkCaveats(network, statement.union, uses)],
  };
}

function networkCaveats(network: NetworkNorms, union: NormBound['union'], uses: 'map' | 'filters' | 'none'): string[] {
  const caveats = [...network.outside];
  if (uses === 'none') return caveats;
  const low = network.layers.filter((layer) => layer[uses].spectralIs === 'lower').map(({ name }) => name);
  if (low.length > 0)
    caveats.push(`Spectral norms of ${low.join(', ')} are known from below only: the bound is too small by as much.`);
  const unknown = network.layers.slice(0, -1).filter(({ lipschitz }) => Number.isNaN(lipschitz));
  if (unknown.length > 0)
    caveats.push(`What follows ${unknown.map(({ name }) => name).join(', ')} has no known Lipschitz constant.`);
  if (!union.some(({ of }) => of.startsWith(normsUnion)))
    caveats.push(
      'The norms of the trained network stand for limits of the class that must be fixed before the sample is seen; a grid of limits, paid for, removes this.',
    );
  return caveats;
}

/** How the union entry begins that pays for norms (and ranks) of the trained network in place of limits fixed in advance. */
export const normsUnion = "layers' norms";

/** What holds of all bounds that go through the ramp of the margin. */
export function marginAssumptions(sample: SampleNorms): string[] {
  const lost = sample.margins.reduce((count, margin) => count + (Number.isNaN(margin) ? 1 : 0), 0);
  return [
    `The ${sample.count} examples are independent draws from the distribution on which errors are counted, and the margin's grid was declared before they were seen.`,
    ...(lost === 0 ? [] : [`${lost} of the margins are no numbers, where outputs overflow: they count as errors.`]),
  ];
}
