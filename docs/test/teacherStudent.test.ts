// Oracle: the acceptance of the teacher-student study. Test error grows as the inputs get less sloppy, at zero training error.
import { expect, test } from 'vitest';
import { sloppyGaussian } from '@hyperribbon/data';
import { constantSchedule, evaluate, mlp, train } from '@hyperribbon/nn';

test('the sloppier the inputs, the better the student generalises', async () => {
  const seed = 0;
  const errors = [];
  for (const decay of [0.5, 0.05, 0.001]) {
    const examples = sloppyGaussian({ dimension: 200, decay, count: 1000, seed });
    const network = mlp([200, 200, 10], { activation: 'sigmoid' });
    const options = { epochs: 150, batchSize: 250, schedule: constantSchedule(0.01), seed };
    const { params } = await train(network, examples, options);
    expect((await evaluate(network, params, examples)).error).toBe(0);
    const fresh = sloppyGaussian({ dimension: 200, decay, count: 2000, seed, sample: 1 });
    errors.push((await evaluate(network, params, fresh)).error);
  }
  for (let i = 1; i < errors.length; i++) expect(errors[i]).toBeGreaterThan(errors[i - 1]);
  expect(errors[2] - errors[0]).toBeGreaterThan(0.25);
});
