import { logits, logSpacedSteps, mlp, recordTrajectory, train } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { blobs } from '../blobs.js';
import { normalized } from './trainingNetworks.js';

const examples = blobs(40, 3, 2);
const options = { epochs: 5, batchSize: 10, seed: 2 };

describe('steps on a logarithmic scale', () => {
  it('hold the ends, rise, and are as even as whole numbers can be', () => {
    expect(logSpacedSteps(100, 6)).toEqual([0, 1, 3, 10, 32, 100]);
    for (const of of [0, 1, 2, 3, 17, 1000])
      for (const count of [2, 3, 10, 50]) {
        const steps = logSpacedSteps(of, count);
        expect(steps.at(0)).toBe(0);
        expect(steps.at(-1)).toBe(of);
        expect(steps.length).toBeLessThanOrEqual(Math.max(count, 3));
        steps.forEach((step, i) => i > 0 && expect(step).toBeGreaterThan(steps[i - 1]));
      }
  });
});

describe('a trajectory', () => {
  it('holds the weights of its moments, the start and the end among them', async () => {
    const trajectory = recordTrajectory({ count: 6 });
    const run = await train(mlp([3, 2]), examples, { ...options, hooks: [trajectory] });
    expect(trajectory.steps).toEqual(logSpacedSteps(20, 6));
    expect(trajectory.records[0]).toEqual(run.initial);
    expect(trajectory.records.at(-1)).toEqual(run.params);
  });

  it('of predictions is that of the network as it is evaluated then', async () => {
    const net = normalized(3, 2);
    const trajectory = recordTrajectory({ at: [0, 7, 20], examples });
    const run = await train(net, examples, { ...options, hooks: [trajectory] });
    expect(trajectory.steps).toEqual([0, 7, 20]);
    expect(trajectory.records[2]).toEqual(logits(run.network, run.params, examples, { dtype: 'float32' }));
    expect(trajectory.records[0]).toEqual(logits(net, run.initial, examples, { dtype: 'float32' }));
  });

  it('goes on with the run that resumes another, each moment once', async () => {
    const whole = recordTrajectory({ at: [0, 3, 8, 20] });
    await train(mlp([3, 2]), examples, { ...options, hooks: [whole] });
    const trajectory = recordTrajectory({ at: [0, 3, 8, 20] });
    const controller = new AbortController();
    const stop = { onStep: ({ steps }: { steps: number }) => (steps === 8 ? controller.abort() : undefined) };
    const { signal } = controller;
    const { checkpoint } = await train(mlp([3, 2]), examples, { ...options, signal, hooks: [stop, trajectory] });
    await train(mlp([3, 2]), examples, { ...options, resume: checkpoint, hooks: [trajectory] });
    expect(trajectory).toEqual({ ...whole, onStep: trajectory.onStep });
  });

  it('needs moments that ascend', () => {
    expect(() => recordTrajectory({ at: [0, 5, 5] })).toThrow('recordTrajectory: at must ascend, got 5 before 5');
    expect(() => recordTrajectory({ count: 1 })).toThrow(
      'recordTrajectory: count must be an integer >= 2, got count=1',
    );
  });
});
