import { countSharedInputs, repeatedInputs } from '@hyperribbon/data';
import type { AnyExamples } from '@hyperribbon/nn';
import { repeatedRowsCaveat } from '@hyperribbon/pac-bayes/networks';
import { UsageError } from '../usageError.js';
import { gather } from './splits.js';

/** What rows with equal inputs are taken for: one example that was written several times, or draws of their own. */
export type RepeatedRows = 'distinct' | 'independent';

/** Fewer cannot be split into examples to train on, to bound on and to test on. */
const fewest = 12;

/**
 * Examples that may be split at random, and what is to be told of rows with equal inputs, if there are any.
 *
 * A row that was written twice is no independent draw, and with one copy among the training examples and one among those that bound
 * or test, the network has seen the answer: 300 noise examples written 20 times each would be certified at 3 % error. Copies cannot be told from
 * draws of a discrete distribution that happen to agree, so equal inputs count as one example unless the user says otherwise; either
 * reading is written into the certificate.
 *
 * @throws UsageError where too few distinct inputs remain
 */
export function withoutRepeats<Kind extends AnyExamples>(
  examples: Kind,
  how: RepeatedRows,
): { readonly examples: Kind; readonly told?: string } {
  const { distinct, repeats, contradictions } = repeatedInputs(examples);
  if (repeats === 0) return { examples };
  const found = `${repeats} of ${examples.count} rows repeat the input of another`;
  if (how === 'independent') return { examples, told: repeatedRowsCaveat(repeats, examples.count) };
  if (distinct.length < fewest && examples.count >= fewest) {
    throw new UsageError(
      `--data: ${found}, which leaves ${distinct.length} distinct inputs: too few to hold some out. Where rows are independent ` +
        'draws that may agree, as those of discrete inputs, say so: --repeated-rows independent',
    );
  }
  const several =
    contradictions === 0
      ? ''
      : `; for ${contradictions} inputs with several ${'targets' in examples ? 'targets' : 'labels'} one was drawn`;
  return {
    examples: gather(examples, distinct),
    told: `${found} and were left out: equal inputs count as one example${several}`,
  };
}

/**
 * The same for examples that came with test examples of their own: each counts once, and none is on both sides.
 *
 * @throws UsageError where a test example has the input of a training example, unless the user says that such rows are draws that agree
 */
export function keptApart<Kind extends AnyExamples>(
  given: Kind,
  givenTest: Kind | undefined,
  how: RepeatedRows,
): { readonly examples: Kind; readonly test?: Kind; readonly told?: string } {
  const training = withoutRepeats(given, how);
  if (givenTest === undefined) return training;
  const test = withoutRepeats(givenTest, how);
  const shared = how === 'distinct' ? countSharedInputs(training.examples, test.examples) : 0;
  if (shared > 0) {
    throw new UsageError(
      `--data: ${shared} of ${test.examples.count} test examples have the input of a training example: what is learnt by heart would pass the test. ` +
        'Take them out; or, where rows are independent draws that may agree, say so: --repeated-rows independent',
    );
  }
  const told = [
    ...(training.told === undefined ? [] : [training.told]),
    ...(test.told === undefined ? [] : [`of the test examples, ${test.told}`]),
  ].join('; ');
  return { examples: training.examples, test: test.examples, ...(told === '' ? {} : { told }) };
}
