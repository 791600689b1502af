import type { AnyExamples } from '@hyperribbon/contract';
import type { Augment } from '../training/batchSource.js';

/**
 * Augmentations one after the other, as one.
 *
 * @example
 * const augment = augmentations(cropAndFlip(), mixup(), smoothLabels(0.1)); // for the option `augment` of train
 */
export function augmentations(...each: readonly Augment[]): Augment {
  return (batch, at) => each.reduce((examples: AnyExamples, augment) => augment(examples, at), batch);
}
