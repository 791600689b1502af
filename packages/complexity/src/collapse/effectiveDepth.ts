import { type FloatArray, requireWithin } from '@hyperribbon/contract';
import type { Examples, Network } from '@hyperribbon/nn';
import { layerCollapse, type LayerCollapse, type LayerCollapseOptions } from './layerCollapse.js';
import { type LayerRanks, layerRanks } from './layerRanks.js';

export interface EffectiveDepthOptions extends LayerCollapseOptions {
  /** ε in [0, 1]: share of examples that may be nearest to the mean of another class; default 0 */
  readonly error?: number;
}

/** From where on a network's layers do no more than hand on what is decided. Depths count affine maps, from 1 to L. */
export interface EffectiveDepth {
  /** L, affine maps */
  readonly depth: number;
  /** C, classes with examples */
  readonly classes: number;
  /** the least depth ≥ 1 whose representation the nearest class mean classifies with an error ≤ ε; absent where no depth does [galanti2022b] */
  readonly separable?: number;
  /** the least depth from which on, up to what the last map reads, features minus their mean have numerical rank ≤ C − 1, as at collapse */
  readonly collapsed?: number;
  /** the first map from which on all weights have numerical rank ≤ C − 1 */
  readonly lowRank?: number;
  /** the first map whose weights have numerical rank ≤ 1: above it the network is a function of one number */
  readonly rankOne?: number;
  readonly representations: readonly LayerCollapse[];
  readonly weights: readonly LayerRanks[];
  /** what the depths may and may not be used for */
  readonly caveats: readonly string[];
}

/**
 * Effective depths of a network: where its representations can be told apart by nearest class means, where they have collapsed to rank C − 1, and where
 * its weights have.
 *
 * Collapse leaves rank C − 1. The theorem that lets depth count only up to a layer of rank one ([golowich2018, Theorem 4], [pinto2025, Theorem 8]) so speaks
 * of two classes, or of layers that have rank one for another reason; it asks for `rankOne` < L. The other depths are observations and enter no bound here.
 *
 * @param params flat weights (size,)
 * @param examples of which collapse is measured; all training examples, in the papers
 * @throws ArgumentError as {@link layerCollapse}
 * Cost: that of {@link layerCollapse} and {@link layerRanks}.
 * @example
 * const { depth, separable, rankOne } = effectiveDepth(net, params, digits.train);
 * depth; // 2
 * Source: `separable` from the abstract of [galanti2022b], its ε recalled; `collapsed` and `lowRank` are ours.
 */
export function effectiveDepth(
  network: Network,
  params: FloatArray,
  examples: Examples,
  { error = 0, ...options }: EffectiveDepthOptions = {},
): EffectiveDepth {
  requireWithin('effectiveDepth', 'error', error, 0, 1);
  const representations = layerCollapse(network, params, examples, options);
  const weights = layerRanks(network, params, options.tolerance);
  const depth = weights.length;
  const { classes } = representations[0].collapse;
  const inner = representations.filter((layer) => layer.depth > 0);
  const separable = inner.find(({ collapse }) => collapse.nearestCentreError <= error)?.depth;
  const hidden = inner.filter((layer) => layer.into !== 'outputs');
  const collapsed = firstOfTail(hidden, ({ featureRanks }) => (featureRanks?.numerical ?? Infinity) < classes);
  const lowRank = firstOfTail([...weights.keys()], (i) => weights[i].ranks.numerical < classes);
  const rankOne = weights.findIndex(({ ranks }) => ranks.numerical <= 1);
  return {
    depth,
    classes,
    ...(separable !== undefined && { separable }),
    ...(collapsed !== undefined && { collapsed: collapsed.depth }),
    ...(lowRank !== undefined && { lowRank: lowRank + 1 }),
    ...(rankOne >= 0 && { rankOne: rankOne + 1 }),
    representations,
    weights,
    caveats: caveatsOf(classes, depth, rankOne + 1, hidden),
  };
}

/** The first member from which on all satisfy a condition. */
function firstOfTail<T>(list: readonly T[], holds: (member: T) => boolean): T | undefined {
  let first = list.length;
  while (first > 0 && holds(list[first - 1])) first--;
  return list[first];
}

function caveatsOf(
  classes: number,
  depth: number,
  rankOne: number,
  hidden: readonly LayerCollapse[],
): readonly string[] {
  const unknown = hidden.filter(({ featureRanks }) => featureRanks === undefined).map(({ into }) => into);
  return [
    'Numerical ranks are not ranks: a statement about a network of low rank is one about the network with the rest cut off, and that changes its outputs.',
    ...(classes > 2
      ? [
          `Collapse of ${classes} classes leaves rank ${classes - 1}. The theorem that lowers the depth in a bound asks for rank 1, so collapse alone does not lower it.`,
        ]
      : []),
    ...(rankOne === depth ? ['The only layer of rank 1 is the last: no depth is saved.'] : []),
    ...(rankOne === 0 ? ['No layer has numerical rank 1: no depth is saved in a bound.'] : []),
    ...(unknown.length > 0
      ? [`Features that enter ${unknown.join(', ')} are too wide to be asked for their rank.`]
      : []),
  ];
}
