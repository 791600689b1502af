import { refuse, requireInteger, requireOnly, requirePositive, requireWithin } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import type { LayerNorms, NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import type { NormBound } from '../bound.js';
import { logProduct, logSum } from '../logs.js';
import { gapOfLogits, marginAssumptions, type MarginOptions, normBound, resolveMargin } from '../marginTemplate.js';
import { golowichFrobenius } from '../products/golowich2018.js';
import { type ClassLayer, truncatedClass } from './classLayers.js';
import { cutCaveats, cutNetwork } from './truncation.js';

/** What Theorem 8 is told of a class of scalar functions with Lipschitz functions on top. */
export interface LipschitzComposition {
  /** ln l, Lipschitz constant of what stands above */
  readonly logLipschitz: number;
  /** ln R_r: the scalar functions lie in [−R_r, R_r] */
  readonly logRange: number;
  /** ln R̂_S(G) of the scalar functions */
  readonly logRademacher: number;
  /** m ≥ 1 */
  readonly count: number;
  /** c > 0, universal and unknown; default 1 */
  readonly c?: number;
}

/**
 * ln of the bound on the Rademacher complexity of Lipschitz functions of scalar functions: c l (R_r/√m + ln^{3/2}(m) R̂_S(G)).
 *
 * @throws ArgumentError for count < 1, c ≤ 0
 * @example
 * const parts = { logLipschitz: 0, logRange: Math.log(20), logRademacher: Math.log(21.4867974777), count: 4 };
 * Math.exp(lipschitzComposition(parts)); // 45.07154316...
 * Source: [golowich2018, Theorem 4], which is [pinto2025, Theorem 8].
 */
export function lipschitzComposition({
  logLipschitz,
  logRange,
  logRademacher,
  count,
  c = 1,
}: LipschitzComposition): number {
  requireInteger('lipschitzComposition', 'count', count, 1);
  requirePositive('lipschitzComposition', 'c', c);
  const logarithms = 1.5 * log(log(count));
  return log(c) + logLipschitz + logSum([logRange - 0.5 * log(count), logarithms + logRademacher]);
}

/**
 * The first layer of numerical rank at most one: above it the network is a function of one number.
 *
 * @param network norms of its layers as maps; layers without listed singular values are passed over
 * @param rankTolerance in [0, 1), default 1e-3
 * @returns its place, 1 for the first layer; undefined where there is none
 * @example firstRankOneLayer(network); // 2
 * Source: [pinto2025, after Theorem 8]; the numerical rank is that of [galanti2025].
 */
export function firstRankOneLayer(network: Pick<NetworkNorms, 'layers'>, rankTolerance = 1e-3): number | undefined {
  requireWithin('firstRankOneLayer', 'rankTolerance', rankTolerance, 0, 1);
  const at = network.layers.findIndex(({ map: { singularValues } }: LayerNorms) => {
    if (singularValues === undefined || Number.isNaN(singularValues[0])) return false;
    return singularValues.length < 2 || (singularValues[1] as number) <= rankTolerance * (singularValues[0] as number);
  });
  return at < 0 ? undefined : at + 1;
}

/** Options of {@link collapsedBound}. */
export interface CollapsedOptions extends MarginOptions {
  /** in [0, 1), default 1e-3: the first layer whose second singular value is below this share of its first is cut to rank one */
  readonly rankTolerance?: number;
  /** c > 0 of Theorem 8, unknown; default 1 */
  readonly c?: number;
}

/** A bound at an effective depth below the number of layers. */
export interface CollapsedBound extends NormBound {
  /** k: layers that enter the complexity of functions */
  readonly effectiveDepth: number;
}

/**
 * The bound for a network that has collapsed: with the first layer of rank one at depth k, only k layers enter the complexity of functions, and the layers above are one
 * Lipschitz function of a number.
 *
 * Ĝ of the scalar functions is bounded by [golowich2018, Theorem 1] with k layers. Collapse leaves rank classes − 1: only two classes give rank one, and the statement holds of no other rank.
 * @throws ArgumentError where no layer has numerical rank one: ask {@link firstRankOneLayer} first
 * @example collapsedBound(network, sample, { margin: 2 }).effectiveDepth; // 2
 * Source: [pinto2025, Theorem 8]. Up to the unknown constant c.
 */
export function collapsedBound(network: NetworkNorms, sample: SampleNorms, options: CollapsedOptions): CollapsedBound {
  requireOnly('collapsedBound', options, ['margin', 'delta', 'union', 'rankTolerance', 'c']);
  const { margin, delta, union, logShare } = resolveMargin('collapsedBound', options);
  const { rankTolerance = 1e-3, c = 1 } = options;
  const depth = firstRankOneLayer(network, rankTolerance);
  if (depth === undefined)
    refuse(
      'collapsedBound',
      `no layer has numerical rank 1 at rankTolerance=${rankTolerance}: the theorem needs one; collapse of more than two classes leaves a higher rank`,
    );
  // layers above and below keep their rank: only that one is cut
  const { layers: whole } = truncatedClass(network, { radius: sample.radius, rankTolerance: 0 });
  const kept = network.layers.map((layer, i) => (i === depth - 1 ? layer : withoutValues(layer)));
  const cut = cutNetwork({ ...network, layers: kept }, sample, margin, { rankTolerance });
  const below = whole.slice(0, depth).map((layer, i) => (i === depth - 1 ? (cut.layers[i] as ClassLayer) : layer));
  const spectra = (layers: readonly ClassLayer[]): number => logProduct(layers.map(({ spectral }) => spectral));
  const logRademacher = lipschitzComposition({
    logLipschitz: spectra(whole.slice(depth)),
    logRange: log(sample.radius) + spectra(below),
    logRademacher: golowichFrobenius({
      logFrobeniusProduct: logProduct(below.map(({ frobenius }) => frobenius)),
      depth,
      frobenius: sample.frobenius,
      count: sample.count,
    }),
    count: sample.count,
    c,
  });
  const bound = normBound(
    {
      name: 'pinto-2025-collapsed',
      title: 'Pinto, Rangamani, Poggio 2025, after collapse',
      source: 'pinto2025, Theorem 8',
      standing: 'paper',
      constants: 'unknown',
      unknown: { c },
      logComplexity: logRademacher,
      complexityOf: 'one output, Rademacher',
      margin,
      empirical: cut.empirical,
      empiricalIs: 'ramp',
      terms: gapOfLogits(logRademacher, { classes: network.outputs, margin, count: sample.count, logDelta: logShare }),
      delta,
      union,
      assumptions: [...marginAssumptions(sample), ...cut.assumptions],
      caveats: [
        'c is a universal constant that no source gives a value to: the number is a bound up to it.',
        'The layers up to that one enter by Theorem 1 of golowich2018, whose constant is read in code that implements it.',
        ...cutCaveats(cut),
      ],
    },
    network,
  );
  return { ...bound, effectiveDepth: depth };
}

/** A layer that keeps its full rank when layers are cut. */
function withoutValues(layer: LayerNorms): LayerNorms {
  const { singularValues: _, ...map } = layer.map;
  return { ...layer, map };
}
