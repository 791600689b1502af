import { requireOnly } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import type { NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import type { NormBound } from '../bound.js';
import { logSum } from '../logs.js';
import { type MarginOptions, marginAssumptions, marginError, normBound, resolveMargin } from '../marginTemplate.js';
import type { Cushions } from './cushions.js';

/**
 * ln of the effective number of parameters, up to constants and logarithms and times γ²: c² d² max ‖f(x)‖² Σᵢ 1/(μᵢ² μᵢ→²).
 *
 * @returns +∞ where a cushion is zero; NaN where one is not known
 * @example
 * const known = { layer: [0.1961161351, 0.4472135955], onward: [0.242535625, Math.SQRT1_2], contraction: 4.1231056256, largestOutput: 7 * Math.SQRT2 };
 * Math.exp(logEffectiveTerm(known)); // 3012128.0...
 * Source: reconstructed: [arora2018b, Theorem 4.1] as lectures give it.
 */
export function logEffectiveTerm({
  layer,
  onward,
  contraction,
  largestOutput,
}: {
  readonly layer: ArrayLike<number>;
  readonly onward: ArrayLike<number>;
  readonly contraction: number;
  readonly largestOutput: number;
}): number {
  const terms = Array.from(layer, (mu, i) => -2 * (log(mu) + log(onward[i] as number)));
  return 2 * (log(contraction) + log(layer.length) + log(largestOutput)) + logSum(terms);
}

/** Options of {@link compressionBound}. */
export interface CompressionOptions extends MarginOptions {
  /** of the same network on the same sample */
  readonly cushions: Cushions;
}

/**
 * The bound of Arora, Ge, Neyshabur and Zhang for the network that compression by random projections makes of this one: share of margins ≤ γ, and
 * √(c² d² max ‖f(x)‖² Σ 1/(μᵢ² μᵢ→²)/(γ² m)).
 *
 * It is a rate, O~, and about the compressed network: no statement about the given one.
 * @throws ArgumentError for a margin ≤ 0 or options that do not exist
 * @example compressionBound(network, sample, { margin: 2, cushions: cushions(net, params, digits.train) }).constants; // 'dropped'
 * Source: reconstructed: [arora2018b, Theorem 4.1] as lectures give it.
 */
export function compressionBound(network: NetworkNorms, sample: SampleNorms, options: CompressionOptions): NormBound {
  requireOnly('compressionBound', options, ['margin', 'delta', 'union', 'cushions']);
  const { cushions, ...margins } = options;
  const { margin, delta, union } = resolveMargin('compressionBound', margins);
  const term = logEffectiveTerm(cushions);
  const { examples, of, skipped } = cushions;
  return normBound(
    {
      name: 'arora-2018-compression',
      title: 'Arora, Ge, Neyshabur, Zhang 2018, compression, rate',
      source: 'arora2018b, Theorem 4.1',
      standing: 'reconstructed',
      constants: 'dropped',
      logComplexity: 0.5 * term,
      complexityOf: 'root of the effective number of parameters, times γ',
      margin,
      empirical: marginError(sample.margins, margin),
      empiricalIs: 'margin-error',
      terms: [{ name: 'complexity', log: 0.5 * (term - log(sample.count)) - log(margin) }],
      delta,
      union,
      assumptions: marginAssumptions(sample),
      caveats: [
        'It is about a compressed network, not this one; constants and logarithms are left out, and smoothness between layers was not checked.',
        ...(examples < of ? [`Cushions are minima over ${examples} of ${of} examples: the number is too small.`] : []),
        ...(skipped > 0
          ? [`${skipped} ratios were skipped, since what enters a layer or its Jacobian is zero there.`]
          : []),
        ...(Number.isNaN(term) ? ['A cushion is not known: no example gets through its layer.'] : []),
      ],
    },
    network,
    'none',
  );
}
