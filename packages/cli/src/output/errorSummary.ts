import { percent } from './percent.js';

/** What a training came to. */
interface Ended {
  readonly final: {
    readonly trainLoss: number;
    readonly trainError: number;
    readonly testLoss?: number;
    readonly testError?: number;
  };
}

/** One line on what a training came to: its errors, or its losses where examples have targets. */
export function errorSummary([{ final }]: readonly Ended[]): string {
  const { trainLoss, trainError, testLoss, testError } = final;
  const targeted = Number.isNaN(trainError);
  const [train, test] = targeted
    ? [trainLoss.toPrecision(4), testLoss?.toPrecision(4)]
    : [percent(trainError), testError === undefined ? undefined : percent(testError)];
  const what = targeted ? 'loss' : 'error';
  return test === undefined
    ? `${what} ${train} on the examples, no test examples`
    : `${what} ${train} on training, ${test} on test examples`;
}
