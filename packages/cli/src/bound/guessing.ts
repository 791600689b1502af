import { errorOfGuessing, type Chance } from '@hyperribbon/pac-bayes';
import type { BoundPlan } from './boundPlan.js';

/** Error of the best constant answer, by the labels of a split beside the bound's. */
export interface Guessing extends Chance {
  readonly split: string;
}

/** What guessing costs, by labels that the bound may use: those that trained the prior, or those that were held out. */
export function guessing({ train, priorCount, heldOut }: BoundPlan): Guessing {
  const [split, labels] =
    priorCount > 0 ? ['prior', train.labels.subarray(0, priorCount)] : [heldOut!.name, heldOut!.examples.labels];
  return { split, ...errorOfGuessing(labels, train.classes) };
}
