import { squaredError } from '@hyperribbon/nn';
import { expect, test } from 'vitest';
import { edgeRatio, watchDescent } from '../../src/dynamics.js';
import { examples, network, start } from './e1.js';

test.each([0.2, 0.25, 0.3])('Gradient descent with η = %s holds its sharpness at 2/η', async (learningRate) => {
  const { record } = await watchDescent(network, examples, {
    learningRate,
    steps: 4000,
    every: 20,
    initial: start,
    loss: squaredError,
    dtype: 'float64',
  });
  const { mean } = edgeRatio(record, 2000);
  expect(2 * mean).toBeGreaterThan(1.97);
  expect(2 * mean).toBeLessThan(2.03);
  // the loss falls until it crosses, and then comes down in bursts
  const losses = record.moments.map(({ step, loss }) => ({ step, loss }));
  const rises = losses.filter(({ loss }, i) => i > 0 && loss > losses[i - 1].loss).map(({ step }) => step);
  expect(rises.filter((step) => step < record.crossing!)).toEqual([]);
  expect(rises.length).toBeGreaterThan(0.05 * losses.length);
  expect(losses.at(-1)!.loss).toBeLessThan(1e-3);
});
