import { refuse, requireInteger, requireNoOthers, requireOneOf } from '@hyperribbon/contract';
import { type Examples, examplesAt } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';

export interface KernelSampleOptions {
  /** examples of the kernel, default 25 */
  readonly count?: number;
  /** 'first-by-label' (default): of the first `among` examples, sorted by label, the first `count`: those of the lowest classes; 'drawn': at random */
  readonly pick?: 'first-by-label' | 'drawn';
  /** of 'first-by-label', default 128 or as many as there are */
  readonly among?: number;
  /** of 'drawn', default 0 */
  readonly seed?: number;
}

/** The examples of a kernel and how they were chosen. */
export interface KernelSample {
  readonly examples: Examples;
  /** their numbers among all */
  readonly rows: Int32Array;
  /** for people */
  readonly words: string;
}

/**
 * The examples whose kernel is followed. Published numbers are of the first 25 of a batch of 128 that was sorted by label: they come from the lowest classes
 * and not from all; 'drawn' takes them from everywhere. Both are sorted by label, equal labels in their order.
 *
 * @throws ArgumentError for more examples than there are
 * Source: the published program of [goldblum2020].
 * @example
 * kernelSample(digits.train, { count: 10, pick: 'drawn', seed: 1 }).words; // '10 examples drawn from 20, sorted by label'
 */
export function kernelSample(examples: Examples, options: KernelSampleOptions = {}): KernelSample {
  const caller = 'kernelSample';
  const { count = 25, pick = 'first-by-label', among, seed, ...unknown } = options;
  requireNoOthers(caller, unknown, 'KernelSampleOptions');
  requireOneOf(caller, 'pick', pick, ['first-by-label', 'drawn']);
  requireInteger(caller, 'count', count, 1, examples.count);
  if (pick === 'drawn' && among !== undefined) refuse(caller, "among is of pick 'first-by-label': leave it off");
  if (pick !== 'drawn' && seed !== undefined) refuse(caller, "seed is of pick 'drawn': leave it off");
  const pool = among ?? Math.max(count, Math.min(128, examples.count));
  requireInteger(caller, 'among', pool, count, examples.count);
  const { labels } = examples;
  const byLabel = (a: number, b: number): number => labels[a] - labels[b] || a - b;
  const chosen =
    pick === 'drawn'
      ? stream({ seed: seed ?? 0, purpose: 'kernel-sample' })
          .permutation(examples.count)
          .slice(0, count)
      : Int32Array.from({ length: pool }, (_, i) => i);
  const rows = chosen.sort(byLabel).slice(0, count);
  const words =
    pick === 'drawn'
      ? `${count} examples drawn from ${examples.count}, sorted by label`
      : `the first ${count} of the first ${pool} examples sorted by label`;
  return { examples: examplesAt(examples, rows), rows, words };
}
