import { requireOneOf, requireOnly } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import type { NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import type { NormBound } from '../bound.js';
import { type MarginOptions, resolveMargin } from '../marginTemplate.js';
import { golowichDepthFree, golowichFrobenius, golowichRows } from './golowich2018.js';
import { logitBound, logLayerProduct, logRowProduct } from './logitBound.js';

/** Which norms: Theorem 1 (`frobenius`), Theorem 2 (`rows`: largest 1-norms of rows), the rate free of depth (`depth-free`). */
export type GolowichNorm = 'frobenius' | 'rows' | 'depth-free';

const titles = {
  frobenius: 'Frobenius norms',
  rows: '1-norms of rows',
  'depth-free': 'rate free of depth',
} as const;

const places = { frobenius: 'Theorem 1', rows: 'Theorem 2', 'depth-free': 'abstract' } as const;

/**
 * The bounds of Golowich, Rakhlin and Shamir at one margin, for every logit.
 *
 * The activation is positively homogeneous. `depth-free` is a rate: its constant is set to one, its logarithms are left out, and R = max ‖x‖₂ is multiplied in since the
 * rate is for inputs of norm one.
 * @param options.norm default 'frobenius'
 * @throws ArgumentError for options that do not exist or are out of range
 * @example golowich2018Bound(network, sample, { margin: 2, delta: 0.1 }).value; // 87.7830000...
 * Source: [golowich2018, Theorems 1 and 2]: rates read there, constants in code of [graf2022].
 */
export function golowich2018Bound(
  network: NetworkNorms,
  sample: SampleNorms,
  options: MarginOptions & { readonly norm?: GolowichNorm },
): NormBound {
  requireOnly('golowich2018Bound', options, ['margin', 'delta', 'union', 'norm']);
  const { norm = 'frobenius' } = options;
  requireOneOf('golowich2018Bound', 'norm', norm, ['frobenius', 'rows', 'depth-free']);
  const resolved = resolveMargin('golowich2018Bound', options);
  const rate = norm === 'depth-free';
  return logitBound(
    {
      name: `golowich-2018-${norm}`,
      title: `Golowich, Rakhlin, Shamir 2018, ${titles[norm]}`,
      source: `golowich2018, ${places[norm]}`,
      standing: rate ? 'paper' : 'reconstructed',
      constants: rate ? 'dropped' : 'explicit',
      logRademacher: complexity(norm, network, sample),
      caveats: [
        rate
          ? 'Only the rate is printed: constants and logarithms are left out, and the number is no bound.'
          : 'The rate is the source’s; its constant is read in code that implements it, not in the source itself.',
      ],
    },
    network,
    sample,
    resolved,
  );
}

function complexity(norm: GolowichNorm, network: NetworkNorms, sample: SampleNorms): number {
  const depth = network.layers.length;
  const { count, frobenius, features, largestFeature, radius } = sample;
  if (norm === 'rows') {
    return golowichRows({ logRowProduct: logRowProduct(network), depth, features, largestFeature, count });
  }
  const logFrobeniusProduct = logLayerProduct(network, ({ map }) => map.frobenius);
  if (norm === 'frobenius') return golowichFrobenius({ logFrobeniusProduct, depth, frobenius, count });
  const logLower = logLayerProduct(network, ({ map }) => map.spectral);
  return log(radius) + golowichDepthFree({ logFrobeniusProduct, logLower, depth, count });
}
