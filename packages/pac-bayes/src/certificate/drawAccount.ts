import { requireCount, requireThat } from '../assumptions.js';
import type { DrawnRisk } from './certificate.js';

/**
 * How posterior draws met examples.
 *
 * - `whole-sample`: each draw of the whole network is evaluated on all n examples. One draw is one independent variable.
 * - `random-subset`: each draw meets its own uniformly random examples (with replacement). One draw is one variable.
 * - `per-group`: the n examples are divided into equal groups (mini-batches); in each pass each group meets a fresh draw.
 *   passes · groups variables.
 * - `per-example`: every example meets its own draw in every pass (local reparametrisation, or weights drawn per
 *   example). passes · n variables, each a single loss.
 */
export type DrawScheme = DrawnRisk['scheme'];

export interface DrawAccountArguments {
  readonly scheme: DrawScheme;
  /** Examples of the bound split. */
  readonly n: number;
  readonly passes: number;
  /** Only for `per-group`: how many equal groups the n examples make. */
  readonly groups?: number;
  /** Only for `random-subset`. */
  readonly examplesPerDraw?: number;
}

export interface DrawAccount {
  readonly groups: number;
  /** Independent variables in [0, 1] whose mean has the posterior's empirical risk as its expectation. */
  readonly units: number;
  readonly trials: number;
}

/**
 * Counts what a Monte-Carlo estimate rests on: units for the concentration inequality, trials that were evaluated.
 *
 * The argument is written out in docs/theory/certificates.md. A mini-batch evaluated with shared weights is one unit, never as many
 * as it has examples: errors of one network on different examples are dependent given the data.
 * @throws AssumptionError for counts that are not counts, or groups that are not of equal size
 * @example drawAccount({ scheme: 'per-example', n: 55000, passes: 20 }).units // 1100000
 */
export function drawAccount({ scheme, n, passes, groups = 1, examplesPerDraw = n }: DrawAccountArguments): DrawAccount {
  requireCount('drawAccount', 'n', n, 1);
  requireCount('drawAccount', 'passes', passes, 1);
  requireCount('drawAccount', 'groups', groups, 1);
  requireCount('drawAccount', 'examplesPerDraw', examplesPerDraw, 1);
  requireThat(scheme === 'per-group' || groups === 1, 'drawAccount', `no groups for ${scheme}`, 'groups', groups);
  requireThat(n % groups === 0, 'drawAccount', `groups of equal size: groups divide n=${n}`, 'groups', groups);
  requireThat(
    scheme === 'random-subset' || examplesPerDraw === n,
    'drawAccount',
    `all n=${n} examples in each pass for ${scheme}`,
    'examplesPerDraw',
    examplesPerDraw,
  );
  const count = scheme === 'per-example' ? n : groups;
  const account = { groups: count, units: passes * count, trials: passes * examplesPerDraw };
  requireCount('drawAccount', 'trials', account.trials, 1);
  return account;
}
