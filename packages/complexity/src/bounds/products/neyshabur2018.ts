import {
  requireBetween,
  requireInteger,
  requireNonNegative,
  requireOneOf,
  requireOnly,
  requirePositive,
} from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import type { NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import type { BoundTerm, NormBound } from '../bound.js';
import { logSum } from '../logs.js';
import { marginAssumptions, marginError, type MarginOptions, normBound, resolveMargin } from '../marginTemplate.js';

/** A layer as the PAC-Bayes bound by spectral norms sees it. */
export interface NeyshaburLayer {
  readonly spectral: number;
  readonly frobenius: number;
  /** units of its output */
  readonly outputs: number;
}

/** The sample at which it is evaluated. */
export interface NeyshaburSample {
  /** B = max ‖x‖₂ */
  readonly radius: number;
  /** γ > 0 */
  readonly margin: number;
  /** m ≥ 1 */
  readonly count: number;
}

/** ln Π sᵢ² Σ fᵢ²/sᵢ², which is finite where a layer is zero. */
function logSpectralSum(layers: readonly NeyshaburLayer[]): number {
  const logs = layers.map(({ spectral }) => log(spectral));
  const others = (i: number): number => logs.reduce((sum, l, j) => (j === i ? sum : sum + l), 0);
  return logSum(layers.map(({ frobenius }, i) => 2 * (log(frobenius) + others(i))));
}

function requireSpectral(
  caller: string,
  layers: readonly NeyshaburLayer[],
  { radius, margin, count }: NeyshaburSample,
): void {
  requireInteger(caller, 'number of layers', layers.length, 1);
  requireNonNegative(caller, 'radius', radius);
  requirePositive(caller, 'margin', margin);
  requireInteger(caller, 'count', count, 1);
}

const widest = (layers: readonly NeyshaburLayer[]): number => Math.max(...layers.map(({ outputs }) => outputs));

/**
 * ln of the rate B Π sᵢ d √(h Σ fᵢ²/sᵢ²)/(γ √m), h the most units of a layer's output; constants and logarithms are left out.
 *
 * @throws ArgumentError for no layers, margin ≤ 0, count < 1
 * @example
 * const layers = [{ spectral: 5, frobenius: Math.sqrt(26), outputs: 2 }, { spectral: 2, frobenius: 2, outputs: 2 }];
 * Math.exp(neyshabur2018Rate(layers, { radius: 1, margin: 1, count: 4 })); // 20.1990098...
 * Source: [neyshabur2018], as [pinto2025, Table 1] and the authors' code have it.
 */
export function neyshabur2018Rate(layers: readonly NeyshaburLayer[], options: NeyshaburSample): number {
  requireSpectral('neyshabur2018Rate', layers, options);
  const { radius, margin, count } = options;
  const root = 0.5 * (log(widest(layers)) + logSpectralSum(layers) - log(count));
  return log(radius) + log(layers.length) + root - log(margin);
}

/**
 * ln of B² d² h ln(d h) Π sᵢ² Σ fᵢ²/sᵢ², the numerator of the square-root form.
 *
 * @throws ArgumentError for no layers, a negative or infinite radius
 * @example
 * const layers = [{ spectral: 5, frobenius: Math.sqrt(26), outputs: 2 }, { spectral: 2, frobenius: 2, outputs: 2 }];
 * Math.exp(neyshabur2018Numerator(layers, 2)); // 9049.72958...
 * Source: [neyshabur2018, Theorem 1], from memory.
 */
export function neyshabur2018Numerator(layers: readonly NeyshaburLayer[], radius: number): number {
  requireSpectral('neyshabur2018Numerator', layers, { radius, margin: 1, count: 1 });
  const [d, h] = [layers.length, widest(layers)];
  return 2 * (log(radius) + log(d)) + log(h) + log(log(d * h)) + logSpectralSum(layers);
}

/**
 * ln of the square-root form √((B² d² h ln(d h) Π sᵢ² Σ fᵢ²/sᵢ² + ln(d m/δ))/(γ² m)), its constant set to one.
 *
 * @throws ArgumentError for no layers, margin ≤ 0, count < 1, logDelta ≥ 0
 * @example
 * const layers = [{ spectral: 5, frobenius: Math.sqrt(26), outputs: 2 }, { spectral: 2, frobenius: 2, outputs: 2 }];
 * Math.exp(neyshabur2018Root(layers, { radius: 2, margin: 2, count: 4, logDelta: Math.log(0.1) })); // 23.7882739...
 * Source: [neyshabur2018, Theorem 1], from memory.
 */
export function neyshabur2018Root(
  layers: readonly NeyshaburLayer[],
  { logDelta, ...options }: NeyshaburSample & { readonly logDelta: number },
): number {
  requireSpectral('neyshabur2018Root', layers, options);
  requireBetween('neyshabur2018Root', 'logDelta', logDelta, -Infinity, 0);
  const { radius, margin, count } = options;
  const confidence = log(log(layers.length * count) - logDelta);
  const numerator = logSum([neyshabur2018Numerator(layers, radius), confidence]);
  return 0.5 * (numerator - log(count)) - log(margin);
}

/**
 * ln of the explicit limit on the divergence between posterior and prior: (42² e²/2) d² B² h ln(4 h d) Π sᵢ² Σ fᵢ²/sᵢ²/γ².
 *
 * @throws ArgumentError for no layers, margin ≤ 0, a negative or infinite radius
 * @example
 * const layers = [{ spectral: 5, frobenius: Math.sqrt(26), outputs: 2 }, { spectral: 2, frobenius: 2, outputs: 2 }];
 * Math.exp(neyshabur2018Kl(layers, { radius: 2, margin: 2, count: 4 })); // 29489211.19...
 * Source: [neyshabur2018, proof of Theorem 1], from memory; 42 ≥ 4√2 e² is checked.
 */
export function neyshabur2018Kl(layers: readonly NeyshaburLayer[], options: NeyshaburSample): number {
  requireSpectral('neyshabur2018Kl', layers, options);
  const { radius, margin } = options;
  const [d, h] = [layers.length, widest(layers)];
  const constant = 2 * log(42) + 2 - log(2);
  return constant + 2 * (log(d) + log(radius) - log(margin)) + log(h) + log(log(4 * h * d)) + logSpectralSum(layers);
}

/** `kl` the explicit route; `root` the square-root form and `rate`, whose constants are left out. */
export type Neyshabur2018Form = 'kl' | 'root' | 'rate';

const titles = { kl: 'explicit constants', root: 'square-root form', rate: 'rate' } as const;

/**
 * The PAC-Bayes bound of Neyshabur, Bhojanapalli and Srebro at one margin, about the share of margins ≤ γ.
 *
 * `kl` is 4 √((KL + ln(6m/δ′))/(m − 1)), δ′ being δ over the d m^{1/(2d)} members of its own grid over Π sᵢ; of one example it is infinite.
 * @param options.form default 'kl'
 * @throws ArgumentError for options that do not exist or are out of range
 * @example neyshabur2018Bound(network, sample, { margin: 2, form: 'root', delta: 0.1 }).standing; // 'reconstructed'
 * Source: [neyshabur2018, Theorem 1], from memory: not read in the source.
 */
export function neyshabur2018Bound(
  network: NetworkNorms,
  sample: SampleNorms,
  options: MarginOptions & { readonly form?: Neyshabur2018Form },
): NormBound {
  requireOnly('neyshabur2018Bound', options, ['margin', 'delta', 'union', 'form']);
  const { form = 'kl' } = options;
  requireOneOf('neyshabur2018Bound', 'form', form, ['kl', 'root', 'rate']);
  const { margin, delta, union, logShare } = resolveMargin('neyshabur2018Bound', options);
  const { count, radius } = sample;
  const last = network.layers.length - 1;
  const layers = network.layers.map(({ map, lipschitz }, i): NeyshaburLayer => {
    const factor = i < last ? lipschitz : 1;
    return { spectral: factor * map.spectral, frobenius: factor * map.frobenius, outputs: map.rows };
  });
  const explicit = form === 'kl';
  return normBound(
    {
      name: `neyshabur-2018-${form}`,
      title: `Neyshabur, Bhojanapalli, Srebro 2018, ${titles[form]}`,
      source: 'neyshabur2018, Theorem 1',
      standing: 'reconstructed',
      constants: explicit ? 'explicit' : 'dropped',
      margin,
      empirical: marginError(sample.margins, margin),
      empiricalIs: 'margin-error',
      terms: termsOf(form, layers, { radius, margin, count, logDelta: logShare }),
      delta,
      union,
      assumptions: marginAssumptions(sample),
      caveats: [
        'The statement is recalled, not read in its source: a lead, not the theorem.',
        ...(explicit ? [] : ['Its constant is left out: the number is no bound.']),
      ],
    },
    network,
  );
}

function termsOf(
  form: Neyshabur2018Form,
  layers: readonly NeyshaburLayer[],
  options: NeyshaburSample & { readonly logDelta: number },
): BoundTerm[] {
  const { count, logDelta } = options;
  if (form === 'rate') return [{ name: 'complexity', log: neyshabur2018Rate(layers, options) }];
  if (form === 'root') return [{ name: 'complexity and confidence', log: neyshabur2018Root(layers, options) }];
  const d = layers.length;
  const members = log(d) + log(count) / (2 * d);
  const confidence = log(6 * count) - logDelta + members;
  const sum = logSum([neyshabur2018Kl(layers, options), log(confidence)]);
  return [{ name: 'divergence and confidence', log: log(4) + 0.5 * (sum - log(count - 1)) }];
}
