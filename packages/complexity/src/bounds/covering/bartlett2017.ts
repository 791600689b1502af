import { refuse, requireLength, requireOneOf } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import type { NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import type { BoundTerm, NormBound } from '../bound.js';
import { logSum } from '../logs.js';
import {
  type MarginOptions,
  type ResolvedMargin,
  gapOfLosses,
  marginAssumptions,
  marginError,
  normBound,
  rampLoss,
  resolveMargin,
} from '../marginTemplate.js';
import { type Reference, differencesTo, referenceWords } from './reference.js';
import { logSpectralComplexity } from './spectralComplexity.js';

/** How a layer becomes the matrix that the theorem is about. */
export type MatrixConvention =
  /** the matrix of whole examples, weights as often as they are used: the theorem's */
  | 'unrolled'
  /** one row a filter, each weight once: common practice, smaller, not the theorem */
  | 'filters'
  /** unrolled spectral norms with (2, 1) norms of kernel tensors [graf2022]: see {@link kernelRowSum} */
  | 'tensor';

export interface BartlettOptions extends MarginOptions {
  /** default `explicit`: all constants, derived from the covering number; `graf`: constants of [graf2022]; `rate`: the theorem as printed, constants and logarithms dropped */
  readonly form?: 'explicit' | 'graf' | 'rate';
  /** default `zero` */
  readonly reference?: Reference;
  /** default `unrolled` */
  readonly convention?: MatrixConvention;
  /** of every layer, {@link kernelRowSum} of its difference to the reference; for the convention `tensor` alone */
  readonly kernelRowSums?: readonly number[];
}

/**
 * Sum over output channels and places of the kernel of the 2-norms over input channels: how [graf2022] takes the (2, 1) norm of a convolution.
 *
 * @param kernel output channels · input channels · height · width numbers, in this order
 * @param shape [output channels, input channels, height, width]
 * @throws ArgumentError where kernel and shape do not fit
 * @example kernelRowSum(Float64Array.of(3, 4, 0, 1), [1, 2, 1, 2]); // √(3² + 0²) + √(4² + 1²) = 7.12...
 */
export function kernelRowSum(
  kernel: ArrayLike<number>,
  [outputs, inputs, height, width]: readonly [number, number, number, number],
): number {
  requireLength('kernelRowSum', 'kernel', kernel, outputs * inputs * height * width);
  const places = height * width;
  let sum = 0;
  for (let out = 0; out < outputs; out++) {
    for (let place = 0; place < places; place++) {
      let squares = 0;
      for (let c = 0; c < inputs; c++) {
        const x = kernel[(out * inputs + c) * places + place] as number;
        squares += x * x;
      }
      sum += Math.sqrt(squares);
    }
  }
  return sum;
}

const titles = { explicit: 'explicit constants', graf: 'constants of Graf et al. 2022', rate: 'rate' } as const;

/**
 * The bound by spectral complexity R_A of Bartlett, Foster and Telgarsky.
 *
 * - `explicit` (derived): error ≤ ramp + 8/m^{3/2} + 72 ‖X‖_F √ln(2W²) ln(m) R_A/(γ m) + 3 √(ln(2/δ)/(2m)). It is Dudley's integral
 *   4a/√m + (12/m) ∫ₐ^{√m} √ln N with a = 1/m over the covering numbers of the theorem, of the (2/γ)-Lipschitz ramp loss.
 * - `graf` (reconstructed): the Rademacher complexity is 4/m + 12 ln(m)/√m · √ln(2W̄) · (4/γ)(‖X‖_F/√m) R_A, W̄ the entries of the largest matrix.
 * - `rate` (as printed, O~): share of margins ≤ γ, ‖X‖_F R_A ln(W)/(γ m), and √(ln(1/δ)/m).
 *
 * W is the largest dimension of a layer, the input's included.
 *
 * @returns `logComplexity` is ln R_A
 * @throws ArgumentError for a margin ≤ 0, reference 'given' where the norms know no reference, kernelRowSums that do not fit
 * @example
 * const { terms } = bartlettBound(network, sample, { margin: 2, form: 'rate', reference: 'given' });
 * Source: [bartlett2017, Theorem 1.1, Lemma 3.1, Theorem 3.3], [graf2022, section A.4].
 */
export function bartlettBound(network: NetworkNorms, sample: SampleNorms, options: BartlettOptions): NormBound {
  const { form = 'explicit', reference = 'zero', convention = 'unrolled', kernelRowSums, ...margins } = options;
  requireOneOf('bartlettBound', 'form', form, ['explicit', 'graf', 'rate']);
  requireOneOf('bartlettBound', 'reference', reference, ['zero', 'given']);
  requireOneOf('bartlettBound', 'convention', convention, ['unrolled', 'filters', 'tensor']);
  if ((convention === 'tensor') !== (kernelRowSums !== undefined))
    refuse('bartlettBound', "kernelRowSums and convention: 'tensor' belong together; give both or neither");
  const resolved = resolveMargin('bartlettBound', margins);
  const part = convention === 'filters' ? 'filters' : 'map';
  const logComplexity = logSpectralComplexity(spectralLayers(network, reference, convention, kernelRowSums));
  const terms = termsOf(form, logComplexity, network, sample, part, resolved);
  const { margin, delta, union } = resolved;
  return normBound(
    {
      name: ['bartlett-2017', form, reference, ...(convention === 'unrolled' ? [] : [convention])].join('-'),
      title: `Bartlett, Foster, Telgarsky 2017, ${titles[form]}, ${referenceWords(reference)}`,
      source: form === 'graf' ? 'graf2022, section A.4, of bartlett2017' : 'bartlett2017, Theorems 1.1 and 3.3',
      standing: ({ explicit: 'derived', graf: 'reconstructed', rate: 'paper' } as const)[form],
      constants: form === 'rate' ? 'dropped' : 'explicit',
      logComplexity,
      complexityOf: 'spectral complexity R_A',
      margin,
      empirical: form === 'rate' ? marginError(sample.margins, margin) : rampLoss(sample.margins, margin),
      empiricalIs: form === 'rate' ? 'margin-error' : 'ramp',
      terms,
      delta,
      union,
      assumptions: [
        ...marginAssumptions(sample),
        'Activations map 0 to 0; the reference weights were fixed before the sample was seen.',
      ],
      caveats: conventionCaveats(convention),
    },
    network,
    part,
  );
}

function spectralLayers(
  network: NetworkNorms,
  reference: Reference,
  convention: MatrixConvention,
  kernelRowSums: readonly number[] | undefined,
): { spectral: number; difference: number; lipschitz: number }[] {
  const { layers } = network;
  const part = convention === 'filters' ? 'filters' : 'map';
  if (kernelRowSums !== undefined) requireLength('bartlettBound', 'kernelRowSums', kernelRowSums, layers.length);
  const differences = differencesTo('bartlettBound', reference, network, part);
  return layers.map((layer, i) => ({
    spectral: layer[part].spectral,
    difference:
      kernelRowSums === undefined
        ? differences[i]!.rowSum
        : (layer.positions / Math.sqrt(layer.kind === 'dense' ? 1 : layer.reads)) * kernelRowSums[i]!,
    lipschitz: i === layers.length - 1 ? 1 : layer.lipschitz,
  }));
}

function termsOf(
  form: 'explicit' | 'graf' | 'rate',
  logComplexity: number,
  { layers }: NetworkNorms,
  { count, frobenius }: SampleNorms,
  part: 'map' | 'filters',
  { margin, logShare }: ResolvedMargin,
): BoundTerm[] {
  const ln = log(count);
  const main = logComplexity + log(frobenius) - log(margin) - ln;
  const widest = Math.max(...layers.map((layer) => Math.max(layer[part].rows, layer[part].columns)));
  if (form === 'rate') {
    return [
      { name: 'complexity', log: main + log(log(widest)) },
      { name: 'confidence', log: 0.5 * (log(-logShare) - ln) },
    ];
  }
  if (form === 'graf') {
    const entries = Math.max(...layers.map((layer) => layer[part].rows * layer[part].columns));
    const integral = log(48) + log(ln) + 0.5 * log(log(2) + log(entries)) + main;
    return gapOfLosses(logSum([log(4) - ln, integral]), { count, logDelta: logShare });
  }
  // half of 8/m^{3/2} and of 72 …: what is twice the Rademacher complexity stands in the gap
  const integral = log(36) + 0.5 * log(log(2) + 2 * log(widest)) + log(ln) + main;
  return gapOfLosses(logSum([log(4) - 1.5 * ln, integral]), { count, logDelta: logShare });
}

function conventionCaveats(convention: MatrixConvention): string[] {
  if (convention === 'unrolled') return [];
  return [
    convention === 'filters'
      ? 'Norms of the filters stand for those of the layers’ matrices, as is common; for convolutions the theorem needs the matrices.'
      : 'The (2, 1) norms are those of kernel tensors, which are at most those of the layers’ matrices that the theorem needs.',
  ];
}
