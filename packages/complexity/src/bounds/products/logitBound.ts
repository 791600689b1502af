import { log } from '@hyperribbon/kernels';
import type { LayerNorms, NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import type { NormBound } from '../bound.js';
import { gapOfLogits, marginAssumptions, normBound, rampLoss, type ResolvedMargin } from '../marginTemplate.js';

/** What a bound says of itself that goes from the Rademacher complexity of one output to the error. */
export interface LogitStatement extends Pick<NormBound, 'name' | 'title' | 'source' | 'standing' | 'constants'> {
  /** ln of the bound on the Rademacher complexity of one output */
  readonly logRademacher: number;
  readonly caveats?: readonly string[];
}

/** A bound on the complexity of one output, as a bound on the error at one margin: 4κ/γ of it for κ outputs, and the confidence. */
export function logitBound(
  { logRademacher, caveats = [], ...statement }: LogitStatement,
  network: NetworkNorms,
  sample: SampleNorms,
  { margin, delta, union, logShare }: ResolvedMargin,
): NormBound {
  const { outputs: classes } = network;
  return normBound(
    {
      ...statement,
      logComplexity: logRademacher,
      complexityOf: 'one output, Rademacher',
      margin,
      empirical: rampLoss(sample.margins, margin),
      empiricalIs: 'ramp',
      terms: gapOfLogits(logRademacher, { classes, margin, count: sample.count, logDelta: logShare }),
      delta,
      union,
      assumptions: marginAssumptions(sample),
      caveats,
    },
    network,
  );
}

/**
 * ln Π of one number of every layer, times the Lipschitz constants of what stands between layers; −∞ where one is zero.
 *
 * @param network whose Lipschitz constants are those in the 2-norm
 */
export function logLayerProduct(network: NetworkNorms, of: (layer: LayerNorms) => number): number {
  const last = network.layers.length - 1;
  return network.layers.reduce((sum, layer, i) => sum + log(of(layer)) + (i < last ? log(layer.lipschitz) : 0), 0);
}

/** ln Π of the largest 1-norms of rows. Means over places shrink the 2-norm of a map and not its largest entry, which these bounds follow. */
export function logRowProduct({ layers, ...network }: NetworkNorms): number {
  const maximal = layers.map((layer) => (layer.lipschitz < 1 ? { ...layer, lipschitz: 1 } : layer));
  return logLayerProduct({ ...network, layers: maximal }, ({ map }) => map.largestRowOne);
}
