import { type DecodedBy, finite, flag, oneOf } from '@hyperribbon/contract/decode';
import { count, loss, names, software, split } from '../certificate.js';
import { exactly, integer, listOf, name, orNull, words } from '../strictDecoders.js';
import { testSetAssumptions, type TestSetAssumption } from './testSetTexts.js';

const claim = exactly({
  /** Upper bound on the true risk of the fixed classifier, rounded up. */
  bound: finite,
  delta: finite,
  /** 1 - delta. */
  confidence: finite,
  /** Risk of guessing, in [0, 1]. */
  chance: finite,
  /** bound >= chance: it says nothing. */
  vacuous: flag,
  /** The claim in a sentence. */
  text: words(),
});

const theorem = exactly({ id: oneOf('binomial', 'chernoff'), title: words(), source: words(), m: count });

const risk = exactly({
  loss,
  /** Mistakes on the test split, for the 0-1 loss; null for others. */
  errors: orNull(integer(0)),
  mean: finite,
});

const classifier = exactly({
  /** How it came to be. */
  description: words(),
  /** Splits that its weights or its choice depend on; none shares an example with the test split. */
  saw: names,
  /** As `parseArchitecture` of @hyperribbon/nn reads it; null for other classifiers. */
  architecture: orNull(words()),
  /** Digests of its arrays: `weightsDigest`. */
  weights: listOf(exactly({ name, digest: name }), 1000),
});

const data = exactly({
  /** Every split that anything in the record names. */
  splits: listOf(split, 1000),
  /** Name of the split whose examples were counted. */
  test: name,
  /** Split whose labels say what guessing costs: the error of its most frequent class. It shares no example with the test split. */
  chance: orNull(name),
  /** A control: labels of the data set of the test split were replaced, as in a {@link Certificate}. */
  labels: orNull(exactly({ kind: oneOf('random'), seed: integer(0), purpose: words(300) })),
});

const assumption = exactly({ id: oneOf(...(Object.keys(testSetAssumptions) as TestSetAssumption[])), text: words() });

/**
 * A bound on one fixed classifier from examples that it never met, which a stranger can check by counting again. Plain JSON, in which all
 * properties stand, null where they do not apply; `digest` is taken over the canonical form of all the rest.
 */
export const testSetCertificate = exactly({
  schema: oneOf('hyperribbon/test-set-certificate'),
  version: oneOf(1),
  claim,
  theorem,
  risk,
  classifier,
  data,
  assumptions: listOf(assumption, 100),
  caveats: listOf(words(), 1000),
  software,
  /** `sha256:` and 64 hexadecimal digits. It shows accidents and careless edits; it is no signature. */
  digest: name,
});

export type TestSetCertificate = DecodedBy<typeof testSetCertificate>;
