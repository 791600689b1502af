import { hessian } from '@hyperribbon/curvature';
import { eigh } from '@hyperribbon/lanczos';
import { materialize } from '@hyperribbon/linop';
import { adam, constantSchedule, linearSchedule, mlp, sam, sgd, squaredError, train } from '@hyperribbon/nn';
import { describe, expect, test } from 'vitest';
import { edgeRatio, preconditioner, watchDescent, type WatchDetail } from '../../src/dynamics.js';
import { examples, network, params, size } from '../small.js';

const weights = Float64Array.from(params);
const common = { initial: weights, loss: squaredError, dtype: 'float64', every: 4 } as const;

describe('A watched run', () => {
  test('is the run of train, and measures what the dense matrices say', async () => {
    const optimizer = adam();
    const { record, params: end } = await watchDescent(network, examples, {
      ...common,
      optimizer,
      learningRate: 0.01,
      steps: 10,
      pairs: 2,
      tol: 1e-8,
    });
    const seen: { H: Float64Array; P: Float64Array | undefined; loss: number }[] = [];
    const run = await train(network, examples, {
      epochs: 10,
      batchSize: examples.count,
      optimizer,
      schedule: constantSchedule(0.01),
      initial: weights,
      loss: squaredError,
      dtype: 'float64',
      hooks: [
        {
          async onStep(at) {
            if (at.steps % 4 !== 0 && at.steps !== 10) return;
            const H = hessian(network, at.weights, examples, { loss: squaredError, dtype: 'float64' });
            seen.push({ H: Float64Array.from(await materialize(H)), P: preconditioner(optimizer, at), loss: H.loss });
          },
        },
      ],
    });
    expect(end).toEqual(run.params);
    expect(record.moments.map(({ step }) => step)).toEqual([0, 4, 8, 10]);
    expect(record.moments[0].preconditioned).toBeUndefined();
    record.moments.forEach(({ loss, hessian: top, preconditioned }, i) => {
      const { H, P } = seen[i];
      expect(loss).toBe(seen[i].loss);
      const dense = eigh(H, size).values;
      top.values.forEach((value, j) => expect(Math.abs(value - dense[j])).toBeLessThan(1e-7 * dense[0]));
      if (P === undefined) return;
      const scaled = eigh(
        H.map((h, at) => h / Math.sqrt(P[at % size] * P[Math.floor(at / size)])),
        size,
      ).values;
      expect(Math.abs(preconditioned!.values[0] / scaled[0] - 1)).toBeLessThan(1e-7);
    });
  });

  test('that is aborted goes on to the same bits', async () => {
    const asked = { ...common, learningRate: 0.05, steps: 24, batchSize: 10, every: 3, pairs: 2 };
    const whole = await watchDescent(network, examples, asked);
    const controller = new AbortController();
    const heard: WatchDetail[] = [];
    const first = await watchDescent(network, examples, {
      ...asked,
      signal: controller.signal,
      onProgress({ detail }) {
        heard.push(detail!);
        if (detail!.step >= 9) controller.abort();
      },
    });
    expect(first.reason).toBe('aborted');
    expect(first.steps).toBeLessThan(24);
    expect(heard.at(-1)).toMatchObject({ threshold: 40, sharpness: first.record.moments.at(-1)!.hessian.values[0] });
    const second = await watchDescent(network, examples, { ...asked, resume: structuredClone(first.checkpoint) });
    expect(second.reason).toBe('finished');
    expect(second.params).toEqual(whole.params);
    expect(second.record).toEqual(whole.record);
  });

  test('stops at the step asked for within an epoch', async () => {
    const { steps, record, reason } = await watchDescent(network, examples, {
      ...common,
      learningRate: 0.05,
      steps: 7,
      batchSize: 10,
    });
    expect([steps, reason, record.batchSize, record.examples]).toEqual([7, 'finished', 10, 40]);
    expect(record.moments.map(({ step }) => step)).toEqual([0, 4, 7]);
  });

  test('of a schedule has the threshold of each moment', async () => {
    const { record } = await watchDescent(network, examples, {
      ...common,
      learningRate: linearSchedule(0.1, 0.02),
      steps: 9,
      every: 4,
    });
    expect((record.threshold as { value: number }).value).toBeCloseTo(20, 10);
    // after the last step that of the last step
    const wanted = [undefined, 2 / 0.06, 2 / 0.02, 2 / 0.02].map((x) => x && expect.closeTo(x));
    expect(record.moments.map(({ threshold }) => threshold)).toEqual(wanted);
  });

  test('of SAM has an edge that moves with the gradient', async () => {
    const { record } = await watchDescent(network, examples, {
      ...common,
      ascent: sam(0.05),
      learningRate: 0.05,
      steps: 4,
    });
    for (const { threshold, gradientNorm } of record.moments)
      expect(threshold! * (1 + (0.05 * threshold!) / gradientNorm) * 0.05).toBeCloseTo(2, 10);
    expect(record.rule).toBe('gradient descent, SAM with ρ = 0.05');
  });
});

describe('A run that goes wrong', () => {
  test('diverging: it ends with the reason and what came before', async () => {
    const { record, reason } = await watchDescent(network, examples, {
      ...common,
      dtype: 'float32',
      learningRate: 1e20,
      steps: 50,
      every: 1,
    });
    expect(reason).toBe('diverged');
    expect(record.ended).toMatch(/not finite|NaN|Infinity/);
    expect(record.moments.length).toBeGreaterThan(0);
    expect(record.moments.every(({ loss }) => Number.isFinite(loss))).toBe(true);
  });

  test('dead: zero weights and centred targets have no curvature to speak of, and no crossing', async () => {
    const dead = mlp([5, 4, 3], { activation: 'relu' });
    const { record, reason } = await watchDescent(dead, examples, {
      ...common,
      initial: new Float64Array(dead.size),
      learningRate: 1e-3,
      steps: 4,
      optimizer: sgd(),
    });
    expect(reason).toBe('finished');
    expect(record.crossing).toBeUndefined();
    expect(record.moments[0].hessian.values[0]).toBeCloseTo(1, 6);
  });

  test('without a threshold: the record says why, and the sharpness is there', async () => {
    const { record } = await watchDescent(network, examples, {
      ...common,
      optimizer: adam({ weightDecay: 0.1 }),
      learningRate: 1e-3,
      steps: 4,
    });
    expect(record.threshold).toEqual({ why: expect.stringMatching(/weight decay/) });
    expect(record.moments.every(({ hessian: { values } }) => Number.isFinite(values[0]))).toBe(true);
    expect(edgeRatio(record)).toEqual({ mean: NaN, least: NaN, most: NaN, moments: 0 });
  });

  test('asked for what it does not know: refused by name', async () => {
    const wrong = (options: object) =>
      watchDescent(network, examples, { ...common, learningRate: 0.1, steps: 3, ...options });
    await expect(wrong({ every: 0 })).rejects.toThrow('watchDescent: every must be');
    await expect(wrong({ learningRate: -1 })).rejects.toThrow('watchDescent: learningRate');
    await expect(wrong({ epochs: 3 })).rejects.toThrow('epochs');
    await expect(wrong({ initial: new Float64Array(3) })).rejects.toThrow('initial');
  });
});
