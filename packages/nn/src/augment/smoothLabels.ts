import { requireWithin } from '@hyperribbon/contract';
import type { Augment, SeededStep } from '../training/batchSource.js';
import { softTargets } from './softTargets.js';

/**
 * Label smoothing [szegedy2016]: targets (1 − smoothing) e_y + smoothing/classes, for softmaxCrossEntropy, as PyTorch's label_smoothing.
 *
 * In training only: what is measured on examples, and every curvature operator, keeps the labels themselves.
 *
 * @param smoothing in [0, 1]
 * @throws ArgumentError for another smoothing
 * @example
 * const augment = smoothLabels(0.2);
 * augment({ inputs: Float64Array.of(0), labels: Int32Array.of(0), count: 1, features: 1, classes: 2 }).targets; // Float64Array [0.9, 0.1]
 */
export function smoothLabels(smoothing: number): Augment<SeededStep> {
  requireWithin('smoothLabels', 'smoothing', smoothing, 0, 1);
  return (batch) => {
    const soft = softTargets('smoothLabels', batch);
    const { targets, outputs } = soft;
    for (let i = 0; i < targets.length; i++) targets[i] = (1 - smoothing) * targets[i] + smoothing / outputs;
    return soft;
  };
}
