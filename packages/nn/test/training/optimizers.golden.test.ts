import { readFileSync } from 'node:fs';
import {
  adam,
  adamW,
  clipNorm,
  constantSchedule,
  cosineSchedule,
  createUpdate,
  learningRateAt,
  linearSchedule,
  momentum,
  multiStepSchedule,
  oneCycleSchedule,
  type Optimizer,
  rmsProp,
  type Schedule,
  sequenceSchedule,
  sgd,
  warmUp,
} from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';

const golden = JSON.parse(readFileSync(new URL('../golden/optimizers.json', import.meta.url), 'utf8')) as {
  start: number[];
  gradients: number[][];
  runs: Record<string, number[][]>;
  schedules: Record<string, number[]>;
};
const parameters = [
  { name: 'W', shape: [3, 2] },
  { name: 'b', shape: [2] },
];
const numbers = { beta1: 0.8, beta2: 0.97, epsilon: 1e-3 };
const decay = { weightDecay: 0.3 };
const rules: Record<string, readonly [Optimizer, learningRate: number, clip?: number | undefined]> = {
  'sgd, decay': [sgd(decay), 0.1],
  'momentum, decay': [momentum(0.8, decay), 0.1],
  'nesterov, decay': [momentum(0.8, { nesterov: true, ...decay }), 0.1],
  adam: [adam(numbers), 0.05],
  'adam, decay': [adam({ ...numbers, ...decay }), 0.05],
  adamW: [adamW(numbers), 0.05],
  'adamW, matrices': [adamW({ ...numbers, ...decay, decayOf: 'matrices' }), 0.05],
  rmsProp: [rmsProp({ smoothing: 0.9, epsilon: 1e-3 }), 0.05],
  'rmsProp, all': [rmsProp({ smoothing: 0.9, epsilon: 1e-3, momentum: 0.7, centered: true, ...decay }), 0.05],
  'sgd, clipped': [sgd(), 0.1, 1.5],
};

/** Largest distance from PyTorch's weights over all steps, of weights as large as 2. */
function distance(
  name: string,
  [optimizer, learningRate, clip]: (typeof rules)[string],
  start: Float64Array | Float32Array,
): number {
  const w = start.slice();
  const update = createUpdate(optimizer, w, { parameters });
  let largest = 0;
  golden.gradients.forEach((slopes, t) => {
    const g = w.slice();
    g.set(slopes);
    if (clip !== undefined) clipNorm(g, clip);
    update.apply(w, g, learningRate);
    golden.runs[name][t].forEach((expected, i) => (largest = Math.max(largest, Math.abs(w[i] - expected))));
  });
  return largest;
}

describe('update rules move weights as PyTorch does', () => {
  it.each(Object.keys(golden.runs))('%s', (name) => {
    expect(distance(name, rules[name], Float64Array.from(golden.start))).toBeLessThan(1e-13);
    expect(distance(name, rules[name], Float32Array.from(golden.start))).toBeLessThan(2e-6);
    const [optimizer, learningRate, clip] = rules[name];
    expect(
      distance(name, [optimizer, learningRate * (1 + 1e-5), clip], Float64Array.from(golden.start)),
    ).toBeGreaterThan(2e-7);
  });

  it('and not without their decay, their clipping, or with the decay on biases', () => {
    const start = Float64Array.from(golden.start);
    expect(distance('adamW, matrices', [adamW({ ...numbers, ...decay }), 0.05], start)).toBeGreaterThan(1e-3);
    expect(distance('sgd, clipped', [sgd(), 0.1], start)).toBeGreaterThan(1e-3);
    expect(distance('adam, decay', [adamW({ ...numbers, ...decay }), 0.05], start)).toBeGreaterThan(1e-3);
  });
});

describe('schedules are PyTorch’s', () => {
  const schedules: Record<string, Schedule> = {
    'one cycle of 40': oneCycleSchedule(0.5),
    'one cycle of 40, half': oneCycleSchedule(0.5, { rise: 0.5, divisor: 10, finalDivisor: 100 }),
    'multi-step': multiStepSchedule(0.5, { factor: 0.2, milestones: [3, 4, 9] }),
    linear: linearSchedule(0.5, 0.125),
    cosine: cosineSchedule(0.5, 0.05),
  };
  it.each(Object.keys(golden.schedules))('%s', (name) => {
    const rates = golden.schedules[name];
    // torch was told of one step more, so that its last is not beyond its end
    const steps = name.startsWith('one cycle') ? 41 : rates.length;
    rates.forEach((rate, step) => {
      const found = learningRateAt(schedules[name], { step, steps, epoch: step });
      expect(Math.abs(found - rate)).toBeLessThan(1e-15);
    });
  });
});

describe('schedules that are made of schedules', () => {
  const at = (schedule: Schedule, steps: number): number[] =>
    Array.from({ length: steps }, (_, step) => learningRateAt(schedule, { step, steps, epoch: Math.floor(step / 2) }));

  it('rise in a line to the first learning rate, and go on as the schedule of what is left', () => {
    const cosine = cosineSchedule(4, 1);
    expect(at(warmUp(cosine, { steps: 3 }), 10)).toEqual([1, 2, 3, ...at(cosine, 7)]);
    expect(at(warmUp(cosine, { steps: 0 }), 5)).toEqual(at(cosine, 5));
    // a run that is shorter than its warm-up
    expect(at(warmUp(constantSchedule(4), { steps: 7 }), 3)).toEqual([0.5, 1, 1.5]);
  });

  it('follow each other at their shares of the steps; epochs are those of the run', () => {
    const parts = sequenceSchedule([
      { schedule: constantSchedule(2), until: 0.5 },
      { schedule: linearSchedule(2, 0), until: 1 },
    ]);
    expect(at(parts, 10)).toEqual([2, 2, 2, 2, 2, 2, 1.5, 1, 0.5, 0]);
    const drop = multiStepSchedule(8, { factor: 0.5, milestones: [4] });
    expect(at(warmUp(drop, { steps: 1 }), 10)).toEqual([4, 8, 8, 8, 8, 8, 8, 8, 4, 4]);
  });

  it('must cover the whole run', () => {
    const schedule = constantSchedule(1);
    expect(() => sequenceSchedule([{ schedule, until: 0.5 }])).toThrow(
      'sequenceSchedule: until of the parts must rise from above 0 to 1, got 0.5',
    );
    expect(() => sequenceSchedule([])).toThrow('got no parts');
    expect(() => oneCycleSchedule(1, { rise: 2 })).toThrow('oneCycleSchedule: rise must be in [0, 1], got rise=2');
    expect(() => learningRateAt({ kind: 'sawtooth' } as never, { step: 0, steps: 1, epoch: 0 })).toThrow(
      'learningRateAt: schedule must be made by one of the functions of schedules',
    );
  });
});
