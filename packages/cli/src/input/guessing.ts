import { log } from '@hyperribbon/kernels';
import { type AnyExamples, type Examples, isTargeted, type LossData, type TargetExamples } from '@hyperribbon/nn';

/** The best constant answers to some examples: their most frequent class, and the frequencies of all classes. */
export interface Guessing {
  /** of always answering the most frequent class; NaN where answers are no classes */
  readonly error: number;
  /** mean loss of the best constant answer: of frequencies under cross-entropy their entropy, nats; of means under squared error half the variance */
  readonly loss: number;
}

export function guessing({ labels, classes }: Pick<Examples, 'labels' | 'classes'>): Guessing {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label] += 1;
  return ofCounts(counts);
}

/** The same for examples of either kind, under the loss that belongs to them. */
export function guessingOf(examples: AnyExamples, loss: LossData): Guessing {
  if (!isTargeted(examples)) return guessing(examples);
  if (loss.kind === 'token-cross-entropy') return ofTokens(examples, loss.ignore ?? -100);
  const means = meansOf(examples);
  if (loss.kind === 'squared-error') return { error: NaN, loss: halfVariance(examples, means) };
  return { error: NaN, loss: entropy(means) };
}

function ofCounts(counts: Float64Array): Guessing {
  const total = counts.reduce((a, b) => a + b, 0);
  const shares = counts.map((count) => count / total);
  return { error: 1 - shares.reduce((a, b) => Math.max(a, b), 0), loss: entropy(shares) };
}

function entropy(shares: Float64Array): number {
  return Math.max(
    0,
    shares.reduce((sum, share) => (share > 0 ? sum - share * log(share) : sum), 0),
  );
}

/** Of answering every position with the frequencies of all tokens. */
function ofTokens({ targets }: TargetExamples, ignore: number): Guessing {
  const counts = new Map<number, number>();
  for (const token of targets) if (token !== ignore) counts.set(token, (counts.get(token) ?? 0) + 1);
  return ofCounts(Float64Array.from(counts.values()));
}

function meansOf({ targets, outputs, count }: TargetExamples): Float64Array {
  const sums = new Float64Array(outputs);
  for (let i = 0; i < targets.length; i++) sums[i % outputs] += targets[i];
  return sums.map((sum) => sum / count);
}

function halfVariance({ targets, outputs, count }: TargetExamples, means: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < targets.length; i++) {
    const distance = targets[i] - means[i % outputs];
    sum += distance * distance;
  }
  return sum / 2 / count;
}
