import { errorOfGuessing, type Chance } from '@hyperribbon/pac-bayes';
import type { ClassPlan } from './bounded.js';

/** What guessing costs, by labels that the bound may use: of examples beside those that it is about. */
export function guessing({ beside, train }: Pick<ClassPlan, 'beside' | 'train'>): Chance & { readonly split: string } {
  return { split: beside.name, ...errorOfGuessing(beside.examples.labels, train.classes) };
}
