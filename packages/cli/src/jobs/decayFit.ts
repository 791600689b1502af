import { spectrumDecay } from '@hyperribbon/pac-bayes';
import type { SlopeFit } from '@hyperribbon/report';

/**
 * The slope of ln λ against index over a window, cut at the noise floor.
 *
 * @param eigenvalues descending
 * @returns undefined where fewer than three eigenvalues are above the floor: nothing to fit
 */
export function decayFit(
  eigenvalues: ArrayLike<number>,
  { from, to, floor }: { readonly from: number; readonly to: number; readonly floor: number },
): SlopeFit | undefined {
  let last = Math.min(to, eigenvalues.length - 1);
  while (last >= 0 && !(eigenvalues[last] > floor)) last -= 1;
  return last - from < 2 ? undefined : spectrumDecay(eigenvalues, { from, to: last });
}

/** The window after the sharp drop and before the end, in the proportions 100..400 of 784 that are usual for MNIST. */
export function inputWindow(features: number): { from: number; to: number } {
  return { from: Math.round((100 / 784) * features), to: Math.round((400 / 784) * features) };
}
