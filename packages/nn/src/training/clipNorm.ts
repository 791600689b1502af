import type { FloatArray } from '@hyperribbon/kernels';

/**
 * Shortens a gradient that is longer than `most`, in place: g ← g · min(1, most/(‖g‖ + 1e-6)), as PyTorch's clip_grad_norm_. [pascanu2013]
 *
 * @returns ‖g‖ before, summed in float64 in the order of the weights
 */
export function clipNorm(gradient: FloatArray, most: number): number {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) squares += gradient[i] * gradient[i];
  const norm = Math.sqrt(squares);
  const factor = most / (norm + 1e-6);
  if (factor < 1) for (let i = 0; i < gradient.length; i++) gradient[i] = factor * gradient[i];
  return norm;
}
