import { examplesIdentity } from '@hyperribbon/data';
import { dataSplit, type DataSplit } from '@hyperribbon/pac-bayes';
import type { AnalysisPlan } from './plan.js';

/** The training examples, which the bound is about, as a certificate names them. */
export function trainSplit({ origin, train }: AnalysisPlan): DataSplit {
  return dataSplit({ ...origin, name: 'train', digest: examplesIdentity(train) });
}

/** The examples whose labels say what guessing costs. */
export function besideSplit({ beside: { name, origin, examples } }: AnalysisPlan): DataSplit {
  return dataSplit({ ...origin, name, digest: examplesIdentity(examples) });
}
