import { errorOfGuessing, type Chance } from '@hyperribbon/pac-bayes';
import type { AnalysisPlan } from './plan.js';

/** What guessing costs, by labels that the bound may use: of examples beside those that it is about. */
export function guessing({ beside, train }: AnalysisPlan): Chance & { readonly split: string } {
  return { split: beside.name, ...errorOfGuessing(beside.examples.labels, train.classes) };
}
