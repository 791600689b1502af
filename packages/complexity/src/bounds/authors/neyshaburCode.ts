import { log } from '@hyperribbon/kernels';
import type { LayerNorms, NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import { percentile as percentileOf } from '../../numbers/percentile.js';
import type { NormBound } from '../bound.js';
import { logProduct, logSum } from '../logs.js';
import { marginError, normBound } from '../marginTemplate.js';
import { logSpectralComplexity } from '../covering/spectralComplexity.js';

export interface AuthorCodeOptions {
  /** γ; default: the percentile of the sample's margins */
  readonly margin?: number;
  /** default 5 */
  readonly percentile?: number;
  /** ln of the lp path norm, (Σ of the outputs of the network with |w|^p, fed with ones)^{1/p}, by p, where it was computed */
  readonly logPathNorms?: Readonly<Record<number, number>>;
}

/** Names of the bounds as the code has them. */
export type AuthorBoundName = 'l1-max' | 'frobenius' | 'l3-1.5' | 'spec-l2-1' | 'spec-fro';

/**
 * ln of the bounds that the code of Neyshabur et al. compares networks by, each over γ. Its conventions: constants and additive logarithms left out, kernels
 * reshaped to one row a filter, d layers, n inputs, m examples, h outputs or channels of a layer, W⁰ the reference weights (zero where there are none).
 *
 *     α = √(d + ln n)    β = ln m · ln(number of parameters)
 *     l1-max     α Π‖W‖_{1,∞}/(γ √m)          frobenius  α Π‖W‖_F/(γ √m)          l3-1.5     α Π‖W‖_{3,1.5}/(γ m^⅓)
 *     spec-l2-1  β (Π s/γ) (Σ (‖W − W⁰‖_{2,1}/s)^⅔)^{3/2}/√m     spec-fro   d (Π s/γ) √(Σ h ‖W − W⁰‖_F²/s²)/√m
 *
 * @param margin γ; NaN is what a margin ≤ 0 gives
 * @example authorCodeLogs(network, { count: 60000, features: 784 }, 2)['frobenius'];
 * Source: [neyshabur2019].
 */
export function authorCodeLogs(
  { layers, parameters }: Pick<NetworkNorms, 'layers' | 'parameters'>,
  { count, features }: Pick<SampleNorms, 'count' | 'features'>,
  margin: number,
): Record<AuthorBoundName, number> {
  const d = layers.length;
  const ln = log(count);
  const over = log(margin > 0 ? margin : NaN) + 0.5 * ln;
  const alpha = 0.5 * log(d + log(features));
  const beta = log(ln) + log(log(parameters));
  const product = (norm: (layer: LayerNorms) => number): number => logProduct(layers.map(norm));
  const change = ({ filters, change: given }: LayerNorms): { rowSum: number; frobenius: number } =>
    given?.filters ?? filters;
  const spectral = layers.map((layer) => ({ spectral: layer.filters.spectral, difference: change(layer).rowSum }));
  const others = layers.map(
    (layer, i) =>
      logProduct(layers.filter((_, j) => j !== i).map(({ filters }) => filters.spectral)) +
      log(change(layer).frobenius),
  );
  const squares = layers.map(({ filters }, i) => log(filters.rows) + 2 * others[i]!);
  return {
    'l1-max': alpha + product(({ filters }) => filters.largestRowOne) - over,
    frobenius: alpha + product(({ filters }) => filters.frobenius) - over,
    'l3-1.5': alpha + product(({ filters }) => filters.threeOneHalf) - over + ln / 6,
    'spec-l2-1': beta + logSpectralComplexity(spectral) - over,
    'spec-fro': log(d) + 0.5 * logSum(squares) - over,
  };
}

const titles: Record<AuthorBoundName, string> = {
  'l1-max': 'largest ℓ₁ norms',
  frobenius: 'Frobenius norms',
  'l3-1.5': '(3, 1.5) norms',
  'spec-l2-1': 'spectral and (2, 1) norms',
  'spec-fro': 'spectral and Frobenius norms',
};

/**
 * The five bounds of {@link authorCodeLogs}, and those by path norms that were given, at the 5th percentile of the training margins.
 *
 * They order networks and bound nothing: constants are left out and the margin is read off the sample. Where that margin is not positive they have no value:
 * `logGap` is NaN and a caveat says so.
 * @throws ArgumentError for no margins, or a percentile outside [0, 100]
 * @example authorCodeBounds(network, sample).map(({ name }) => name); // ['neyshabur-code-l1-max', …]
 * Source: [neyshabur2019].
 */
export function authorCodeBounds(
  network: NetworkNorms,
  sample: SampleNorms,
  { percentile = 5, margin = percentileOf(sample.margins, percentile), logPathNorms = {} }: AuthorCodeOptions = {},
): NormBound[] {
  const logs = Object.entries(authorCodeLogs(network, sample, margin)).map(
    ([name, value]) => [name, titles[name as AuthorBoundName], value] as const,
  );
  const paths = Object.entries(logPathNorms).map(
    ([p, value]) => [`path-${p}`, `ℓ${p} path norm`, value - log(margin > 0 ? margin : NaN)] as const,
  );
  return [...logs, ...paths].map(([name, words, value]) =>
    normBound(
      {
        name: `neyshabur-code-${name}`,
        title: `Code of Neyshabur et al. 2019, ${words}`,
        source: 'neyshabur2019',
        standing: 'paper',
        constants: 'dropped',
        margin,
        empirical: marginError(sample.margins, margin > 0 ? margin : 0),
        empiricalIs: 'margin-error',
        terms: [{ name: 'complexity', log: value }],
        // with probability 0: no statement
        delta: 1,
        union: [],
        assumptions: [],
        caveats: [
          'A number to order networks by: constants and logarithms are left out, and the margin is a percentile of the sample’s own margins.',
          ...(margin > 0
            ? []
            : [
                `The margin at that percentile is ${Number(margin.toPrecision(3))}: over a margin that is not positive there is no value.`,
              ]),
        ],
      },
      network,
      'filters',
    ),
  );
}
