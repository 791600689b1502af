import { examplesIdentity } from '@hyperribbon/data';
import { dataSplit, type DataSplit } from '@hyperribbon/pac-bayes';
import type { ClassPlan } from './bounded.js';

/** The training examples, which the bound is about, as a certificate names them. */
export function trainSplit({ origin, train }: ClassPlan): DataSplit {
  return dataSplit({ ...origin, name: 'train', digest: examplesIdentity(train) });
}

/** The examples whose labels say what guessing costs. */
export function besideSplit({ beside: { name, origin, examples } }: ClassPlan): DataSplit {
  return dataSplit({ ...origin, name, digest: examplesIdentity(examples) });
}
