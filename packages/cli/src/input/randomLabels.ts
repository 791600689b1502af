import type { RandomLabels } from '@hyperribbon/pac-bayes';

/** How `--random-labels` with a seed replaces labels: as a certificate describes it. */
export function randomLabels(seed: number): RandomLabels {
  return { kind: 'random', seed, purpose: 'random-labels' };
}
