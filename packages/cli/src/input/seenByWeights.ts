import { examplesIdentity } from '@hyperribbon/data';
import type { AnyExamples } from '@hyperribbon/nn';
import type { Note } from '@hyperribbon/report';
import type { LoadedModel } from './modelSource.js';

/**
 * What is known of the examples that given weights have seen: `training`, their file names these training examples; `apart`, the test examples
 * are of their own, and that they were kept from the weights is taken on trust; `unknown`, any example may have been seen.
 */
export type SeenByWeights = 'training' | 'apart' | 'unknown';

export function seenByWeights(
  { trainedOn }: LoadedModel,
  { train, testKind }: { readonly train: AnyExamples; readonly testKind: 'held-out' | 'own' },
): SeenByWeights {
  if (trainedOn === examplesIdentity(train)) return 'training';
  return testKind === 'own' ? 'apart' : 'unknown';
}

/** The same in words, for a report and a terminal. */
export const seenText: Readonly<Record<SeenByWeights, Note>> = {
  training: {
    title: 'What the given weights have seen',
    kind: 'explanation',
    text: 'Their file names the examples that they were trained on: the training examples here. The test examples were held out from them.',
  },
  apart: {
    title: 'What the given weights have seen',
    kind: 'explanation',
    text: 'Whether they were trained on the test examples is not known here. An error on them is a test error only if they were not.',
  },
  unknown: {
    title: 'No test examples',
    kind: 'warning',
    text: 'It is not known which of these examples the given weights were trained on, so none is called a test example, and an error of 0 may be one of learning by heart. Give examples that the weights have not seen with --test.',
  },
};
