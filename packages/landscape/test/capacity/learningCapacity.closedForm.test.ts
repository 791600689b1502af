import { evaluate, mlp, train } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, test } from 'vitest';
import { learningCapacity, learningCurve } from '../../src/capacity.js';
import { sloppy } from '../small.js';

const counts = [10, 20, 40, 80, 160];

describe('A regular model has half of its parameters', () => {
  test('U = a + K/2N: exactly, at every size and over any neighbours', () => {
    for (const neighbours of [1, 2, 9])
      for (const { capacity, count, freeEnergy } of learningCapacity(
        counts.map((count) => ({ count, losses: [0.7 + 7 / 2 / count] })),
        { neighbours },
      )) {
        expect(capacity.value).toBeCloseTo(3.5, 11);
        expect(capacity.low).toBeNaN();
        expect(freeEnergy).toBeCloseTo(0.7 * (count - 10) + 3.5 * Math.log(count / 10), 11);
      }
  });

  test('means of K Gaussians, estimated from N draws: the interval holds K/2 about as often as it says', () => {
    const parameters = 6;
    let held = 0;
    const studies = 60;
    for (let study = 0; study < studies; study++) {
      const random = stream({ seed: study, purpose: 'draws' });
      // the error of a mean is K draws of variance 1/N; the loss beyond the best is half its square
      const curve = counts.map((count) => ({
        count,
        losses: Array.from({ length: 40 }, () => {
          const errors = random.normal(new Float64Array(parameters));
          return 1 + errors.reduce((sum, e) => sum + (e * e) / count / 2, 0);
        }),
      }));
      const { capacity } = learningCapacity(curve, { resamples: 400, seed: study })[2];
      if (capacity.low <= parameters / 2 && parameters / 2 <= capacity.high) held += 1;
    }
    // 95 of 100; a binomial of 60 is below 51 once in 1,000
    expect(held).toBeGreaterThanOrEqual(51);
  });

  test('what is learned at once has none before and after', () => {
    const curve = [1, 2, 4, 8, 16].map((count) => ({ count, losses: [count < 4 ? 2 : 0.5] }));
    const values = learningCapacity(curve).map(({ capacity }) => capacity.value);
    expect(values[0]).toBe(0);
    expect(values.at(-1)).toBe(0);
    expect(values[2]).toBeGreaterThan(1);
  });
});

test('sizes that vary more weigh less', () => {
  const noisy = counts.map((count, i) => ({
    count,
    losses: i === 2 ? [5, -5] : [1 + 3 / count + 1e-6, 1 + 3 / count - 1e-6],
  }));
  expect(learningCapacity(noisy, { neighbours: 4 })[0].capacity.value).toBeCloseTo(3, 6);
});

describe('A learning curve', () => {
  const [pool, heldOut] = [sloppy(30, 4), sloppy(50, 5)];
  const net = mlp([5, 3]);
  const training = { epochs: 3, dtype: 'float64' } as const;

  test('is the losses of trainings on the first examples of one permutation for each repeat', async () => {
    const curve = await learningCurve(net, pool, heldOut, { counts: [4, 12], repeats: 2, seed: 7, training });
    expect(curve.map(({ count, losses }) => [count, losses.length])).toEqual([
      [4, 2],
      [12, 2],
    ]);
    const order = stream({ seed: 7, purpose: 'landscape/learning-curve', index: 1 }).permutation(30).subarray(0, 12);
    const inputs = Float32Array.from([...order].flatMap((row) => [...pool.inputs.subarray(5 * row, 5 * row + 5)]));
    const some = { ...pool, inputs, labels: Int32Array.from(order, (row) => pool.labels[row]), count: 12 };
    const run = await train(net, some, { ...training, batchSize: 12, seed: 8 });
    expect(curve[1].losses[1]).toBe((await evaluate(net, run.params, heldOut, { dtype: 'float64' })).loss);
  });

  test('goes on from what is known', async () => {
    const options = { counts: [4, 12], repeats: 3, training };
    const whole = await learningCurve(net, pool, heldOut, options);
    const done: number[] = [];
    const known = [{ count: 4, losses: whole[0].losses.slice(0, 2) }];
    const more = await learningCurve(net, pool, heldOut, {
      ...options,
      known,
      onProgress: (p) => void done.push(p.done),
    });
    expect(more).toEqual(whole);
    expect(done).toEqual([3, 4, 5, 6]);
    expect(await learningCurve(net, pool, heldOut, { ...options, signal: AbortSignal.abort() })).toEqual([]);
  });

  test('may train each size as it needs', async () => {
    const options = { counts: [4, 12], repeats: 1 };
    const found = await learningCurve(net, pool, heldOut, {
      ...options,
      training: (count) => ({ epochs: 48 / count }),
    });
    const alone = [12, 4].map((epochs) => learningCurve(net, pool, heldOut, { ...options, training: { epochs } }));
    const [more, less] = await Promise.all(alone);
    expect(found).toEqual([more[0], less[1]]);
  });

  test('of sizes that the pool does not have, or that do not ascend, is none', async () => {
    await expect(learningCurve(net, pool, heldOut, { counts: [31] })).rejects.toThrow(/counts\[0\]/u);
    await expect(learningCurve(net, pool, heldOut, { counts: [4, 4] })).rejects.toThrow(
      /counts must ascend, got 4 before 4/u,
    );
    await expect(learningCurve(net, pool, heldOut, { counts: [] })).rejects.toThrow(/counts.length/u);
  });
});

test('what is no curve is refused', () => {
  expect(() => learningCapacity([{ count: 4, losses: [1] }])).toThrow(/two sizes at least, got 1/u);
  const asked =
    (losses: number[], count = 8) =>
    () =>
      learningCapacity([
        { count: 4, losses: [1] },
        { count, losses },
      ]);
  expect(asked([])).toThrow(/losses.length/u);
  expect(asked([NaN])).toThrow(/must be finite, got NaN: leave out/u);
  expect(asked([1], 4)).toThrow(/sizes must ascend/u);
});
