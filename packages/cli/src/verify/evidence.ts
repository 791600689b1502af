import type { Examples } from '@hyperribbon/contract';
import { examplesIdentity, repeatedInputs } from '@hyperribbon/data';
import type { Certificate, CertificateChecks } from '@hyperribbon/pac-bayes';
import { networkExaminer } from '@hyperribbon/pac-bayes/examine';
import { loadNamed, type DataOptions } from '../input/dataSource.js';
import { tasksToTry, wholeSet } from '../input/imageSets.js';
import { gather } from '../input/splits.js';
import { UsageError } from '../usageError.js';
import { boundExamples } from './boundExamples.js';
import { loadArrays } from './loadArrays.js';
import { makeBasis } from './makeBasis.js';

export interface EvidenceOptions extends DataOptions {
  readonly model?: string | undefined;
  readonly randomLabels?: number | undefined;
  readonly skipTraining: boolean;
}

/** What the files that the user names let be checked. */
export async function evidenceFor(certificate: Certificate, options: EvidenceOptions): Promise<CertificateChecks> {
  const { model, randomLabels, skipTraining } = options;
  const given = options.data !== undefined || options.inputs !== undefined;
  const arrays = model === undefined ? undefined : await loadArrays(certificate, model);
  const common = { arrays, makeBasis, retrain: !skipTraining, identityOf: examplesIdentity, repeatsIn };
  if (certificate.version === 3) {
    if (randomLabels !== undefined)
      throw new UsageError('--random-labels: the certificate tells itself which labels it speaks of');
    return {
      examine: networkExaminer({ ...common, dataset: given ? await wholeData(certificate, options) : undefined }),
    };
  }
  const old = given ? await boundExamples(certificate, options, randomLabels) : undefined;
  return {
    ...(old === undefined ? {} : { data: { [certificate.data.bound]: old.digest } }),
    examine: networkExaminer({ ...common, dataset: old?.examples, identityOf: () => old?.digest ?? '' }),
  };
}

/** Rows that repeat the input of another. */
const repeatsIn = (examples: Examples): number => repeatedInputs(examples).repeats;

/**
 * The data set that the user gave, as the certificate reads it: MNIST and CIFAR-100 without --task as either, others with and without repeated rows, pixels in
 * float32 or, as an analysis in float64 has them, in that.
 */
async function wholeData({ data }: Certificate, options: DataOptions): Promise<Examples> {
  const isNamed = (examples: Examples): boolean =>
    data.splits.some(({ dataset }) => dataset === examplesIdentity(examples));
  const tasks = tasksToTry(options.data === undefined ? undefined : wholeSet(options.data), options.task);
  let last: Examples | undefined;
  for (const dtype of ['float32', 'float64'] as const) {
    for (const task of tasks) {
      const { examples } = await loadNamed({ ...options, dtype, ...(task === undefined ? {} : { task }) });
      if (isNamed(examples)) return examples;
      const { distinct, repeats } = repeatedInputs(examples);
      const once = repeats === 0 ? examples : gather(examples, distinct);
      if (isNamed(once)) return once;
      last ??= examples;
    }
  }
  return last!;
}
