import { squaredError } from '@hyperribbon/nn';
import { expect, test } from 'vitest';
import { edgeRatio, watchDescent } from '../../src/dynamics.js';
import { examples, network, start } from './e1.js';

const descend = (learningRate: number, steps: number, every: number) =>
  watchDescent(network, examples, {
    learningRate,
    steps,
    every,
    initial: start,
    loss: squaredError,
    dtype: 'float64',
  });

test('Gradient descent from above its edge is thrown to where the curvature is lower, and ends at 2/η', async () => {
  const { record, reason } = await descend(0.4, 2000, 10);
  expect(reason).toBe('finished');
  const sharpness = record.moments.map(({ hessian }) => hessian.values[0]);
  expect(sharpness[0]).toBeGreaterThan(6);
  expect(record.crossing).toBe(0);
  expect(Math.min(...sharpness.slice(0, 20))).toBeLessThan(5.2);
  const { mean } = edgeRatio(record);
  expect(Math.abs(mean - 1)).toBeLessThan(0.015);
  // after the crossing the loss goes up and down, and down over all
  const losses = record.moments.slice(100).map(({ loss }) => loss);
  const rises = losses.slice(1).filter((loss, i) => loss > losses[i]).length / (losses.length - 1);
  expect(rises).toBeGreaterThan(0.05);
  expect(rises).toBeLessThan(0.6);
  expect(losses.at(-1)).toBeLessThan(losses[0]);
});

test('Below its edge the loss falls at every measurement and the curvature ends lower', async () => {
  const { record } = await descend(0.1, 1000, 10);
  const losses = record.moments.map(({ loss }) => loss);
  expect(losses.slice(1).every((loss, i) => loss < losses[i])).toBe(true);
  expect(record.crossing).toBeUndefined();
  const { mean, most } = edgeRatio(record);
  expect(most).toBeLessThan(1);
  expect(mean).toBeGreaterThan(0.3);
});
