import { refuse, requireInteger } from '@hyperribbon/contract';
import { traceKernel } from './neuralTangentKernel.js';
import type { TangentKernel } from './kernelTypes.js';

/** A number, or why there is none. */
export type NumberOrReason =
  | { readonly value: number; readonly reason?: undefined }
  | { readonly value: null; readonly reason: string };

/**
 * Centred alignment of a kernel with that of the labels: ⟨H K H, L⟩_F / (‖H K H‖_F ‖H L H‖_F), L_ij = 1 where labels agree, H = 1 − 𝟙𝟙ᵀ/n.
 *
 * Of a kernel of all logits it is that of its mean over logits, {@link traceKernel}. In [0, 1] for positive semidefinite kernels.
 *
 * @param labels (n,) of the kernel's examples
 * @returns null with a reason for a kernel that centring makes zero, one example, one class, and entries that are not finite
 * @throws ArgumentError for labels of another length. Cost: 3 n². Source: [cortes2012, def. 4], [kornblith2019].
 * @example
 * const kernel = await neuralTangentKernel(net, run.params, digits.test, { of: 'trace' });
 * kernelAlignment(kernel, digits.test.labels).value;
 */
export function kernelAlignment(kernel: TangentKernel, labels: Int32Array): NumberOrReason {
  const { matrix, examples: n } = traceKernel(kernel);
  if (labels.length !== n) refuse('kernelAlignment', `labels must be those of the ${n} examples, got ${labels.length}`);
  labels.forEach((label, i) => requireInteger('kernelAlignment', `labels[${i}]`, label, 0));
  if (n === 1) return { value: null, reason: 'one example has no alignment with labels' };
  const same = Float64Array.from({ length: n * n }, (_, at) => Number(labels[Math.floor(at / n)] === labels[at % n]));
  const scale = largest(matrix);
  if (Number.isNaN(scale)) return { value: null, reason: 'the kernel has entries that are not finite' };
  if (scale === 0) return { value: null, reason: 'the kernel is zero: no logit depends on a weight' };
  const [K, L] = [
    centred(
      matrix.map((x) => x / scale),
      n,
    ),
    centred(same, n),
  ];
  const [kk, ll, kl] = [inner(K, K), inner(L, L), inner(K, L)];
  const rounding = n * n * (kernel.dtype === 'float64' ? 2.3e-16 : 1.2e-7);
  if (Math.sqrt(ll) <= 1e-14 * n) return { value: null, reason: 'all labels agree: there is nothing to align with' };
  if (Math.sqrt(kk) <= rounding) return { value: null, reason: 'the kernel is constant over the examples' };
  return { value: kl / Math.sqrt(kk) / Math.sqrt(ll) };
}

/** Largest |entry|, NaN where one is not finite. */
export function largest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (!Number.isFinite(size)) return Number.NaN;
    if (size > most) most = size;
  }
  return most;
}

function centred(matrix: Float64Array, n: number): Float64Array {
  const rowMeans = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) rowMeans[i] += matrix[i * n + j] / n;
  const mean = rowMeans.reduce((sum, x) => sum + x / n, 0);
  return matrix.map((x, at) => x - rowMeans[Math.floor(at / n)] - rowMeans[at % n] + mean);
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
