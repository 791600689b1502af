// Oracle: a second implementation with numpy alone, ../golden/make_rules.py.
import { readFileSync } from 'node:fs';
import {
  asam,
  constantSchedule,
  mlp,
  momentum,
  sam,
  sgd,
  signDescent,
  squaredError,
  train,
  type TrainOptions,
} from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';

const golden = JSON.parse(readFileSync(new URL('../golden/rules.json', import.meta.url), 'utf8')) as {
  inputs: number[];
  targets: number[];
  start: number[];
  runs: Record<string, number[][]>;
};
const net = mlp([3, 4, 2]);
const examples = {
  inputs: Float64Array.from(golden.inputs),
  targets: Float64Array.from(golden.targets),
  count: 7,
  features: 3,
  outputs: 2,
};
const steps = [1, 5, 20];

/** Largest distance from numpy's weights, which are as large as 2, after 1, 5 and 20 steps. */
async function distance(name: string, learningRate: number, options: TrainOptions): Promise<number> {
  let largest = 0;
  await train(net, examples, {
    epochs: 20,
    batchSize: 7,
    dtype: 'float64',
    deterministic: true,
    loss: squaredError,
    optimizer: sgd(),
    schedule: constantSchedule(learningRate),
    initial: Float64Array.from(golden.start),
    hooks: [
      {
        onStep({ steps: done, weights }) {
          golden.runs[name][steps.indexOf(done)]?.forEach((expected, i) => {
            largest = Math.max(largest, Math.abs(weights[i] - expected));
          });
        },
      },
    ],
    ...options,
  });
  return largest;
}

const rules: Record<string, readonly [learningRate: number, options: TrainOptions, moved: TrainOptions]> = {
  sam: [0.4, { sharpnessAware: sam(0.3) }, { sharpnessAware: sam(0.3 + 1e-5) }],
  'asam of weights': [
    0.4,
    { sharpnessAware: asam({ rho: 0.8, eta: 0.05 }) },
    { sharpnessAware: asam({ rho: 0.8, eta: 0.05 + 1e-5 }) },
  ],
  'asam of all': [
    0.4,
    { sharpnessAware: asam({ rho: 0.8, scaled: 'all' }) },
    { sharpnessAware: asam({ rho: 0.8, eta: 0 }) },
  ],
  'norm bias from below': [
    0.4,
    { normBias: { target: 30, strength: 0.2 } },
    { normBias: { target: 30, strength: 0.2 + 1e-5 } },
  ],
  'norm bias across': [0.4, { normBias: { target: 5, strength: 0.3 } }, { normBias: { target: 0, strength: 0.3 } }],
  'sam, heavy ball, norm bias': [
    0.1,
    { optimizer: momentum(0.9), sharpnessAware: sam(0.2), normBias: { target: 5, strength: 0.1 } },
    { optimizer: momentum(0.9), sharpnessAware: sam(0.2) },
  ],
  sign: [0.01, { optimizer: signDescent() }, { optimizer: signDescent(0.1) }],
  'signum, decay': [
    0.01,
    { optimizer: signDescent(0.8, { weightDecay: 0.5 }) },
    { optimizer: signDescent(0.8, { weightDecay: 0.5001 }) },
  ],
};

describe('steps go where numpy goes', () => {
  it.each(Object.keys(golden.runs))('%s', async (name) => {
    const [learningRate, options, moved] = rules[name];
    expect(await distance(name, learningRate, options)).toBeLessThan(1e-9);
    expect(await distance(name, learningRate, { ...options, microBatch: 3 })).toBeLessThan(1e-9);
    expect(await distance(name, learningRate, { ...options, dtype: 'float32' })).toBeLessThan(2e-5);
    expect(await distance(name, learningRate, moved)).toBeGreaterThan(1e-8);
  });
});
