import { type AnyExamples, isTargeted } from '@hyperribbon/nn';
import { shareArray } from '@hyperribbon/study';

/** The same examples in shared memory, so that no thread needs a copy. */
export function shareExamples<Kind extends AnyExamples>(examples: Kind): Kind {
  const any: AnyExamples = examples;
  const answers = isTargeted(any) ? { targets: shareArray(any.targets) } : { labels: shareArray(any.labels) };
  return { ...examples, inputs: shareArray(examples.inputs), ...answers };
}
