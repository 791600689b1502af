/** One hypothesis that nobody can check by arithmetic; the reader has to accept it. */
export interface AssumptionRecord {
  readonly id: AssumptionId;
  readonly text: string;
}

/** The wording is part of the certificate: verification demands every one that applies, letter for letter. */
export const assumptionTexts = {
  iid: 'The examples of the bound split are independent draws from the distribution that the claim speaks about.',
  'bounded-loss': 'The loss of every prediction lies in [0, 1].',
  'prior-independent':
    'Mean, basis and fixed scales of the prior depend on nothing but the splits listed as seen, none of which shares an example with the bound split; grids of scales were fixed before the data were seen.',
  'distinct-sources': 'Examples of different data sets are different, independent examples.',
  'posterior-drawn':
    'The weights were drawn from exactly this posterior, by random numbers as good as independent ones.',
  'draws-after-choice': 'The posterior was final before the draws that count were made.',
  'draws-divided':
    'The posterior was chosen among the stated number of candidates, fixed before their draws were made.',
  'per-example-law':
    'Each example met weights of its own: given the input of a layer its output followed the law that the posterior gives it, and the draws of different examples and passes were independent.',
  'per-group-law': 'Groups of equally many examples met draws of their own, independent of those of other groups.',
  'risk-exact': 'The empirical risk of the posterior is exact, not an estimate.',
  'parameter-fixed': 'The constants of the inequality were fixed before the data were seen.',
  arithmetic: 'The classifier is the one that this software computes, rounding included.',
} as const;

export type AssumptionId = keyof typeof assumptionTexts;

export function assumption(id: AssumptionId): AssumptionRecord {
  return { id, text: assumptionTexts[id] };
}
