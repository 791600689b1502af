import { log } from '@hyperribbon/kernels';
import { requireCount, requireDelta, requireLoss, requireThat } from '../assumptions.js';
import { clopperPearsonUpper } from '../limits/clopperPearson.js';
import { klInverseUpper } from '../limits/klInverse.js';
import { nextUp, roundUp } from '../limits/rounding.js';

/** What a fixed classifier did on examples that neither its weights nor its choice depend on. */
export type TestSetEvidence =
  /** mistakes, for the 0-1 loss */
  | { readonly errors: number; readonly examples: number }
  /** mean of any loss in [0, 1] */
  | { readonly mean: number; readonly examples: number };

/** A bound on the true risk of a fixed classifier. */
export interface TestSetBound {
  /** The true risk is at most this with probability 1 - delta over the test examples. */
  readonly value: number;
  /** binomial: the tail itself is inverted; chernoff: kl(mean||risk) <= ln(1/delta)/m. */
  readonly method: 'binomial' | 'chernoff';
  readonly mean: number;
  readonly examples: number;
  readonly delta: number;
}

export const testSetTitle: Readonly<
  Record<TestSetBound['method'], { readonly title: string; readonly source: string }>
> = {
  binomial: { title: 'binomial tail inversion', source: '[clopper1934], [langford2005, section 3]' },
  chernoff: { title: 'Chernoff bound, kl form', source: '[hoeffding1963, Thm 1], [langford2005]' },
};

/** Sums of a binomial tail take about 10 sqrt(m) terms; with more examples the Chernoff form does. */
export const mostCounted = 1e9;

/**
 * The classical bound that every certificate stands beside: m examples that played no part in training or choosing a fixed classifier
 * make independent trials of its risk. No prior, no divergence, no union over classifiers.
 *
 * Counted mistakes: the p with P[Binomial(m, p) <= errors] = delta, exact for the 0-1 loss (its trials are equal coins). A mean of
 * losses in [0, 1], or more than 1e9 examples: kl(mean||risk) <= ln(1/delta)/m, one side of Hoeffding's theorem.
 *
 * @param evidence mistakes, or a mean loss in [0, 1], on m >= 1 examples
 * @param delta in (0, 1)
 * @returns value in (0, 1], rounded up
 * @throws AssumptionError for delta outside (0, 1), counts that are not counts, a mean outside [0, 1]
 * @example
 * testSetBound({ errors: 0, examples: 100 }, 0.05).value; // 1 - 0.05^(1/100) = 0.0295...
 * testSetBound({ mean: 0.02, examples: 100 }, 0.05).value; // 0.0747...
 * Source: [langford2005].
 */
export function testSetBound(evidence: TestSetEvidence, delta: number): TestSetBound {
  const caller = 'testSetBound';
  const { examples } = evidence;
  requireCount(caller, 'examples', examples, 1);
  requireDelta(caller, delta);
  if (!('errors' in evidence)) {
    requireLoss(caller, evidence.mean, 'mean');
    return chernoff(evidence.mean, evidence.mean, examples, delta);
  }
  const { errors } = evidence;
  requireCount(caller, 'errors', errors, 0);
  requireThat(errors <= examples, caller, `errors at most examples=${examples}`, 'errors', errors);
  const mean = errors / examples;
  // a quotient of counts is rounded up, a mean that was given is what it is
  if (examples > mostCounted) return chernoff(mean, Math.min(1, roundUp(mean, 1)), examples, delta);
  return { value: clopperPearsonUpper(errors, examples, delta), method: 'binomial', mean, examples, delta };
}

function chernoff(mean: number, limited: number, examples: number, delta: number): TestSetBound {
  const rate = nextUp(roundUp(-log(delta) / examples));
  return { value: klInverseUpper(limited, rate), method: 'chernoff', mean, examples, delta };
}
