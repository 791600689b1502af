// Oracle: a small version of the study in-context. Ridge regression has the smallest risk there is; the best that one layer of linear attention can
// do has a closed form: ŷ = (η/n) Σ yᵢ xᵢ·x has the risk d (1 − 2η + η² (n + 1 + d + σ²)/n), least at η = n/(n + 1 + d + σ²).
import { cosineSchedule, logits, squaredError, train, warmUp } from '@hyperribbon/nn';
import { attentionRegressor } from '@hyperribbon/nn/models';
import { expect, it } from 'vitest';
import { inContextTasks, meanSquare, ridgeAnswers } from '../studies/inContext.mjs';

const setting = { dimension: 2, length: 12, noise: 1 };

it('one layer of linear attention learns the best that one can do, three come within 15 % of ridge regression', async () => {
  const test = inContextTasks(setting, { count: 4000, seed: 100 });
  const ridge = meanSquare(ridgeAnswers(setting, test), test.clean);
  const excess = async (layers) => {
    const network = attentionRegressor('linear', { dimension: 2, length: 12, layers });
    const renewExamples = (index) => {
      const { clean: _clean, ...examples } = inContextTasks(setting, { count: 1024, seed: 2, index });
      return examples;
    };
    const { params } = await train(network, renewExamples(0), {
      epochs: 80,
      batchSize: 64,
      loss: squaredError,
      schedule: warmUp(cosineSchedule(0.015, 0), { steps: 50 }),
      clipNorm: 1,
      seed: 3,
      deterministic: true,
      renewExamples,
    });
    return meanSquare(logits(network, params, test, { dtype: 'float32' }), test.clean);
  };
  const [one, three] = [await excess(1), await excess(3)];
  expect(Math.abs(one / (2 * (1 - 12 / 16)) - 1)).toBeLessThan(0.1);
  expect(three).toBeGreaterThan(0.97 * ridge);
  expect(three).toBeLessThan(1.15 * ridge);
});
