import { adam, constantSchedule, cosineSchedule, mlp, momentum, sgd, squaredError, train } from '@hyperribbon/nn';
import type { Anchor, Optimizer } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { blobs, rows } from './blobs.js';
import { argmax, plainLoss, tanhMlp } from './plainMlp.js';

const widths = [5, 6, 3];
const net = mlp(widths, { activation: 'tanh' });
const examples = blobs(23, 5, 3);

/** Training as in the textbook, in plain numbers. */
function plainTrain(
  optimizer: Optimizer,
  rate: (step: number, steps: number) => number,
  {
    epochs,
    batchSize,
    seed,
    anchor,
  }: { epochs: number; batchSize: number; seed: number; anchor?: (rate: number) => number },
): { w: number[]; losses: number[]; errors: number[] } {
  const w = Array.from(net.init(seed, 'float64'));
  const start = [...w];
  const m = w.map(() => 0);
  const v = w.map(() => 0);
  const losses: number[] = [];
  const errors: number[] = [];
  const batches = Math.ceil(examples.count / batchSize);
  let t = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = Array.from(stream({ seed, purpose: 'batch-order', index: epoch }).permutation(examples.count));
    let sum = 0;
    let wrong = 0;
    for (let i = 0; i < examples.count; i += batchSize) {
      const batch = order.slice(i, i + batchSize);
      const y = batch.map((j) => examples.labels[j]);
      const { loss, gradient, logits } = plainLoss(tanhMlp(widths), w, rows(examples, batch), y);
      sum += loss * batch.length;
      wrong += logits.filter((z, k) => argmax(z) !== y[k]).length;
      const lr = rate(t, epochs * batches);
      t++;
      w.forEach((_, k) => {
        const g = gradient[k] + 2 * (anchor?.(lr) ?? 0) * (w[k] - start[k]);
        if (optimizer.kind === 'sgd') w[k] -= lr * g;
        else if (optimizer.kind === 'momentum') {
          v[k] = optimizer.momentum * v[k] + g;
          w[k] -= lr * v[k];
        } else if (optimizer.kind === 'adam') {
          m[k] = optimizer.beta1 * m[k] + (1 - optimizer.beta1) * g;
          v[k] = optimizer.beta2 * v[k] + (1 - optimizer.beta2) * g * g;
          const mHat = m[k] / (1 - optimizer.beta1 ** t);
          const vHat = v[k] / (1 - optimizer.beta2 ** t);
          w[k] -= (lr * mHat) / (Math.sqrt(vHat) + optimizer.epsilon);
        }
      });
    }
    losses.push(sum / examples.count);
    errors.push(wrong / examples.count);
  }
  return { w, losses, errors };
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);

describe('train agrees with a plain implementation', () => {
  it.each([
    ['gradient descent', sgd()],
    ['momentum', momentum(0.8)],
    ['Adam', adam()],
  ])('by %s, over 4 epochs with an uneven last batch', async (_, optimizer) => {
    const options = { epochs: 4, batchSize: 7, seed: 5 };
    const plain = plainTrain(optimizer, (t, T) => 0.01 + 0.5 * 0.04 * (1 + Math.cos((Math.PI * t) / (T - 1))), options);
    const run = await train(net, examples, {
      ...options,
      optimizer,
      schedule: cosineSchedule(0.05, 0.01),
      dtype: 'float64',
    });
    expect(largest(run.params, plain.w)).toBeLessThan(1e-12);
    expect(largest(run.params, run.initial)).toBeGreaterThan(1e-2);
    expect(
      largest(
        run.history.map(({ loss }) => loss),
        plain.losses,
      ),
    ).toBeLessThan(1e-12);
    expect(run.history.map(({ error }) => error)).toEqual(plain.errors);
    expect([run.finished, run.reason, run.steps]).toEqual([true, 'finished', 16]);
  });

  it.each([
    ['fixed', { strength: 0.3 }, () => 0.3],
    ['1.2 × the current rate', { strengthPerLearningRate: 1.2 }, (rate: number) => 1.2 * rate],
  ])('with an anchor of strength %s', async (_, anchor: Anchor, strength) => {
    const options = { epochs: 3, batchSize: 8, seed: 2 };
    const rate = (t: number, T: number): number => 0.02 + 0.5 * 0.18 * (1 + Math.cos((Math.PI * t) / (T - 1)));
    const plain = plainTrain(sgd(), rate, { ...options, anchor: strength });
    const run = await train(net, examples, {
      ...options,
      optimizer: sgd(),
      schedule: cosineSchedule(0.2, 0.02),
      dtype: 'float64',
      anchor,
    });
    expect(largest(run.params, plain.w)).toBeLessThan(1e-12);
    const free = await train(net, examples, {
      ...options,
      optimizer: sgd(),
      schedule: cosineSchedule(0.2, 0.02),
      dtype: 'float64',
    });
    expect(largest(run.params, free.params)).toBeGreaterThan(1e-5);
  });

  it('float32 stays within its rounding of float64', async () => {
    const options = { epochs: 4, batchSize: 7, seed: 5, optimizer: sgd(), schedule: constantSchedule(0.05) };
    const wide = await train(net, examples, { ...options, dtype: 'float64' });
    const narrow = await train(net, examples, options);
    expect(narrow.params).toBeInstanceOf(Float32Array);
    const apart = largest(narrow.params, wide.params);
    expect(apart).toBeLessThan(2e-6);
    expect(apart).toBeGreaterThan(0);
  });

  it('minimises the loss it is given', async () => {
    const options = {
      epochs: 1,
      batchSize: 23,
      seed: 5,
      optimizer: sgd(),
      schedule: constantSchedule(0.1),
      dtype: 'float64',
    } as const;
    const run = await train(net, examples, { ...options, loss: squaredError });
    const order = Array.from({ length: 23 }, (_, i) => i);
    const { loss, gradient } = plainLoss(
      tanhMlp(widths),
      run.initial,
      rows(examples, order),
      Array.from(examples.labels),
      'squaredError',
    );
    expect(Math.abs(run.history[0].loss - loss)).toBeLessThan(1e-13);
    expect(
      largest(
        run.params,
        run.initial.map((w, i) => w - 0.1 * gradient[i]),
      ),
    ).toBeLessThan(1e-14);
  });
});
