import { refuse } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import type { NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import type { NormBound } from '../bound.js';
import { logProduct } from '../logs.js';
import {
  type MarginOptions,
  gapOfLogits,
  marginAssumptions,
  normBound,
  rampLoss,
  resolveMargin,
} from '../marginTemplate.js';

/** What the bound for sparse layers asks of one layer. */
export interface SparseLayer {
  /** M: Frobenius norm of all filters of the layer, times the Lipschitz constant of what follows where that is above 1; of the last layer the 2-norm of one output's weights */
  readonly norm: number;
  /** k: places of the layer below that one of its outputs reads; not asked of the first layer */
  readonly reads: number;
}

/**
 * ln of a bound on the Rademacher complexity of one logit, over all networks whose filters have these norms:
 *
 *     (1/m) Π M_l Π_{l ≥ 2} √k_l (1 + √(2 ((L − 1) ln 2 + Σ_{l ≥ 2} ln k_l))) max_j √(Σ_i ‖patch_j(x_i)‖²)
 *
 * Proof: exponentials of λ times the sum; of k places, ‖(a₁ … a_k)‖ ≤ √k max ‖a_j‖, and the exponential of a maximum is at most the sum of k
 * exponentials; each of the L − 1 rectifier layers peels off with a factor of 2 and its norm; what remains is ‖Σ ε_i patch_j(x_i)‖, whose mean is at most
 * S = √(Σ ‖patch‖²) and whose deviations are sub-Gaussian with variance S²; λ is then chosen best. With every k = 1 it is the bound by Frobenius norms of
 * [golowich2018] at depth L − 1.
 *
 * @param layers from the input to the output, at least one
 * @param sample m, and max_j √(Σ_i ‖patch_j(x_i)‖²) over the places j of the first layer
 * @throws ArgumentError for no layers
 * @example
 * const layers = [{ norm: 6, reads: 9 }, { norm: Math.sqrt(0.32), reads: 16 }];
 * Math.exp(logSparseComplexity(layers, { count: 2, patchFrobenius: 2.1725560982 })); // 53.57...
 * Source: derived here; the statement of [galanti2023] has the same shape and was not read.
 */
export function logSparseComplexity(
  layers: readonly SparseLayer[],
  { count, patchFrobenius }: { count: number; patchFrobenius: number },
): number {
  if (layers.length === 0) refuse('logSparseComplexity', 'there are no layers; a network has at least one');
  const reads = layers.slice(1).reduce((sum, { reads: k }) => sum + log(k), 0);
  const exponent = (layers.length - 1) * log(2) + reads;
  const norms = logProduct([...layers.map(({ norm }) => norm), patchFrobenius]);
  return norms + 0.5 * reads + log(1 + Math.sqrt(2 * exponent)) - log(count);
}

/**
 * Error ≤ ramp + (4κ/γ) R + 3 √(ln(2/δ)/(2m)), R the complexity of {@link logSparseComplexity}: filters count once, however often they are used, and a layer
 * that reads few places pays for those only. In a dense network it is the bound by Frobenius norms.
 *
 * @throws ArgumentError for a margin ≤ 0
 * @example sparseBound(network, sample, { margin: 2 }).standing; // 'derived'
 * Source: derived here, after [galanti2023] and [golowich2018].
 */
export function sparseBound(network: NetworkNorms, sample: SampleNorms, options: MarginOptions): NormBound {
  const { margin, delta, union, logShare } = resolveMargin('sparseBound', options);
  const last = network.layers.length - 1;
  const layers = network.layers.map(({ filters, reads, lipschitz }, l) => ({
    // a mean over places is at most their maximum: in this argument pooling does not shrink what it shrinks in the 2-norm of a whole map
    norm: l === last ? filters.largestRow : filters.frobenius * (lipschitz < 1 ? 1 : lipschitz),
    reads,
  }));
  const logComplexity = logSparseComplexity(layers, sample);
  return normBound(
    {
      name: 'sparse-layers',
      title: 'Sparse layers, filters counted once (ours, after Galanti et al. 2023)',
      source: 'derived here, after galanti2023 and golowich2018',
      standing: 'derived',
      constants: 'explicit',
      logComplexity,
      complexityOf: 'Rademacher complexity of one logit',
      margin,
      empirical: rampLoss(sample.margins, margin),
      empiricalIs: 'ramp',
      terms: gapOfLogits(logComplexity, { classes: network.outputs, margin, count: sample.count, logDelta: logShare }),
      delta,
      union,
      assumptions: [
        ...marginAssumptions(sample),
        'Activations are positively homogeneous, such as rectifiers, pooling takes means, and the last layer is linear.',
      ],
      caveats: [],
    },
    network,
    'filters',
  );
}
