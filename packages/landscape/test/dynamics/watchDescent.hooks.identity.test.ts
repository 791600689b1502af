// Oracle: the run itself. What hooks of a watched run see is what it descends, to its last step.
import { recordTrajectory, squaredError, type TrainMoment } from '@hyperribbon/nn';
import { expect, test } from 'vitest';
import { watchDescent } from '../../src/dynamics.js';
import { examples, network, start } from './e1.js';

test('Hooks see every step, the last with a signal that is still open, and change nothing', async () => {
  const options = { learningRate: 0.1, steps: 12, every: 5, initial: start, loss: squaredError };
  const trajectory = recordTrajectory({ at: [0, 6, 12] });
  const seen: number[] = [];
  const onStep = async ({ steps, signal }: TrainMoment): Promise<void> => {
    await Promise.resolve();
    expect(signal?.aborted).toBe(false);
    seen.push(steps);
  };
  const watched = await watchDescent(network, examples, { ...options, hooks: [trajectory, { onStep }] });
  expect(seen).toEqual(Array.from({ length: 13 }, (_, step) => step));
  expect(trajectory.steps).toEqual([0, 6, 12]);
  expect(trajectory.records[2]).toEqual(watched.params);
  expect(trajectory.records[1]).not.toEqual(watched.params);
  const plain = await watchDescent(network, examples, options);
  expect(plain.params).toEqual(watched.params);
  expect(plain.record).toEqual(watched.record);
});
