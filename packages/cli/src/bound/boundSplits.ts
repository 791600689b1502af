import { examplesIdentity } from '@hyperribbon/data';
import type { Examples } from '@hyperribbon/nn';
import { dataSplit, type DataSplit } from '@hyperribbon/pac-bayes';
import { rows } from '../input/splits.js';
import type { BoundPlan } from './boundPlan.js';

/** The splits that a certificate of this plan names: the bound's, and what is beside it. */
export function boundSplits(plan: BoundPlan, examples: Examples): DataSplit[] {
  const { train, priorCount, heldOut, datasetIdentity: dataset } = plan;
  const range = (name: string, part: Examples, from: number): DataSplit =>
    dataSplit({ name, dataset, digest: examplesIdentity(part), indices: plan.indicesOf(from, from + part.count) });
  return [
    range('bound', examples, priorCount),
    ...(priorCount > 0 ? [range('prior', rows(train, 0, priorCount), 0)] : []),
    ...(heldOut !== undefined && heldOut.name !== 'prior' ? [range(heldOut.name, heldOut.examples, heldOut.from)] : []),
  ];
}
