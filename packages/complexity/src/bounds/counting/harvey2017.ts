import { requireEach, requireInteger, requirePositive } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import type { NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import type { NormBound } from '../bound.js';
import { type MarginOptions, marginError, normBound, resolveMargin } from '../marginTemplate.js';

/**
 * Upper limit of the Vapnik–Chervonenkis dimension of the signs of a network: the fixed point of v = 4 W (L + 1) log₂(2 e W v p), iterated from v = 1.
 *
 * @param network W, weights and biases; L, layers; p, linear pieces of the activation, default 2 (rectifiers, leaky or not)
 * @throws ArgumentError for W, L or p below 1
 * Cost: some 20 logarithms.
 * @example vcDimension({ parameters: 10, layers: 2 }); // 2139.30603611...
 * Source: [harvey2017, Theorem 3].
 */
export function vcDimension({
  parameters,
  layers,
  pieces = 2,
}: {
  readonly parameters: number;
  readonly layers: number;
  readonly pieces?: number;
}): number {
  requireInteger('vcDimension', 'parameters', parameters, 1);
  requireInteger('vcDimension', 'layers', layers, 1);
  requireInteger('vcDimension', 'pieces', pieces, 1);
  const slope = (4 * parameters * (layers + 1)) / log(2);
  const inside = log(2) + 1 + log(parameters) + log(pieces);
  let v = 1;
  // from below it rises to the upper fixed point, ever more slowly by a factor of about 1/ln
  for (let turn = 0; turn < 1000; turn++) {
    const next = slope * (inside + log(v));
    if (next <= v) break;
    v = next;
  }
  return v;
}

/**
 * What the VC dimension can be at least, whatever the bound: W L log₂(W/L)/640 for W ≥ L; 0 otherwise.
 *
 * @example vcLowerLimit({ parameters: 100000, layers: 3 }); // 7042...
 * Source: [harvey2017, Theorem 2, with the constant 640 of its proof].
 */
export function vcLowerLimit({ parameters, layers }: { readonly parameters: number; readonly layers: number }): number {
  requireEach(requirePositive, 'vcLowerLimit', { parameters, layers });
  return Math.max(0, (parameters * layers * log(parameters / layers)) / (640 * log(2)));
}

/**
 * ln of √(2 ln Π/m), Π the growth function of a class of VC dimension v on m examples: (e m/v)^v where m ≥ v, 2^m below.
 *
 * @example Math.exp(logVcComplexity(2139.30603611, 50000)); // 0.596...
 */
export function logVcComplexity(dimension: number, count: number): number {
  requirePositive('logVcComplexity', 'dimension', dimension);
  requireInteger('logVcComplexity', 'count', count, 1);
  const growth = count >= dimension ? dimension * (1 + log(count / dimension)) : count * log(2);
  return 0.5 * log((2 * growth) / count);
}

/** Options of {@link vcBound}: as of margin bounds, without a margin. */
export interface VcOptions extends Omit<MarginOptions, 'margin'> {
  /** linear pieces of the activation, default 2 */
  readonly pieces?: number;
}

/**
 * Error ≤ training error + √(2 v ln(e m/v)/m) + √(ln(1/δ)/(2m)) for two classes, by counting parameters: norms and margins do not enter, and δ pays for no
 * grid of them.
 *
 * @returns with more than two classes a caveat says that the theorem is not about this network
 * @throws ArgumentError for delta outside (0, 1)
 * @example vcBound(network, sample, { delta: 0.1 }).vacuous; // true
 * Source: [harvey2017, Theorem 3] with the textbook bound by VC dimension.
 */
export function vcBound(network: NetworkNorms, sample: SampleNorms, options: VcOptions = {}): NormBound {
  const { pieces = 2, ...others } = options;
  const { delta, union, logShare } = resolveMargin('vcBound', { ...others, margin: 1 });
  const { parameters, layers, outputs } = network;
  // norms leave biases out, this count does not
  const outside = network.outside.filter((sentence) => !sentence.includes('biases are left out'));
  const logComplexity = logVcComplexity(vcDimension({ parameters, layers: layers.length, pieces }), sample.count);
  return normBound(
    {
      name: 'harvey-2017-vc',
      title: 'VC dimension, Harvey, Liaw, Mehrabian 2017',
      source: 'harvey2017, Theorem 3',
      standing: 'paper',
      constants: 'explicit',
      logComplexity,
      complexityOf: 'growth function, √(2 ln Π/m)',
      empirical: marginError(sample.margins, 0),
      empiricalIs: 'error',
      terms: [
        { name: 'complexity', log: logComplexity },
        { name: 'confidence', log: 0.5 * log(-logShare / (2 * sample.count)) },
      ],
      delta,
      union,
      assumptions: [
        `The ${sample.count} examples are independent draws from the distribution on which errors are counted.`,
        `Activations are piecewise linear with at most ${pieces} pieces; the architecture was chosen before the sample was seen.`,
      ],
      caveats: outputs > 2 ? [`The theorem is about two classes; this network has ${outputs}.`] : [],
    },
    { ...network, outside },
    'none',
  );
}
