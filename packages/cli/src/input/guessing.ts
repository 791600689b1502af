import { log } from '@hyperribbon/kernels';
import type { Examples } from '@hyperribbon/nn';

/** The best constant answers to some examples: their most frequent class, and the frequencies of all classes. */
export interface Guessing {
  /** of always answering the most frequent class */
  readonly error: number;
  /** mean cross-entropy of answering with the frequencies, nats: their entropy */
  readonly loss: number;
}

export function guessing({ labels, classes }: Pick<Examples, 'labels' | 'classes'>): Guessing {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label] += 1;
  const shares = Array.from(counts, (count) => count / labels.length);
  const loss = shares.reduce((sum, share) => (share > 0 ? sum - share * log(share) : sum), 0);
  return { error: 1 - Math.max(...shares), loss: Math.max(0, loss) };
}
