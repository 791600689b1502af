import type { Examples } from '@hyperribbon/nn';
import type { RandomLabels } from '@hyperribbon/pac-bayes';
import { stream } from '@hyperribbon/random';

/** How `--random-labels` with a seed replaces labels: as a certificate describes it. */
export function randomLabels(seed: number): RandomLabels {
  return { kind: 'random', seed, purpose: 'random-labels' };
}

/** A whole data set with the labels of a control: example i gets integer i of the stream, whatever split it will be in. */
export function withRandomLabels(examples: Examples, { seed, purpose }: RandomLabels): Examples {
  const random = stream({ seed, purpose });
  return { ...examples, labels: examples.labels.map(() => random.integer(examples.classes)) };
}
