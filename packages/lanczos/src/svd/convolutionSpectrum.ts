import { requireNoOthers } from '@hyperribbon/contract';
import { exponentOf, maxAbs, scaleByPower } from '../dense/powerOfTwo.js';
import { type CircularConvolution, requireCircular, type SpectrumOptions } from './circularConvolution.js';
import { Frequencies, halfOfFrequencies } from './frequencies.js';

/**
 * Exact singular values of a convolution with circular padding, on an image of any size: at each frequency (u, v) the filters become a complex matrix
 * F = Σ K[a, b] ω^(u a) ω^(v b), (outputs, inputs), and the values are those of all F together [sedghi2019]. A step of s keeps every s-th place: frequencies that
 * then look alike stand beside each other in one matrix, divided by s.
 *
 * Kernels are real: F at the opposite frequency is the conjugate, with the same values, so half of them are computed. A kernel has fewer taps than the
 * logarithm of the image would save, so sums are taken as they stand: any side does, primes too.
 *
 * For zeros around the image this is an approximation. On an image with the zeros added on all sides it is a proven upper limit: the convolution with zeros
 * is a part of that one, of its rows and columns.
 *
 * @param convolution any that is not transposed; its padding does not matter
 * @returns descending: min(outputs, inputs · s_h s_w) for each frequency of the output, of each group
 * @throws ArgumentError where filters do not fit, and for steps that do not divide the image
 * Cost: half the frequencies times a complex SVD, values only: 8 (m n² − n³/3) multiplications; 64 channels on 32 × 32 take 0.5 s
 * @example
 * const geometry = {
 *   transposed: false, kernel: [1, 2], stride: [1, 1], dilation: [1, 1], input: [1, 3, 1],
 * } as const;
 * // differences of neighbours in a ring of four: |1 − iᵏ|
 * convolutionSpectrum({ filters: Float64Array.of(-1, 1), rows: 1, columns: 2, groups: 1, geometry }, { image: [1, 4] }); // [2, 1.4142…, 1.4142…, 0]
 */
export function convolutionSpectrum(convolution: CircularConvolution, options: SpectrumOptions = {}): Float64Array {
  const { image = [convolution.geometry.input[0], convolution.geometry.input[1]], ...others } = options;
  requireNoOthers('convolutionSpectrum', others, 'SpectrumOptions');
  requireCircular('convolutionSpectrum', convolution, image);
  const exponent = exponentOf(maxAbs(convolution.filters));
  const filters = scaleByPower(Float64Array.from(convolution.filters), -exponent);
  const frequencies = new Frequencies('convolutionSpectrum', { ...convolution, filters }, image);
  const { each } = frequencies;
  const out = new Float64Array(convolution.groups * frequencies.height * frequencies.width * each);
  let next = 0;
  for (const { group, u, v, copies } of halfOfFrequencies(frequencies, convolution.groups)) {
    if (u === 0) frequencies.choose(group, v);
    const found = frequencies.at(u);
    for (let copy = copies; copy > 0; copy--, next += each) out.set(found, next);
  }
  out.sort();
  return scaleByPower(
    Float64Array.from(out, (_, i) => out[out.length - 1 - i]),
    exponent,
  );
}
