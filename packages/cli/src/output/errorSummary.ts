import { percent } from './percent.js';

/** One line on what a training came to. */
export function errorSummary([{ final }]: readonly {
  readonly final: { readonly trainError: number; readonly testError?: number };
}[]): string {
  const { trainError, testError } = final;
  return testError === undefined
    ? `error ${percent(trainError)} on the examples, no test examples`
    : `error ${percent(trainError)} on training, ${percent(testError)} on test examples`;
}
