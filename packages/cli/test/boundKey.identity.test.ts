import { describe, expect, it } from 'vitest';
import { planDifferences } from '@hyperribbon/study';
import { boundOptions } from '../src/bound/boundOptions.js';
import { boundKey, priorKey } from '../src/bound/boundPlan.js';
import { planOf as boundPlan } from '../src/bound/planOf.js';
import { points } from './cases/files.js';
import { parsed } from './cases/parsed.js';

const directions = ['--method', 'method4', '--basis', 'directions'];

describe('the key of a bound that goes on', () => {
  const plan = (...typed: string[]) =>
    boundPlan(parsed(boundOptions, ['--data', points, '--architecture', 'mlp:tanh:4', ...typed]), 'hyperribbon bound');

  it('is that of the same plan, whatever the words of the command were', async () => {
    const [first, second] = await Promise.all([plan('--epochs', '20'), plan()]);
    expect(boundKey(second)).toBe(boundKey(first));
  });

  it('leaves out how the posterior is certified in the end', async () => {
    expect(boundKey(await plan('--passes', '3', '--published', '0.1 a paper'))).toBe(boundKey(await plan()));
    const drawn = [...directions, '--directions', '2'];
    expect(boundKey(await plan(...drawn, '--networks', '50'))).toBe(boundKey(await plan(...drawn)));
  });

  it.each([
    [['--epochs', '7'], 'epochs: 20, not 7'],
    [['--seed', '3'], 'seed: 0, not 3'],
    [['--method', 'layered'], 'method: "method4", not "layered"'],
    [['--random-labels'], 'randomLabels: false, not true'],
    [['--limit', '30'], 'examples: 45, not 30'],
  ])('%j: tells the difference', async (typed, difference) => {
    expect(planDifferences(boundKey(await plan()), boundKey(await plan(...typed)))).toContain(difference);
  });

  it('holds what a trained prior depends on, and no more of it', async () => {
    const learnt = (...typed: string[]) => plan('--prior-fraction', '0.5', ...typed);
    const key = priorKey(await learnt());
    expect(priorKey(await learnt('--epochs', '3', '--delta', '0.05'))).toBe(key);
    for (const typed of [
      ['--prior-epochs', '3'],
      ['--batch-size', '5'],
      ['--seed', '2'],
    ]) {
      expect(priorKey(await learnt(...typed))).not.toBe(key);
    }
  });
});
