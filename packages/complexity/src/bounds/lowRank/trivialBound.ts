import { requireInteger, requireNonNegative, requireOnly } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import type { NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import type { NormBound } from '../bound.js';
import { logProduct } from '../logs.js';
import { marginAssumptions, type MarginOptions, normBound, rampLoss, resolveMargin } from '../marginTemplate.js';
import { gapOfVectorGaussian } from './risk.js';

/**
 * ln of the trivial bound on the Gaussian complexity of all outputs: Π sᵢ ‖X‖_F √h_L/√m, by Cauchy and Schwarz. It does not fall with m: a bound above it says nothing.
 *
 * @param layers at least one; Lipschitz constants of activations folded into `spectral`
 * @param options.outputs h_L, outputs of the network
 * @throws ArgumentError for no layers, counts < 1
 * @example Math.exp(trivialComplexity([{ spectral: 5 }, { spectral: 2 }], { count: 4, frobenius: Math.sqrt(10), outputs: 2 })); // 22.3606797...
 * Source: ours; docs/theory/norm-bounds.md.
 */
export function trivialComplexity(
  layers: readonly { readonly spectral: number }[],
  { count, frobenius, outputs }: { readonly count: number; readonly frobenius: number; readonly outputs: number },
): number {
  requireInteger('trivialComplexity', 'number of layers', layers.length, 1);
  requireInteger('trivialComplexity', 'count', count, 1);
  requireInteger('trivialComplexity', 'outputs', outputs, 1);
  requireNonNegative('trivialComplexity', 'frobenius', frobenius);
  return logProduct(layers.map(({ spectral }) => spectral)) + log(frobenius) + 0.5 * (log(outputs) - log(count));
}

/**
 * The trivial bound at one margin, for comparison.
 *
 * @throws ArgumentError for options that do not exist or are out of range
 * @example trivialBound(network, sample, { margin: 2 }).vacuous; // true
 * Source: ours; docs/theory/norm-bounds.md.
 */
export function trivialBound(network: NetworkNorms, sample: SampleNorms, options: MarginOptions): NormBound {
  requireOnly('trivialBound', options, ['margin', 'delta', 'union']);
  const { margin, delta, union, logShare } = resolveMargin('trivialBound', options);
  const { count, frobenius } = sample;
  const last = network.layers.length - 1;
  const layers = network.layers.map(({ map, lipschitz }, i) => ({
    spectral: (i < last ? lipschitz : 1) * map.spectral,
  }));
  const logComplexity = trivialComplexity(layers, { count, frobenius, outputs: network.outputs });
  return normBound(
    {
      name: 'trivial',
      title: 'Trivial: no fall with the sample',
      source: 'ours, docs/theory/norm-bounds.md',
      standing: 'derived',
      constants: 'explicit',
      logComplexity,
      complexityOf: 'all outputs, Gaussian',
      margin,
      empirical: rampLoss(sample.margins, margin),
      empiricalIs: 'ramp',
      terms: gapOfVectorGaussian(logComplexity, { count, logDelta: logShare, lipschitz: Math.SQRT2 / margin }),
      delta,
      union,
      assumptions: marginAssumptions(sample),
      caveats: [],
    },
    network,
  );
}
