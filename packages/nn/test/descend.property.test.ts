// Oracle: what a descent promises, on a function of one number whose steps are known.
import { type Descent, constantSchedule, descend, mlp, stepSchedule, train } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { blobs } from './blobs.js';

/** Gradient descent on x²/2 from x = 1: each step of learning rate 1/2 halves x. */
function halving(change: Partial<Descent<number, number>> = {}) {
  const at = { x: 1 };
  const descent: Descent<number, number> = {
    epochs: 3,
    batches: 4,
    schedule: constantSchedule(0.5),
    measure: () => ({ loss: at.x, mistakes: 1 }),
    move: (learningRate) => void (at.x -= learningRate * at.x),
    detail: ({ sums }) => sums.loss,
    endEpoch: ({ sums }) => sums.loss,
    ...change,
  };
  return { at, descent };
}

/** Aborted when asked for the n-th time, n from 0. */
const abortAt = (n: number): AbortSignal => {
  let asked = 0;
  return Object.defineProperty(new AbortController().signal, 'aborted', { get: () => asked++ >= n });
};

describe('a descent', () => {
  it('takes epochs × batches steps and adds up what they measure, epoch by epoch', async () => {
    const { at, descent } = halving();
    const went = await descend(descent);
    expect(at.x).toBe(2 ** -12);
    // 1 + 1/2 + 1/4 + 1/8, and 16 times less in every further epoch
    expect(went.history).toEqual([15 / 8, 15 / 128, 15 / 2048]);
    expect(went).toMatchObject({ step: 12, sums: { loss: 0, mistakes: 0 }, reason: 'finished', finished: true });
  });

  it('of no epochs asks for nothing', async () => {
    const never = (): never => {
      throw new Error('asked');
    };
    const { at, descent } = halving({ epochs: 0, enterEpoch: never, measure: never, onProgress: never });
    expect(await descend(descent)).toMatchObject({ step: 0, history: [], reason: 'finished' });
    expect(at.x).toBe(1);
  });

  it('calls its hooks in the order in which they are declared', async () => {
    const calls: string[] = [];
    const { descent } = halving({ epochs: 2, batches: 2 });
    await descend<number, number>({
      ...descent,
      enterEpoch: async (epoch, from) => {
        await Promise.resolve();
        calls.push(`enter ${epoch} at ${from}`);
      },
      measure: ({ step, epoch, batch }) => {
        calls.push(`measure ${step}=${epoch}.${batch}`);
        return { loss: 1, mistakes: 0 };
      },
      move: () => calls.push('move'),
      afterStep: (steps) => calls.push(`after ${steps}`) > 0,
      onProgress: ({ done }) => calls.push(`progress ${done}`),
      endEpoch: async ({ epoch, steps, learningRate }) => {
        await Promise.resolve();
        calls.push(`end ${epoch}: ${steps} at ${learningRate}`);
        return epoch;
      },
      afterEpoch: ({ step, sums, history }) => calls.push(`kept ${step} ${sums.loss} [${history}]`),
    });
    const epoch = (e: number) => [
      `enter ${e} at 0`,
      `measure ${2 * e}=${e}.0`,
      'move',
      `after ${2 * e + 1}`,
      `measure ${2 * e + 1}=${e}.1`,
      'move',
      `after ${2 * e + 2}`,
      `progress ${2 * e + 2}`,
      `end ${e}: 2 at 0.5`,
      `kept ${2 * e + 2} 0 [${e === 0 ? '0' : '0,1'}]`,
    ];
    expect(calls).toEqual([...epoch(0), ...epoch(1)]);
  });

  it.each([0, 1, 4, 6, 11, 12])('aborted before step %i stands there, and goes on to the same bits', async (stop) => {
    const whole = halving({ schedule: stepSchedule(0.3, { factor: 0.7, every: 1 }) });
    const expected = await descend(whole.descent);
    const { at, descent } = halving({ schedule: stepSchedule(0.3, { factor: 0.7, every: 1 }) });
    const first = await descend({ ...descent, signal: abortAt(stop) });
    expect([first.step, first.history.length]).toEqual([stop, Math.floor(stop / 4)]);
    expect(first.reason).toBe(stop < 12 ? 'aborted' : 'finished');
    expect(first.sums.mistakes).toBe(stop % 4);
    const entered: number[][] = [];
    const second = await descend({
      ...descent,
      resume: structuredClone({ step: first.step, sums: first.sums, history: first.history }),
      enterEpoch: (epoch, from) => void entered.push([epoch, from]),
    });
    expect(Object.is(at.x, whole.at.x)).toBe(true);
    expect(second.history).toEqual(expected.history);
    expect(entered[0] ?? [3, 0]).toEqual([Math.floor(stop / 4), stop % 4]);
  });

  it.each([0, 5, 11])('whose step %i is not finite does not take it, and says so', async (bad) => {
    const { at, descent } = halving();
    const { measure } = descent;
    const went = await descend({ ...descent, measure: (now) => (now.step === bad ? undefined : measure(now)) });
    expect(went).toMatchObject({ reason: 'non-finite-loss', finished: false, step: bad });
    expect(at.x).toBe(2 ** -bad);
    expect(went.history).toHaveLength(Math.floor(bad / 4));
  });

  it('ends after a step that makes its weights useless', async () => {
    const { at, descent } = halving({ afterStep: (steps) => steps < 7 });
    expect(await descend(descent)).toMatchObject({ reason: 'non-finite-loss', step: 7, sums: { mistakes: 3 } });
    expect(at.x).toBe(2 ** -7);
  });

  it('lets what its hooks throw through', async () => {
    const { descent } = halving({ endEpoch: () => Promise.reject(new Error('full disk')) });
    await expect(descend(descent)).rejects.toThrow('full disk');
  });
});

describe('train, on few examples', () => {
  const net = mlp([5, 4, 3]);

  it.each([
    ['a batch larger than the data is all of them', 7, 500, 7],
    ['one example is a batch of one', 1, 500, 1],
    ['one example a batch', 3, 1, 1],
  ])('%s', async (_name, count, batchSize, expected) => {
    const run = await train(net, blobs(count, 5, 3), { epochs: 2, batchSize, seed: 1 });
    expect(run.checkpoint.batchSize).toBe(expected);
    expect(run.steps).toBe((2 * count) / expected);
    expect(run.history).toHaveLength(2);
    const all = await train(net, blobs(count, 5, 3), { epochs: 2, batchSize: expected, seed: 1 });
    expect(run.params).toEqual(all.params);
  });

  it('aborted before its first step gives back the weights it began with', async () => {
    const run = await train(net, blobs(9, 5, 3), { seed: 1, signal: AbortSignal.abort() });
    expect(run).toMatchObject({ reason: 'aborted', steps: 0, history: [] });
    expect(run.params).toEqual(net.init(1));
  });
});
