import {
  refuse,
  requireInteger,
  requireLength,
  requirePositive,
  requireSeed,
  throwIfAborted,
} from '@hyperribbon/contract';
import { floatArray, type FloatArray } from '@hyperribbon/contract';
import { assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { type RandomStream, stream } from '@hyperribbon/random';
import type { TopPairs } from './descentTypes.js';
import { type RitzBasis, ritzBasis, type RitzPair } from './ritzBasis.js';

export interface TrackOptions {
  /** pairs wanted, integer ≥ 1; default 1 */
  readonly k?: number;
  /** the list is longer than k until its last value lies at or below this; default Infinity: it is not */
  readonly above?: number;
  /** but no longer than this, integer ≥ k; default k without `above` and 16 + k with it */
  readonly most?: number;
  /** `vectors` of the last call, for an operator that has moved since; default none: the search starts at random */
  readonly previous?: readonly FloatArray[];
  /** directions in which large curvature may be, such as the gradient (n,); they are tried and forgotten */
  readonly guesses?: readonly FloatArray[];
  /** residual norm that counts as converged, relative to the largest |θ| of the list, > 0; default 1e-2 */
  readonly tol?: number;
  /** products spent along a random direction outside the tracked ones, in search of an eigenvalue that is missing, integer ≥ 0; default 2 */
  readonly lookout?: number;
  /** most products, integer ≥ 1; default 40 + 20 k */
  readonly maxMatvecs?: number;
  /** names the random directions, together with `index`; default 0 */
  readonly seed?: number;
  /** number of the call, so that each looks elsewhere, integer ≥ 0; default 0 */
  readonly index?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Tracked pairs and what the next call starts from. */
export interface TrackedPairs extends TopPairs {
  /** unit vectors (n,): those of the values, then one or two to start from, so that a newcomer is seen before it is large */
  readonly vectors: readonly FloatArray[];
  /** the largest Ritz value that is not in the list, NaN where there is none: it has looked for a missing one in so many products */
  readonly next: { readonly value: number; readonly residualNorm: number; readonly products: number };
}

/** Ritz vectors carried beside the wanted ones. */
const spare = 2;

/**
 * The k largest eigenpairs of a symmetric operator that moves a little between calls, such as the Hessian every few steps of training.
 *
 * The last vectors are the start. Rayleigh and Ritz on them, then on them and the residuals of those that have not converged, again and again: a block
 * Krylov space that costs one product per vector and per residual, so that a matrix that hardly moved costs k products. Each pair is returned with
 * ‖A v − θ v‖: an eigenvalue lies within that distance of θ, whatever the start was. Whether a larger one is missing no residual tells: a random
 * direction orthogonal to the list is followed for `lookout` products, and spare Ritz vectors go from call to call, so that an eigenvalue that grows is
 * met while it is small. That is a watch and no proof; `eigsh` of `@hyperribbon/lanczos` bounds the probability that one is missing.
 *
 * With `above` the list is as long as it takes for its last value to lie at or below that number: all eigenvalues above a threshold, and one that is not.
 *
 * @returns values descending; `converged`: all residuals are at most tol · max|θ|. An operator whose products are not finite gives NaN and false
 * @throws ArgumentError, ArgumentTypeError; AbortError for `signal`
 * Cost: k + 3 products at the least, for a neural network some 3 k after fifty steps; about 4 m n flops for each vector added to m, 2 m n numbers
 * @example
 * const H = hessian(net, params, digits.train);
 * const first = await trackPairs(H, { k: 5 });
 * H.setWeights(params.map((w) => 1.01 * w));
 * const second = await trackPairs(H, { k: 5, previous: first.vectors, index: 1 });
 * second.values[0]; // sharpness
 * Source: block Krylov spaces with restarts [saad2011, §6.12]; the residuals as expansion are [davidson1975] without a preconditioner.
 */
export async function trackPairs(operator: LinearOperator, options: TrackOptions = {}): Promise<TrackedPairs> {
  const settled = settle(operator, options);
  const { above, most, tol, lookout, maxMatvecs, signal } = settled;
  let { k } = settled;
  const basis = ritzBasis(operator);
  const { seed, index } = settled;
  const random = directions(operator, stream({ seed, purpose: 'tracked-pairs', index }));
  await basis.add(startOf(settled, random));
  let looked = 0;
  for (;;) {
    let pairs = basis.pairs(k + spare);
    while (k < most && pairs.length >= k && pairs[k - 1].value > above) pairs = basis.pairs(++k + spare);
    if (pairs.length === 0) return lost(k, basis, looked);
    const scale = Math.max(...pairs.slice(0, k).map(({ value }) => Math.abs(value)));
    const open = pairs.slice(0, k).filter(({ residualNorm }) => !(residualNorm <= tol * scale));
    // the pair after the wanted ones follows the random direction: its residual is one more step of Lanczos
    const outside = looked < lookout && pairs.length > k ? [pairs[k]] : [];
    const wanted = [...open, ...outside].filter(({ residualNorm }) => residualNorm > 0);
    const full = basis.count >= operator.size;
    // all that is known stands above: another direction tells whether there is more
    if (
      wanted.length === 0 &&
      !full &&
      pairs.length <= k &&
      pairs[pairs.length - 1].value > above &&
      (await basis.add(random(1)))
    )
      continue;
    if (wanted.length === 0 || full || basis.matvecs + wanted.length > maxMatvecs)
      return report(pairs, k, {
        converged: open.length === 0 && basis.count >= Math.min(k, operator.size),
        basis,
        looked,
      });
    throwIfAborted('trackPairs', signal);
    if (basis.count > 4 * k + 24) basis.restart(pairs);
    const added = await basis.add(wanted.map(({ residual }) => residual));
    looked += outside.length;
    // rounding: nothing is left to add
    if (added === 0) return report(pairs, k, { converged: open.length === 0, basis, looked });
  }
}

interface Settled {
  readonly k: number;
  readonly above: number;
  readonly most: number;
  readonly previous: readonly FloatArray[];
  readonly guesses: readonly FloatArray[];
  readonly tol: number;
  readonly lookout: number;
  readonly maxMatvecs: number;
  readonly seed: number;
  readonly index: number;
  readonly signal: AbortSignal | undefined;
}

function settle(operator: LinearOperator, options: TrackOptions): Settled {
  const caller = 'trackPairs';
  assertOperator(operator, caller);
  const { k: asked = 1, previous = [], guesses = [], tol = 1e-2, lookout = 2, seed = 0, index = 0, signal } = options;
  const { above = Infinity } = options;
  requireInteger(caller, 'k', asked, 1);
  if (!(above > -Infinity)) refuse(caller, `above must be a number or Infinity, got ${above}`);
  requirePositive(caller, 'tol', tol);
  requireInteger(caller, 'lookout', lookout, 0);
  requireSeed(caller, seed);
  requireInteger(caller, 'index', index, 0);
  for (const [name, vectors] of Object.entries({ previous, guesses }))
    vectors.forEach((v, i) => requireLength(caller, `${name}[${i}]`, v, operator.size));
  const { most: limit = above < Infinity ? asked + 16 : asked } = options;
  requireInteger(caller, 'most', limit, asked);
  const [k, most] = [asked, limit].map((count) => Math.min(count, operator.size));
  const { maxMatvecs = 40 + 20 * most } = options;
  requireInteger(caller, 'maxMatvecs', maxMatvecs, 1);
  return { k, above, most, previous, guesses, tol, lookout, maxMatvecs, seed, index, signal };
}

/** Normal random directions, new ones at every call. */
function directions({ size, dtype }: LinearOperator, draws: RandomStream): (count: number) => FloatArray[] {
  return (count) =>
    Array.from({ length: count }, () => floatArray(dtype, draws.normal(new Float64Array(size)) as Float64Array));
}

/** What was tracked, what is guessed, and random directions: one to look out along, more where nothing was tracked. */
function startOf(
  { k, most, previous, guesses, lookout }: Settled,
  random: (count: number) => FloatArray[],
): FloatArray[] {
  const fresh = Math.max(k - previous.length, lookout > 0 ? 1 : 0);
  return [...previous.slice(0, most + spare), ...guesses, ...random(fresh)];
}

function report(
  pairs: readonly RitzPair[],
  k: number,
  { converged, basis, looked }: { readonly converged: boolean; readonly basis: RitzBasis; readonly looked: number },
): TrackedPairs {
  const listed = pairs.slice(0, k);
  const after = pairs.at(k);
  return {
    values: listed.map(({ value }) => value),
    residualNorms: listed.map(({ residualNorm }) => residualNorm),
    converged,
    matvecs: basis.matvecs,
    vectors: pairs.map(({ vector }) => vector),
    next: { value: after?.value ?? NaN, residualNorm: after?.residualNorm ?? NaN, products: looked },
  };
}

/** Products that are not finite, or no direction to start from. */
function lost(k: number, { matvecs }: RitzBasis, products: number): TrackedPairs {
  const unknown = Array.from({ length: k }, () => NaN);
  const next = { value: NaN, residualNorm: NaN, products };
  return { values: unknown, residualNorms: unknown, converged: false, matvecs, vectors: [], next };
}
