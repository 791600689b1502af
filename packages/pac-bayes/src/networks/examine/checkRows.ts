import type { Examples } from '@hyperribbon/nn';
import type { Certificate } from '../../certificate/certificate.js';
import { repeatedRowsCaveat } from '../certify/repeatedRows.js';
import type { Findings } from '../../verification/reason.js';
import { hasRows, splitExamples, withLabels } from './splitExamples.js';

/** The data set, and what is asked of it. */
export interface RowEvidence {
  readonly dataset: Examples;
  readonly identityOf: (examples: Examples) => string;
  readonly repeatsIn?: ((examples: Examples) => number) | undefined;
}

export interface FoundSplits {
  /** examples of each split that was found, by its name */
  readonly splits: ReadonlyMap<string, Examples>;
  /** why nobody can tell which rows they are */
  readonly open?: string;
}

/** Finds every split of a certificate in a data set: the data set by its identity, the rows by theirs. */
export function checkRows(
  { version, data, caveats }: Certificate,
  { dataset, identityOf, repeatsIn }: RowEvidence,
  found: Findings,
): FoundSplits {
  const labelled = withLabels(dataset, data.labels);
  const splits = new Map<string, Examples>();
  const identity = identityOf(dataset);
  const [bound] = data.splits.filter(({ name }) => name === data.bound);
  const whole = data.splits.every((split) => split.dataset === identity) || version < 3;
  const alone = [dataset, labelled].find((examples) => identityOf(examples) === bound.digest);
  if (alone !== undefined && !(version === 3 && whole)) {
    splits.set(bound.name, alone);
    return { splits, open: `give the whole data set ${bound.dataset}, of which split "${bound.name}" names rows` };
  }
  const repeats = version === 3 ? (repeatsIn?.(dataset) ?? 0) : 0;
  const caveat = repeatedRowsCaveat(repeats, dataset.count);
  const silent = `it does not say that ${caveat}`;
  found.unless(repeats === 0 || caveats.some((each) => each.includes(caveat)), 'rows-repeated', '$.caveats', silent);
  for (const [i, split] of data.splits.entries()) {
    const path = `$.data.splits[${i}]`;
    if (!whole && split.dataset !== identity) {
      const told = `the data given are ${identity}, split "${split.name}" has rows of ${split.dataset}`;
      found.add('data-differs', `${path}.dataset`, told);
    } else if (!hasRows(dataset, split.indices)) {
      found.add(
        'rows-differ',
        `${path}.indices`,
        `the data given have ${dataset.count} rows, and not all that are named`,
      );
    } else {
      const examples = splitExamples(labelled, split.indices);
      const digest = identityOf(examples);
      const told = `these rows of the data given are ${digest}, it says ${split.digest}`;
      found.unless(digest === split.digest, 'data-differs', `${path}.digest`, told);
      splits.set(split.name, examples);
    }
  }
  return { splits };
}
