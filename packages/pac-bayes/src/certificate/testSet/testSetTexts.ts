/** What a test-set bound rests on that no arithmetic can show. The wording is part of the certificate. */
export const testSetAssumptions = {
  iid: 'The examples of the test split are independent draws from the distribution that the claim speaks about.',
  'final-before':
    'The classifier was final before the test split was looked at: neither its weights nor the decision to report it depend on those examples.',
  'bounded-loss': 'The loss of every prediction lies in [0, 1].',
  'distinct-sources': 'Examples of different data sets are different, independent examples.',
  arithmetic: 'The classifier is the one that this software computes, rounding included.',
} as const;

export type TestSetAssumption = keyof typeof testSetAssumptions;

/** Which of them apply. */
export function assumedOf(splits: readonly { readonly dataset: string }[]): TestSetAssumption[] {
  const several = splits.some(({ dataset }) => dataset !== splits[0].dataset);
  return ['iid', 'final-before', 'bounded-loss', ...(several ? (['distinct-sources'] as const) : []), 'arithmetic'];
}

/** The claim in a sentence; verification demands these very words for these numbers. */
export function testSetClaimText(bound: number, confidence: number, chance: number, zeroOne: boolean): string {
  const vacuous = bound < chance ? '' : ' This is vacuous: guessing does as well.';
  const what = zeroOne ? 'true error' : 'true risk';
  return `With probability at least ${confidence}, the ${what} of this fixed classifier is at most ${bound}.${vacuous}`;
}

/** The loss of a fixed network whose mistakes are counted. */
export const mistakesOfOneNetwork = 'misclassification by one network, the same for every example';
