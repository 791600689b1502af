import type { Examples } from '@hyperribbon/nn';
import { shareArray } from '@hyperribbon/study';

/** The same examples in shared memory, so that no thread needs a copy. */
export function shareExamples(examples: Examples): Examples {
  return { ...examples, inputs: shareArray(examples.inputs), labels: shareArray(examples.labels) };
}
