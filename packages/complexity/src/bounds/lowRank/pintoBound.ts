import { requireOnly } from '@hyperribbon/contract';
import type { NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import type { NormBound } from '../bound.js';
import { marginAssumptions, type MarginOptions, normBound, resolveMargin } from '../marginTemplate.js';
import type { ChainConstants } from './chainRule.js';
import { pintoComplexity, type RankMode } from './pinto2025.js';
import { gapOfVectorGaussian, type LossMultiplier } from './risk.js';
import { cutCaveats, cutNetwork, type CutOptions } from './truncation.js';

/** Options of {@link pinto2025Bound}. */
export interface PintoBoundOptions extends MarginOptions, ChainConstants, CutOptions {
  /** default 'derived' */
  readonly rankMode?: RankMode;
  /** default 'sudakov-fernique' */
  readonly multiplier?: LossMultiplier;
}

const titles = {
  printed: 'as printed',
  derived: 'as its derivation gives it',
  tight: 'without the rank in the diameter',
} as const;

/**
 * The bound of Pinto, Rangamani and Poggio for networks with low-rank layers at one margin: Theorem 7, turned into a bound on the error by {@link lossMultiplier} at
 * Lip = √2/γ.
 *
 * Layers are cut to their numerical rank first, and the statement is about the cut network, see {@link truncatedClass}: its margins differ from the given network's by at
 * most twice the error e of the cuts, so that the ramp of the given margins from 2e to γ + 2e is an upper limit of its own.
 * @param network norms of the layers as maps
 * @param sample norms of the same examples that the margins are of
 * @throws ArgumentError for options that do not exist or are out of range
 * @example
 * const bound = pinto2025Bound(network, sample, { margin: 2, delta: 0.1, rankMode: 'printed' });
 * Math.exp(bound.logComplexity); // 43.0245308...
 * Source: [pinto2025, Theorems 2 and 7]. Up to unknown constants C₁ and C₂.
 */
export function pinto2025Bound(network: NetworkNorms, sample: SampleNorms, options: PintoBoundOptions): NormBound {
  requireOnly('pinto2025Bound', options, known);
  const { margin, delta, union, logShare } = resolveMargin('pinto2025Bound', options);
  const { rankMode = 'derived', c1 = 1, c2 = 1, multiplier = 'sudakov-fernique' } = options;
  const cut = cutNetwork(network, sample, margin, options);
  const { log } = pintoComplexity(cut.layers, { count: sample.count, frobenius: sample.frobenius, rankMode, c1, c2 });
  const lipschitz = Math.SQRT2 / margin;
  return normBound(
    {
      name: `pinto-2025-${rankMode}`,
      title: `Pinto, Rangamani, Poggio 2025, ${titles[rankMode]}`,
      source: 'pinto2025, Theorem 7',
      standing: rankMode === 'printed' ? 'paper' : 'derived',
      constants: 'unknown',
      unknown: { C1: c1, C2: c2 },
      logComplexity: log,
      complexityOf: 'all outputs, Gaussian',
      margin,
      empirical: cut.empirical,
      empiricalIs: 'ramp',
      terms: gapOfVectorGaussian(log, { count: sample.count, logDelta: logShare, lipschitz, multiplier }),
      delta,
      union,
      assumptions: [...marginAssumptions(sample), ...cut.assumptions],
      caveats: [
        'C₁ and C₂ are universal constants that no source gives a value to: the number is a bound up to them.',
        ...(rankMode === 'printed'
          ? ['The printed minimum of ranks runs over j ≤ i; the derivation gives j ≤ i − 1, which is never smaller.']
          : []),
        ...(rankMode === 'printed' && multiplier !== 'printed'
          ? [
              'The theorem on complexity is the source’s; the factor that makes a gap of it is ours, since the printed one cannot hold.',
            ]
          : []),
        ...(multiplier === 'printed'
          ? ['The printed factor √(Lip π) does not scale with the loss as it must: take another one for a valid bound.']
          : []),
        ...cutCaveats(cut),
      ],
    },
    network,
  );
}

const known = ['margin', 'delta', 'union', 'c1', 'c2', 'rankMode', 'multiplier', 'rankTolerance'] as const;
