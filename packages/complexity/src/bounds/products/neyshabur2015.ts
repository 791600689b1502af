import {
  refuse,
  requireInteger,
  requireNonNegative,
  requireLength,
  requireOneOf,
  requireOnly,
  requireWithin,
} from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';
import type { NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import type { NormBound } from '../bound.js';
import { type MarginOptions, resolveMargin } from '../marginTemplate.js';
import { logitBound, logLayerProduct, logRowProduct } from './logitBound.js';

/**
 * ln ‖W‖_{p,q} of a layer: the p-norm of the incoming weights of every unit, of these the q-norm over units.
 *
 * @param W (rows, columns), rows are units
 * @param orders p and q in [1, ∞], Infinity for maxima
 * @returns −∞ of zero, NaN where an entry is NaN
 * @throws ArgumentError for a shape that does not fit, p or q below 1
 * @example
 * const W = [3, 4, 0, 0, 0, 1];
 * Math.exp(groupNorm(W, { rows: 2, columns: 3, p: 1, q: Infinity })); // 7
 * Source: [neyshabur2015, section 2].
 */
export function groupNorm(
  W: ArrayLike<number>,
  { rows, columns, p, q }: { readonly rows: number; readonly columns: number; readonly p: number; readonly q: number },
): number {
  requireLength('groupNorm', 'W', W, [rows, columns]);
  requireWithin('groupNorm', 'p', p, 1, Infinity);
  requireWithin('groupNorm', 'q', q, 1, Infinity);
  const units = Array.from({ length: rows }, (_, i) =>
    logNorm(
      Array.from({ length: columns }, (__, j) => log(Math.abs(W[i * columns + j] as number))),
      p,
    ),
  );
  return logNorm(units, q);
}

/** ln of the p-norm of numbers given by their logarithms. */
function logNorm(logs: readonly number[], p: number): number {
  if (logs.some(Number.isNaN)) return NaN;
  const top = Math.max(-Infinity, ...logs);
  if (!Number.isFinite(top) || p === Infinity) return top;
  return top + log(logs.reduce((sum, l) => sum + exp(p * (l - top)), 0)) / p;
}

/** p* with 1/p + 1/p* = 1. */
function dual(p: number): number {
  if (p === 1) return Infinity;
  return p === Infinity ? 1 : p / (p - 1);
}

/** What the complexity of linear functions with ‖w‖_p ≤ 1 is made of. */
export interface LinearClass {
  /** p in [1, ∞] */
  readonly p: number;
  /** D */
  readonly features: number;
  /** m */
  readonly count: number;
  /** max ‖xᵢ‖_{p*}; used where p ≤ 2 */
  readonly largest?: number;
  /** ‖X‖_{2,p*}: 2-norm of every feature over the examples, of these the p*-norm; used where p > 2, and by `exact` */
  readonly mixed?: number;
  /** for p ≥ 2: ‖X‖_{2,p*}/m by Jensen's inequality, without the printed constant (ours). Default false */
  readonly exact?: boolean;
}

/**
 * ln of the bound on the Rademacher complexity of linear functions with ‖w‖_p ≤ 1: √(min{p*, 4 ln(2D)} max ‖x‖²_{p*}/m) for p ≤ 2, √2 ‖X‖_{2,p*}/m above.
 *
 * @throws ArgumentError for p below 1, counts below 1, a norm that is needed and not given
 * @example Math.exp(linearComplexity({ p: 2, features: 3, count: 4, largest: 2 })); // 1.41421356...
 * Source: [neyshabur2015, Theorem 1]; `exact` is ours.
 */
export function linearComplexity({ p, features, count, largest, mixed, exact = false }: LinearClass): number {
  requireWithin('linearComplexity', 'p', p, 1, Infinity);
  requireInteger('linearComplexity', 'features', features, 1);
  requireInteger('linearComplexity', 'count', count, 1);
  if (exact && p < 2) refuse('linearComplexity', `exact needs p >= 2, got p=${p}: below, the printed constant stays`);
  if (exact || p > 2) {
    requireNonNegative('linearComplexity', 'mixed', mixed as number);
    return (exact ? 0 : 0.5 * log(2)) + log(mixed as number) - log(count);
  }
  requireNonNegative('linearComplexity', 'largest', largest as number);
  return 0.5 * (log(Math.min(dual(p), 4 * log(2 * features))) - log(count)) + log(largest as number);
}

/**
 * ln of the bound on the Rademacher complexity (with absolute value) of one output by group norms: γ_{p,q} (2 H^{[1/p* − 1/q]₊})^{d−1} R_linear. For q ≤ p* the width H
 * disappears (Corollary 2).
 *
 * @param sizes ln γ_{p,q} = Σ ln ‖W_k‖_{p,q}, p, q, d layers, H the largest hidden width, and ln R_linear of {@link linearComplexity}
 * @throws ArgumentError for orders below 1, counts below 1
 * @example
 * const logLinear = linearComplexity({ p: 2, features: 3, count: 4, largest: 2 });
 * Math.exp(neyshabur2015({ logNormProduct: 0.5 * Math.log(104), p: 2, q: 2, depth: 2, width: 2, logLinear })); // 28.8444102...
 * Source: [neyshabur2015, Theorem 1 and Corollary 2].
 */
export function neyshabur2015({
  logNormProduct,
  p,
  q,
  depth,
  width,
  logLinear,
}: {
  readonly logNormProduct: number;
  readonly p: number;
  readonly q: number;
  readonly depth: number;
  readonly width: number;
  readonly logLinear: number;
}): number {
  requireWithin('neyshabur2015', 'p', p, 1, Infinity);
  requireWithin('neyshabur2015', 'q', q, 1, Infinity);
  requireInteger('neyshabur2015', 'depth', depth, 1);
  requireInteger('neyshabur2015', 'width', width, 1);
  const power = Math.max(0, 1 / dual(p) - 1 / q);
  return logNormProduct + (depth - 1) * (log(2) + power * log(width)) + logLinear;
}

/**
 * ln of the limit on γ_{p,q} that an overall norm gives, (μ/d^{1/q})^d with μ = (Σ_k ‖W_k‖_{p,q}^q)^{1/q}, by the means of geometry and arithmetic.
 *
 * @param sizes ln μ, q in [1, ∞], d layers
 * @example Math.exp(overallNorm({ logOverall: 0.5 * Math.log(30), q: 2, depth: 2 })); // 15
 * Source: [neyshabur2015, section 3].
 */
export function overallNorm({
  logOverall,
  q,
  depth,
}: {
  readonly logOverall: number;
  readonly q: number;
  readonly depth: number;
}): number {
  requireWithin('overallNorm', 'q', q, 1, Infinity);
  requireInteger('overallNorm', 'depth', depth, 1);
  return depth * (logOverall - log(depth) / q);
}

/**
 * ln of the bound on the Rademacher complexity of one output by the 1-path norm: √(4^{d−1} φ₁² · 4 ln(2D) max |x|²/m).
 *
 * @param sizes ln φ₁, the sum over paths from inputs to that output of products of |weights|, d layers, D features, max |x_ij|, and m
 * @throws ArgumentError for counts below 1, a negative or infinite entry
 * @example Math.exp(neyshabur2015Path({ logPathNorm: Math.log(8), depth: 2, features: 3, largestEntry: 2, count: 4 })); // 42.8341183...
 * Source: [neyshabur2015, Corollary 7].
 */
export function neyshabur2015Path({
  logPathNorm,
  depth,
  features,
  largestEntry,
  count,
}: {
  readonly logPathNorm: number;
  readonly depth: number;
  readonly features: number;
  readonly largestEntry: number;
  readonly count: number;
}): number {
  requireInteger('neyshabur2015Path', 'depth', depth, 1);
  requireInteger('neyshabur2015Path', 'features', features, 1);
  requireInteger('neyshabur2015Path', 'count', count, 1);
  requireNonNegative('neyshabur2015Path', 'largestEntry', largestEntry);
  return logPathNorm + log(largestEntry) + 0.5 * ((depth - 1) * log(4) + log(4 * log(2 * features)) - log(count));
}

/** `frobenius` p = q = 2 as printed; `frobenius-exact` with ‖X‖_F/m for the linear part (ours); `rows` p = 1, q = ∞; `path` the 1-path norm. */
export type Neyshabur2015Norm = 'frobenius' | 'frobenius-exact' | 'rows' | 'path';

/** Options of {@link neyshabur2015Bound}. */
export interface Neyshabur2015Options extends MarginOptions {
  /** default 'frobenius' */
  readonly norm?: Neyshabur2015Norm;
  /** ln of the largest 1-path norm over outputs; with `norm: 'path'`, where it must be given, since layers' norms do not tell it */
  readonly logPathNorm?: number;
}

const statements = {
  frobenius: ['Frobenius norms', 'Corollary 2', 'paper'],
  'frobenius-exact': ['Frobenius norms, exact linear part', 'Corollary 2', 'derived'],
  rows: ['1-norms of rows', 'Corollary 2', 'paper'],
  path: ['path norm', 'Corollary 7', 'paper'],
} as const;

/**
 * The bounds of Neyshabur, Tomioka and Srebro at one margin, for every logit: products of norms with a factor 2^{d−1}.
 *
 * @throws ArgumentError for options that do not exist or are out of range; `norm: 'path'` without logPathNorm, or logPathNorm without it
 * @example Math.exp(neyshabur2015Bound(network, sample, { margin: 2, norm: 'rows' }).logComplexity); // 74.9597071...
 * Source: [neyshabur2015, Corollaries 2 and 7].
 */
export function neyshabur2015Bound(
  network: NetworkNorms,
  sample: SampleNorms,
  options: Neyshabur2015Options,
): NormBound {
  requireOnly('neyshabur2015Bound', options, ['margin', 'delta', 'union', 'norm', 'logPathNorm']);
  const { norm = 'frobenius', logPathNorm } = options;
  requireOneOf('neyshabur2015Bound', 'norm', norm, ['frobenius', 'frobenius-exact', 'rows', 'path']);
  if ((norm === 'path') !== (logPathNorm !== undefined))
    refuse('neyshabur2015Bound', `logPathNorm belongs to norm 'path', got norm='${norm}', logPathNorm=${logPathNorm}`);
  const resolved = resolveMargin('neyshabur2015Bound', options);
  const [words, place, standing] = statements[norm];
  return logitBound(
    {
      name: `neyshabur-2015-${norm}`,
      title: `Neyshabur, Tomioka, Srebro 2015, ${words}`,
      source: `neyshabur2015, ${place}`,
      standing,
      constants: 'explicit',
      logRademacher: complexity(norm, network, sample, logPathNorm),
    },
    network,
    sample,
    resolved,
  );
}

function complexity(
  norm: Neyshabur2015Norm,
  network: NetworkNorms,
  sample: SampleNorms,
  logPathNorm: number | undefined,
): number {
  const depth = network.layers.length;
  const { features, count, largestEntry } = sample;
  if (norm === 'path')
    return neyshabur2015Path({ logPathNorm: logPathNorm as number, depth, features, largestEntry, count });
  // q ≤ p*: the width does not enter
  const width = 1;
  if (norm === 'rows') {
    const logNormProduct = logRowProduct(network);
    const logLinear = linearComplexity({ p: 1, features, count, largest: largestEntry });
    return neyshabur2015({ logNormProduct, p: 1, q: Infinity, depth, width, logLinear });
  }
  const logNormProduct = logLayerProduct(network, ({ map }) => map.frobenius);
  const exact = norm === 'frobenius-exact';
  const logLinear = linearComplexity({
    p: 2,
    features,
    count,
    ...(exact ? { mixed: sample.frobenius, exact } : { largest: sample.radius }),
  });
  return neyshabur2015({ logNormProduct, p: 2, q: 2, depth, width, logLinear });
}
