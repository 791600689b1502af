import type { AnyExamples } from '@hyperribbon/contract';
import type { Augment, SeededStep } from '../training/batchSource.js';

/**
 * Augmentations one after the other, as one.
 *
 * @example
 * const augment = augmentations(cropAndFlip(), mixup(), smoothLabels(0.1)); // for the option `augment` of train
 */
export function augmentations<Sees extends SeededStep = SeededStep>(...each: readonly Augment<Sees>[]): Augment<Sees> {
  return (batch, at) => each.reduce((examples: AnyExamples, augment) => augment(examples, at), batch);
}
