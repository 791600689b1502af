import { requireInteger, requireNonNegative, requireOneOf, requireOnly, requirePositive } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import type { NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import type { NormBound } from '../bound.js';
import { logProduct, logSum } from '../logs.js';
import { gapOfLosses, marginAssumptions, type MarginOptions, normBound, resolveMargin } from '../marginTemplate.js';
import { cutCaveats, cutNetwork, type CutOptions } from './truncation.js';

/** A layer as it is counted. */
export interface CountedLayer {
  /** ‖W‖₂ of the layer as a map */
  readonly spectral: number;
  /** rows and columns of the matrix of free weights: filters of a convolution, each once */
  readonly outputs: number;
  readonly inputs: number;
  /** of that matrix */
  readonly rank: number;
  /** by how much the map's distance may exceed the filters': 1 of a dense layer; see {@link parameterCountingBound} */
  readonly stretch?: number;
}

/**
 * What of a layer is counted: `ranks` its factors, r (h + h′ + 1); `fewer` its factors or its h h′ entries, whichever are fewer, which is never more and half as many at
 * full rank.
 */
export type Counting = 'ranks' | 'fewer';

/** The sample and the margin at which parameters are counted. */
export interface CountOptions {
  /** m ≥ 1 */
  readonly count: number;
  /** R = max ‖x‖₂ */
  readonly radius: number;
  /** γ > 0 */
  readonly margin: number;
  /** default 'ranks' */
  readonly counting?: Counting;
}

/** Numbers of low-rank parameter counting. */
export interface ParameterCount {
  /** D_r = Σ rᵢ (hᵢ + hᵢ₋₁ + 1) */
  readonly parameters: number;
  /** ln of the bound on the Rademacher complexity of the ramp losses */
  readonly log: number;
}

/**
 * ln of the bound on the Rademacher complexity of ramp losses of a class of networks with limited ranks, by counting parameters:
 * 1/m + √(2 D_r ln(18 m L R Π Bᵢ/γ)/m), D_r = Σ rᵢ (hᵢ + hᵢ₋₁ + 1), the argument of ln at least 9.
 *
 * No constant is unknown. Matrices of rank r and norm ≤ B have a net of relative size η with (9/η)^{r(h + h′ + 1)} points; outputs move by at most R Π B · L η; the ramp
 * is 2/γ-Lipschitz in the maximum norm; Massart's lemma at resolution 1/m does the rest. A full matrix has a net with (3/η)^{h h′} points, see {@link Counting}.
 * @param layers limits of the class, at least one
 * @param options R = max ‖x‖₂, m, γ, and what is counted
 * @throws ArgumentError for no layers, count < 1, margin ≤ 0
 * @example
 * const layers = [{ spectral: 5, outputs: 2, inputs: 3, rank: 2 }, { spectral: 2, outputs: 2, inputs: 2, rank: 1 }];
 * countParameters(layers, { count: 4, radius: 2, margin: 2 }).parameters; // 17
 * Math.exp(countParameters(layers, { count: 4, radius: 2, margin: 2 }).log); // 8.11227615...
 * Source: ours; proof in docs/theory/norm-bounds.md.
 */
export function countParameters(
  layers: readonly CountedLayer[],
  { count, radius, margin, counting = 'ranks' }: CountOptions,
): ParameterCount {
  requireOneOf('countParameters', 'counting', counting, ['ranks', 'fewer']);
  requireInteger('countParameters', 'number of layers', layers.length, 1);
  requireInteger('countParameters', 'count', count, 1);
  requireNonNegative('countParameters', 'radius', radius);
  requirePositive('countParameters', 'margin', margin);
  const parameters = layers.reduce((sum, { rank, outputs, inputs }) => {
    const factors = rank * (outputs + inputs + 1);
    return sum + (counting === 'ranks' ? factors : Math.min(factors, outputs * inputs));
  }, 0);
  const depth = layers.reduce((sum, { stretch = 1 }) => sum + stretch, 0);
  const argument =
    log(18 * count) + log(depth) + log(radius) + logProduct(layers.map(({ spectral }) => spectral)) - log(margin);
  // NaN stays NaN
  const points = argument < log(9) ? log(9) : argument;
  return {
    parameters,
    log: logSum([-log(count), 0.5 * (log(2) + log(parameters) + log(points) - log(count))]),
  };
}

/**
 * The bound by counting the parameters of low-rank layers, at one margin: gap 2 R + 3 √(ln(2/δ)/(2m)) with R from {@link countParameters}.
 *
 * Every comparison of low-rank bounds needs this row: it grows like √(L r h) where others grow like powers of norms, and all its constants are there. Weights that a
 * convolution shares are counted once: with k positions under a kernel, two maps differ by at most √k times what their filters do, and its net, made of members
 * of the class, is twice as coarse; so the layer enters the logarithm with 2√k ‖filters‖₂/‖map‖₂ in place of 1. Layers are cut to their numerical rank first, see
 * {@link truncatedClass}; convolutions are not cut.
 * @throws ArgumentError for options that do not exist or are out of range
 * @example parameterCountingBound(network, sample, { margin: 2, delta: 0.1 }).value; // 18.0603624...
 * Source: ours; proof in docs/theory/norm-bounds.md.
 */
export function parameterCountingBound(
  network: NetworkNorms,
  sample: SampleNorms,
  options: MarginOptions & CutOptions & { readonly counting?: Counting },
): NormBound {
  requireOnly('parameterCountingBound', options, ['margin', 'delta', 'union', 'rankTolerance', 'counting']);
  const { counting = 'ranks' } = options;
  const { margin, delta, union, logShare } = resolveMargin('parameterCountingBound', options);
  const dense = { ...network, layers: network.layers.map((layer) => (shared(layer) ? whole(layer) : layer)) };
  const cut = cutNetwork(dense, sample, margin, options);
  const layers = network.layers.map((layer, i): CountedLayer => {
    const limits = cut.layers[i] as CountedLayer;
    if (!shared(layer)) return limits;
    const { rows: outputs, columns: inputs } = layer.filters;
    return { spectral: limits.spectral, outputs, inputs, rank: Math.min(outputs, inputs), stretch: stretchOf(layer) };
  });
  const { count, radius } = sample;
  const { log: logComplexity } = countParameters(layers, { count, radius, margin, counting });
  return normBound(
    {
      name: counting === 'ranks' ? 'low-rank-parameter-counting' : 'parameter-counting',
      title: counting === 'ranks' ? 'Low-rank parameter counting' : 'Parameter counting, ranks or entries',
      source: 'ours, docs/theory/norm-bounds.md',
      standing: 'derived',
      constants: 'explicit',
      logComplexity,
      complexityOf: 'ramp losses, Rademacher',
      margin,
      empirical: cut.empirical,
      empiricalIs: 'ramp',
      terms: gapOfLosses(logComplexity, { count: sample.count, logDelta: logShare }),
      delta,
      union,
      assumptions: [...marginAssumptions(sample), ...cut.assumptions],
      caveats: cutCaveats(cut),
    },
    network,
  );
}

type Layer = NetworkNorms['layers'][number];

/** Whether weights stand at several places of the map. */
function shared({ filters, map }: Layer): boolean {
  return filters.rows !== map.rows || filters.columns !== map.columns;
}

/** The layer without its singular values, which keeps it from being cut. */
function whole(layer: Layer): Layer {
  const { singularValues: _, ...map } = layer.map;
  return { ...layer, map };
}

/** 2√k ‖filters‖₂/‖map‖₂: no number of the layer's input stands in more than k patches, the positions of the kernel. */
function stretchOf({ filters, map, reads }: Layer): number {
  return map.spectral === 0 ? 1 : Math.max(1, (2 * Math.sqrt(Math.max(1, reads)) * filters.spectral) / map.spectral);
}
