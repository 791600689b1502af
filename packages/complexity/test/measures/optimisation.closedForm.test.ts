// Oracle: histories written down by hand; gradients of a linear model, whose variance over examples is a sum.
import { gradientNoise, type Measure, optimisationMeasures, recordLosses, stepsTo } from '@hyperribbon/complexity';
import { type Examples, evaluate, mlp, train } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';

const named = (measures: readonly Measure[], name: string): Measure => measures.find((one) => one.name === name)!;

describe('the steps that training took', () => {
  const history = { steps: [0, 50, 100, 150, 200], losses: [2.3, 0.1, 0.3, 0.05, 0.01] };

  it('end at the first record that is not above a level, whatever comes after it', () => {
    expect([2.3, 0.1, 0.09, 0.01, 0.001].map((level) => stepsTo(history, level))).toEqual([0, 50, 150, 200, undefined]);
    const measures = optimisationMeasures(history, { count: 100 });
    expect(named(measures, 'steps-to-0.1').logValue).toBeCloseTo(Math.log(50), 12);
    expect(named(measures, 'steps-0.1-to-0.01').reported).toBeCloseTo(Math.sqrt(150 / 100), 12);
    expect(measures.every(({ standing, equation }) => standing === 'reconstructed' && equation === undefined)).toBe(
      true,
    );
  });

  it('are undefined where the loss never came so low', () => {
    const short = optimisationMeasures({ steps: [0, 7], losses: [2, 0.5] }, { count: 10 });
    expect(short.map(({ undefinedBecause }) => undefinedBecause)).toEqual([
      'cross-entropy did not fall to 0.1 in 7 steps',
      'cross-entropy did not fall to 0.1 in 7 steps',
      'the variance of gradients after the first epoch was not given',
      'the variance of gradients at the end was not given',
    ]);
    const half = optimisationMeasures({ steps: [0, 7], losses: [2, 0.05] }, { count: 10 });
    expect(named(half, 'steps-0.1-to-0.01').undefinedBecause).toBe('cross-entropy did not fall to 0.01 in 7 steps');
    expect(
      named(optimisationMeasures({ steps: [], losses: [] }, { count: 1 }), 'steps-to-0.1').undefinedBecause,
    ).toMatch(/in 0 steps/);
    expect(
      named(optimisationMeasures({ steps: [0], losses: [NaN] }, { count: 1 }), 'steps-to-0.1').undefinedBecause,
    ).toMatch(/in 0 steps/);
  });

  it('that do not ascend, and lists of different length, are refused', () => {
    expect(() => stepsTo({ steps: [0, 2, 2], losses: [1, 1, 1] }, 0.1)).toThrow(/steps must ascend, got 2 before 2/);
    expect(() => stepsTo({ steps: [0, 2], losses: [1] }, 0.1)).toThrow(/must be as many, got 2 and 1/);
    expect(() => stepsTo({ steps: [], losses: [] }, NaN)).toThrow(/level must be/);
  });
});

const examples: Examples = {
  inputs: Float32Array.from({ length: 30 }, (_, i) => Math.sin(i)),
  labels: Int32Array.from({ length: 10 }, (_, i) => (Math.sin(3 * i) > 0 ? 1 : 0)),
  count: 10,
  features: 3,
  classes: 2,
};

describe('a hook', () => {
  it('records the loss as it is evaluated, every so many steps and at the end', async () => {
    const net = mlp([3, 2]);
    const losses = recordLosses(examples, { every: 4 });
    const run = await train(net, examples, { epochs: 5, batchSize: 5, seed: 1, hooks: [losses] });
    expect(losses.steps).toEqual([0, 4, 8, 10]);
    const { loss } = await evaluate(net, run.params, examples, { deterministic: true });
    expect(losses.losses[3]).toBe(loss);
    expect(() => recordLosses(examples, { every: 0 })).toThrow(/every must be an integer >= 1/);
  });
});

describe('the variance of batch gradients', () => {
  // one output, zero weights: ∂ℓ/∂f = ½ − y, gradient (½ − y)(x, 1)
  const net = mlp([3, 1]);
  const gradients = Array.from({ length: 10 }, (_, i) => {
    const slope = 0.5 - examples.labels[i];
    return [...examples.inputs.subarray(3 * i, 3 * i + 3), 1].map((x) => slope * x);
  });
  const means = [0, 1, 2, 3].map((j) => gradients.reduce((sum, g) => sum + g[j] / 10, 0));
  const exact = gradients.reduce((sum, g) => sum + g.reduce((s, x, j) => s + (x - means[j]) ** 2, 0) / 10, 0);

  it('is that of one example over the size of the batch, within its error', async () => {
    for (const batchSize of [1, 5, 32]) {
      const { variance, standardError, ...rest } = await gradientNoise(net, new Float64Array(4), examples, {
        batchSize,
        batches: 400,
        seed: 2,
      });
      expect(Math.abs(variance - exact / batchSize)).toBeLessThan(4 * standardError);
      expect(standardError).toBeLessThan(0.15 * variance);
      expect(rest).toEqual({ batchSize, batches: 400 });
    }
  });

  it('makes a measure with an error bar', async () => {
    const noise = await gradientNoise(net, new Float64Array(4), examples, { batchSize: 2, seed: 5, dtype: 'float64' });
    const [, , early, final] = optimisationMeasures(
      { steps: [], losses: [] },
      { count: 10, early: noise, final: { ...noise, variance: 0 } },
    );
    expect(early.logValue).toBeCloseTo(Math.log(noise.variance), 12);
    // d √(v/m) = dv/(2 √(v m))
    expect(early.standardError).toBeCloseTo(noise.standardError / (2 * Math.sqrt(noise.variance * 10)), 12);
    expect([final.logValue, final.reported, 'standardError' in final]).toEqual([-Infinity, 0, false]);
  });

  it('is 0 of examples that are all the same, and the same bits for a seed', async () => {
    const same = { ...examples, inputs: new Float32Array(30).fill(0.5), labels: new Int32Array(10) };
    expect((await gradientNoise(net, new Float32Array(4), same)).variance).toBeLessThan(1e-12);
    const at = (seed: number) => gradientNoise(net, new Float32Array(4), examples, { seed, batches: 3 });
    expect(await at(1)).toEqual(await at(1));
    expect((await at(1)).variance).not.toBe((await at(2)).variance);
    await expect(gradientNoise(net, new Float32Array(4), examples, { batches: 1 })).rejects.toThrow(
      /batches must be an integer >= 2/,
    );
    await expect(
      gradientNoise(net, new Float32Array(4), examples, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});
