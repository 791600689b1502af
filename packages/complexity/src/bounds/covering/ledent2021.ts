import { requireOneOf } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import type { LayerNorms, NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import type { NormBound } from '../bound.js';
import { logSum } from '../logs.js';
import {
  type MarginOptions,
  gapOfLosses,
  marginAssumptions,
  normBound,
  rampLoss,
  resolveMargin,
} from '../marginTemplate.js';
import { type Reference, differencesTo, referenceWords } from './reference.js';

/** What the bound of Ledent et al. asks of one layer. */
export interface LedentLayer {
  /** a: sum of the 2-norms of the filters minus their reference; of the last layer their Frobenius norm */
  readonly difference: number;
  /** Lipschitz constant in the 2-norm, what follows the layer included; of the last layer the largest 2-norm of a filter */
  readonly lipschitz: number;
  /** b: largest 2-norm of a patch that one of its outputs reads */
  readonly patch: number;
  /** side of its output map */
  readonly width: number;
  /** O: places of its output map */
  readonly positions: number;
  /** m: output channels */
  readonly channels: number;
}

export type LedentVariant =
  /** norms of patches inside the network stand for products of Lipschitz constants below */
  | 'theorem-11'
  /** Lipschitz constants fixed in advance, and no norm but those of the inputs' patches */
  | 'fixed-lipschitz';

/** What enters the Rademacher complexity of Ledent et al., as logarithms. */
export interface LedentComplexity {
  /** of r of every layer */
  readonly layers: readonly number[];
  /** of (Σ r^⅔)^{3/2} */
  readonly log: number;
  /** of the Rademacher complexity of the losses */
  readonly logRademacher: number;
}

/**
 * Rademacher complexity of the ramp losses of a class of networks whose filters are counted once:
 *
 *     4/m + 768 (Σ r_l^⅔)^{3/2} √(log₂(32 Γ m² + 7 W̄ m)) ln(m)/√m,   Γ = max r_l O_l m_l,  W̄ = max O_l m_l
 *
 * - `theorem-11`: r_l = b_l a_l w_l max_{i ≥ l} (Π_{l < k ≤ i} ρ_k)/b_{i+1}, and b_{L+1} = γ;
 * - `fixed-lipschitz`: r_l = (b_1/γ) a_l w_l Π_{k ≠ l} ρ_k.
 *
 * @param layers from the input to the output
 * @param options γ > 0, m ≥ 1, and the variant
 * @returns NaN where a layer's inputs are all zero and the theorem divides by their norm
 * @example
 * const layers = [
 *   { difference: 6, lipschitz: 5, patch: 2, width: 1, positions: 1, channels: 2 },
 *   { difference: 2, lipschitz: Math.SQRT2, patch: 7, width: 1, positions: 1, channels: 2 },
 * ];
 * Math.exp(ledentComplexity(layers, { margin: 2, count: 4 }).log); // 21.8658445503...
 * Source: reconstructed from the implementation of [graf2022], not read in [ledent2021, Theorem 11 and section E].
 */
export function ledentComplexity(
  layers: readonly LedentLayer[],
  { margin, count, variant = 'theorem-11' }: { margin: number; count: number; variant?: LedentVariant },
): LedentComplexity {
  const logs = variant === 'theorem-11' ? byPatches(layers, margin) : byLipschitz(layers, margin);
  const total = 1.5 * logSum(logs.map((r) => (2 / 3) * r));
  const places = layers.map(({ positions, channels }) => log(positions * channels));
  const gamma = Math.max(...logs.map((r, l) => r + places[l]!));
  const ln = log(count);
  const nats = logSum([5 * log(2) + gamma + 2 * ln, log(7) + Math.max(...places) + ln]);
  const integral = log(768) + total + 0.5 * log(nats / log(2)) + log(ln) - 0.5 * ln;
  return { layers: logs, log: total, logRademacher: logSum([log(4) - ln, integral]) };
}

function byPatches(layers: readonly LedentLayer[], margin: number): number[] {
  return layers.map(({ difference, patch, width }, l) => {
    let product = 0;
    let largest = -Infinity;
    for (let i = l; i < layers.length; i++) {
      if (i > l) product += log(layers[i]!.lipschitz);
      const next = i + 1 < layers.length ? layers[i + 1]!.patch : margin;
      largest = Math.max(largest, next > 0 ? product - log(next) : NaN);
    }
    return log(patch) + log(difference) + log(width) + largest;
  });
}

function byLipschitz(layers: readonly LedentLayer[], margin: number): number[] {
  const first = log(layers[0]!.patch) - log(margin);
  return layers.map(({ difference, width }, l) =>
    layers.reduce(
      (sum, { lipschitz }, k) => (k === l ? sum : sum + log(lipschitz)),
      first + log(difference) + log(width),
    ),
  );
}

export interface LedentOptions extends MarginOptions {
  /** default `theorem-11` */
  readonly variant?: LedentVariant;
  /** default `zero` */
  readonly reference?: Reference;
}

/**
 * The bound of Ledent, Mustafa, Lei and Kloft for convolutional networks: classes enter by logarithms only, each filter is counted once, norms are those of
 * patches. Twice the complexity of {@link ledentComplexity}, and confidence.
 *
 * The largest norms of patches inside the network (`largestPatches`) limit the class as the norms of layers do: fixed in advance, or paid for by a union.
 * @returns `logComplexity` is ln (Σ r^⅔)^{3/2}
 * @throws ArgumentError for a margin ≤ 0, or reference 'given' where the norms know no reference
 * @example ledentBound(network, sample, { margin: 2, variant: 'fixed-lipschitz' }).logComplexity;
 * Source: reconstructed from [graf2022], not read in [ledent2021].
 */
export function ledentBound(network: NetworkNorms, sample: SampleNorms, options: LedentOptions): NormBound {
  const { variant = 'theorem-11', reference = 'zero', ...margins } = options;
  requireOneOf('ledentBound', 'variant', variant, ['theorem-11', 'fixed-lipschitz']);
  requireOneOf('ledentBound', 'reference', reference, ['zero', 'given']);
  const { margin, delta, union, logShare } = resolveMargin('ledentBound', margins);
  const layers = ledentLayers(network, sample, reference);
  const { log: logComplexity, logRademacher } = ledentComplexity(layers, { margin, count: sample.count, variant });
  const dead = network.layers.filter((_, l) => layers[l]!.patch === 0).map(({ name }) => name);
  return normBound(
    {
      name: `ledent-2021-${variant}-${reference}`,
      title: `Ledent, Mustafa, Lei, Kloft 2021, ${variant === 'theorem-11' ? 'Theorem 11' : 'fixed Lipschitz constants'}, ${referenceWords(reference)}`,
      source: `graf2022, implementation of ledent2021, ${variant === 'theorem-11' ? 'Theorem 11' : 'section E'}`,
      standing: 'reconstructed',
      constants: 'explicit',
      logComplexity,
      complexityOf: 'sum of the layers’ terms, (Σ r^⅔)^{3/2}',
      margin,
      empirical: rampLoss(sample.margins, margin),
      empiricalIs: 'ramp',
      terms: gapOfLosses(logRademacher, { count: sample.count, logDelta: logShare }),
      delta,
      union,
      assumptions: [
        ...marginAssumptions(sample),
        'Activations map 0 to 0; the reference weights were fixed before the sample was seen.',
      ],
      caveats: [
        'The theorem’s text was not at hand: its formula follows the implementation of Graf et al. 2022, with their slips mended.',
        ...(dead.length > 0 ? [`All inputs of ${dead.join(', ')} are zero: the theorem divides by their norm.`] : []),
      ],
    },
    network,
  );
}

function ledentLayers(network: NetworkNorms, sample: SampleNorms, reference: Reference): LedentLayer[] {
  const differences = differencesTo('ledentBound', reference, network, 'filters');
  const last = network.layers.length - 1;
  return network.layers.map((layer: LayerNorms, l) => ({
    difference: l === last ? differences[l]!.frobenius : differences[l]!.rowSum,
    lipschitz: l === last ? layer.filters.largestRow : layer.map.spectral * layer.lipschitz,
    patch: sample.largestPatches[l]!,
    width: layer.width,
    positions: layer.positions,
    channels: layer.filters.rows,
  }));
}
