import {
  checkpointFromJson,
  checkpointToJson,
  constantSchedule,
  evaluate,
  mlp,
  sgd,
  squaredError,
  train,
  type TrainProgress,
} from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { blobs } from './blobs.js';

const net = mlp([5, 6, 3]);
const examples = blobs(53, 5, 3);
const options = { epochs: 6, batchSize: 10, seed: 4 };

describe('a run', () => {
  it('is a function of its seed', async () => {
    const [a, b, c] = await Promise.all([4, 4, 5].map((seed) => train(net, examples, { ...options, seed })));
    expect(a.params).toEqual(b.params);
    expect(a.params).not.toEqual(c.params);
    expect(a.history).toEqual(b.history);
  });

  it.each([1, 3, 6, 17])(
    'that stops after %i steps and resumes gives the same bits as one that did not',
    async (stop) => {
      const whole = await train(net, examples, options);
      // the signal is looked at before every step: this one fires when it has been asked often enough
      let asked = 0;
      const signal = {
        get aborted() {
          return asked++ >= stop;
        },
      } as AbortSignal;
      const first = await train(net, examples, { ...options, signal });
      expect([first.reason, first.finished, first.steps]).toEqual(['aborted', false, stop]);
      expect(first.history.length).toBe(Math.floor(stop / 6));
      const second = await train(net, examples, {
        ...options,
        resume: checkpointFromJson(checkpointToJson(first.checkpoint)),
      });
      expect(second.params).toEqual(whole.params);
      expect(second.history).toEqual(whole.history);
      const cloned = await train(net, examples, { ...options, resume: structuredClone(first.checkpoint) });
      expect(cloned.params).toEqual(whole.params);
    },
  );

  it('resumed after its end does nothing more', async () => {
    const whole = await train(net, examples, options);
    const again = await train(net, examples, { ...options, resume: whole.checkpoint });
    expect(again.params).toEqual(whole.params);
    expect(again.steps).toBe(whole.steps);
  });

  it('stops before the step whose loss is not finite, and says so', async () => {
    const run = await train(net, examples, {
      ...options,
      epochs: 200,
      optimizer: sgd(),
      schedule: constantSchedule(1e30),
      loss: squaredError,
    });
    expect(run.finished).toBe(false);
    expect(run.reason).toBe('non-finite-loss');
    expect(run.steps).toBeLessThan(1200);
  });

  it('lets timers run and reports progress that ends at the last step', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const seen: TrainProgress[] = [];
    const big = blobs(4000, 5, 3);
    const run = await train(net, big, { epochs: 40, batchSize: 10, onProgress: (p) => seen.push(p) });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
    expect(seen.at(-1)).toMatchObject({ done: 16000, of: 16000, detail: { epoch: 39 }, secondsLeft: 0 });
    expect(seen.length).toBeGreaterThanOrEqual(40);
    for (let i = 1; i < seen.length; i++) expect(seen[i].done).toBeGreaterThanOrEqual(seen[i - 1].done);
    expect(run.flopsPerSecond).toBeGreaterThan(0);
  });

  it('measures the validation examples after every epoch', async () => {
    const run = await train(net, examples, { ...options, validation: blobs(31, 5, 3, 9) });
    expect(run.history).toHaveLength(6);
    for (const { validationLoss, validationError } of run.history) {
      expect(validationLoss).toBeGreaterThan(0);
      expect(Number.isInteger(Math.round(validationError! * 31 * 1e9) / 1e9)).toBe(true);
    }
  });

  it('starts from the weights it is given and leaves them alone', async () => {
    const initial = net.init(99);
    const copy = initial.slice();
    const run = await train(net, examples, { ...options, epochs: 0, initial });
    expect(run.params).toEqual(copy);
    await train(net, examples, { ...options, initial });
    expect(initial).toEqual(copy);
  });
});

describe('examples renewed every epoch', () => {
  const others = blobs(53, 5, 3, 8);
  const renewExamples = (epoch: number) => (epoch % 2 === 0 ? examples : others);

  it('are asked for at the start of every epoch, also where a resumed run enters one in its middle', async () => {
    const whole = await train(net, examples, { ...options, renewExamples });
    const plain = await train(net, examples, options);
    expect(whole.history[0]).toEqual(plain.history[0]);
    expect(whole.history[1]).not.toEqual(plain.history[1]);
    let asked = 0;
    const signal = Object.defineProperty(new AbortController().signal, 'aborted', { get: () => asked++ >= 9 });
    const { checkpoint } = await train(net, examples, { ...options, renewExamples, signal });
    const epochs: number[] = [];
    const resumed = await train(net, examples, {
      ...options,
      renewExamples: (epoch) => {
        epochs.push(epoch);
        return renewExamples(epoch);
      },
      resume: checkpoint,
    });
    expect(epochs).toEqual([1, 2, 3, 4, 5]);
    expect(resumed.params).toEqual(whole.params);
  });

  it('must be as many', async () => {
    await expect(train(net, examples, { ...options, renewExamples: () => blobs(52, 5, 3) })).rejects.toThrow(
      'train: renewExamples must give as many examples as there were, 53, got 52',
    );
  });
});

it('an evaluation that is aborted rejects', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(evaluate(net, net.init(1), examples, { signal })).rejects.toMatchObject({
    name: 'AbortError',
    cause: signal.reason,
  });
});

describe('train refuses', () => {
  const cases: [string, Parameters<typeof train>[1], Parameters<typeof train>[2], string][] = [
    ['no examples', { ...examples, count: 0 }, {}, 'train: examples must hold at least one example, got count=0'],
    ['other features', blobs(5, 4, 3), {}, 'train: mlp:tanh:5,6,3 takes 5 features, got examples with 4'],
    [
      'short inputs',
      { ...examples, inputs: new Float32Array(7) },
      {},
      'inputs must hold count × features = 53 × 5 = 265 numbers, got 7',
    ],
    [
      'short labels',
      { ...examples, labels: new Int32Array(7) },
      {},
      'labels must hold count = 53 class numbers, got 7',
    ],
    [
      'labels out of range',
      { ...examples, labels: examples.labels.with(6, 3) },
      {},
      'labels[6] must be in [0, 3), the classes of mlp:tanh:5,6,3, got 3',
    ],
    [
      'NaN inputs',
      { ...examples, inputs: examples.inputs.with(12, Number.NaN) },
      {},
      'inputs must be finite, got NaN in example 2, feature 2',
    ],
    [
      'NaN weights',
      examples,
      { initial: net.init(0).with(31, Number.NaN) },
      'initial must be finite, got NaN at index 31 (b1[1])',
    ],
    [
      'other weights',
      examples,
      { initial: new Float32Array(3) },
      'initial must hold the 57 weights of mlp:tanh:5,6,3, got 3',
    ],
    ['no batch', examples, { batchSize: 0 }, 'train: batchSize must be an integer >= 1, got batchSize=0'],
    ['half epochs', examples, { epochs: 1.5 }, 'train: epochs must be an integer >= 0, got epochs=1.5'],
  ];
  it.each(cases)('%s', async (_, data, more, message) => {
    await expect(train(net, data, more)).rejects.toThrow(message);
  });

  it('a checkpoint of another run', async () => {
    const { checkpoint } = await train(net, examples, { ...options, epochs: 1 });
    await expect(train(net, examples, { ...options, seed: 9, resume: checkpoint })).rejects.toThrow(
      'train: resume must have the seed of this run, 9, got 4',
    );
    const others = { ...options, optimizer: sgd(), resume: checkpoint };
    await expect(train(net, examples, others)).rejects.toThrow(
      'train: resume must have the optimiser of this run, slots [], got [57, 57]',
    );
    expect(() => checkpointFromJson('{"version":2}')).toThrow(
      'checkpointFromJson: text must be a training checkpoint, version 2',
    );
  });
});
