import { readFileSync } from 'node:fs';
import { adamW, constantSchedule, evaluate, momentum, train, type TrainOptions } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { normalized } from './trainingNetworks.js';

interface Run {
  losses: number[];
  means: number[][];
  variances: number[][];
  weights: number[];
  evaluated: number;
}
const golden = JSON.parse(readFileSync(new URL('../golden/training.json', import.meta.url), 'utf8')) as {
  inputs: number[];
  labels: number[];
  W: number[];
  V: number[];
  nesterov: Run;
  adamW: Run;
};
const net = normalized(3, 2);
const count = golden.labels.length;
const examples = {
  inputs: Float64Array.from(golden.inputs),
  labels: Int32Array.from(golden.labels),
  count,
  features: 3,
  classes: 2,
};
const initial = Float64Array.from([...golden.W, 1, 1, 1, 1, 0, 0, 0, 0, ...golden.V, 0, 0]);
const options: Record<'nesterov' | 'adamW', TrainOptions> = {
  nesterov: {
    optimizer: momentum(0.9, { nesterov: true, weightDecay: 0.01 }),
    schedule: constantSchedule(0.3),
    clipNorm: 0.5,
  },
  adamW: { optimizer: adamW({ weightDecay: 0.1 }), schedule: constantSchedule(0.05) },
};

const gap = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i])));

describe.each(['nesterov', 'adamW'] as const)('ten steps of %s through batch norm', (name) => {
  it.each([
    ['float64', 1e-12],
    ['float32', 1e-5],
  ] as const)(
    'are PyTorch’s in %s: losses, statistics, weights, and what evaluation makes of them',
    async (dtype, tolerance) => {
      const expected = golden[name];
      const seen: { mean: number[]; variance: number[] }[] = [];
      const run = await train(net, examples, {
        ...options[name],
        dtype,
        initial,
        epochs: 10,
        batchSize: count,
        hooks: [
          {
            onStep: ({ steps, buffers }) => {
              if (steps === 0) return;
              seen.push({ mean: [...buffers['bn.running_mean']], variance: [...buffers['bn.running_var']] });
            },
          },
        ],
      });
      expect(
        gap(
          run.history.map(({ loss }) => loss),
          expected.losses,
        ),
      ).toBeLessThan(tolerance);
      expect(
        gap(
          seen.flatMap(({ mean }) => mean),
          expected.means.flat(),
        ),
      ).toBeLessThan(Math.min(tolerance, 1e-6));
      expect(
        gap(
          seen.flatMap(({ variance }) => variance),
          expected.variances.flat(),
        ),
      ).toBeLessThan(Math.min(tolerance, 1e-6));
      expect(gap(run.params, expected.weights)).toBeLessThan(tolerance);
      const { loss } = await evaluate(run.network, run.params, examples, { dtype });
      expect(Math.abs(loss - expected.evaluated)).toBeLessThan(tolerance);
      // at the statistics that the network started with the loss is another
      const before = await evaluate(net, run.params, examples, { dtype });
      expect(Math.abs(before.loss - expected.evaluated)).toBeGreaterThan(1e-3);
    },
  );
});
