import { allMeasures, type Measure } from '@hyperribbon/complexity';
import type { FloatArray } from '@hyperribbon/kernels';
import { type Examples, networkFromData } from '@hyperribbon/nn';
import type { JobContext } from '@hyperribbon/study';
import type { Model } from '../input/model.js';

/** Every measure of complexity of a network. */
export interface ComplexityMeasuresJob {
  readonly model: Model;
  readonly reference?: FloatArray;
  readonly examples: Examples;
  /** whether flatness is looked for */
  readonly searches: boolean;
  readonly searchExamples: number;
  readonly seed: number;
}

export function runComplexityMeasures(
  { model, reference, examples, searches, searchExamples, seed }: ComplexityMeasuresJob,
  { signal, report }: JobContext,
): Promise<Measure[]> {
  return allMeasures(networkFromData(model.network), model.params, examples, {
    ...(reference && { reference }),
    searches,
    rows: searchExamples,
    seed,
    signal,
    onProgress: report,
  });
}
