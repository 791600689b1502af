import { inContextTasks } from '@hyperribbon/data';
import { constantSchedule, flatten, logits, squaredError, train } from '@hyperribbon/nn';
import { attentionRegressor } from '@hyperribbon/nn/models';
import { describe, expect, it } from 'vitest';

const [dimension, length, noise] = [2, 6, 0.2];
const tasks = (count: number, sample: number) =>
  inContextTasks({ dimension, length, count, noise, seed: 1, sample, dtype: 'float64' });
const test = tasks(8000, 1);
const risk = (answers: ArrayLike<number>): number =>
  Array.from(test.targets, (y, i) => (answers[i] - y) ** 2).reduce((sum, e) => sum + e, 0) / test.count;
/** of one layer, the best: (1 + d + d σ²)/(n + 1 + d + d σ²) */
const rest = 1 + dimension + dimension * noise;
const best = rest / (length + rest);

describe('linear attention on linear tasks', () => {
  it('has the risk of its closed form at its best weights: one step of gradient descent of length n/(n + 1 + d + d σ²)', () => {
    const network = attentionRegressor('linear', { dimension, length });
    const width = dimension + 1;
    const rate = length / (length + rest);
    const keyQuery = Float64Array.from({ length: width * width }, (_, k) => (k === 0 || k === 4 ? rate : 0));
    const value = Float64Array.of(0, 0, 1);
    const at = 'layers.0.heads.0';
    const params = flatten(network, { [`${at}.key_query`]: keyQuery, [`${at}.value`]: value });
    const found = risk(logits(network, params, test));
    expect(Math.abs(found / best - 1)).toBeLessThan(0.05);
    const longer = keyQuery.map((x) => 1.3 * x);
    const other = flatten(network, { [`${at}.key_query`]: longer, [`${at}.value`]: value });
    expect(risk(logits(network, other, test))).toBeGreaterThan(found);
  });

  it('is trained to it, and two layers to less, no less than ridge regression', async () => {
    const data = tasks(4000, 0);
    const trained = async (layers: number): Promise<number> => {
      const network = attentionRegressor('linear', { dimension, length, layers });
      const run = await train(network, data, {
        epochs: 12,
        batchSize: 100,
        seed: 1,
        loss: squaredError,
        schedule: constantSchedule(0.01),
      });
      return risk(logits(network, run.params, test));
    };
    const one = await trained(1);
    expect(Math.abs(one / best - 1)).toBeLessThan(0.1);
    const two = await trained(2);
    expect(two).toBeLessThan(0.98 * one);
    expect(two).toBeGreaterThan(risk(test.ridge));
  });
});
