import { matmul, slice, sqrt, square, sum } from '@hyperribbon/autodiff';
import {
  adamW,
  type AnyExamples,
  checkpointFromJson,
  checkpointToJson,
  constantSchedule,
  defineNetwork,
  evaluate,
  inEvaluation,
  isTargeted,
  mlp,
  muon,
  sgd,
  softmaxCrossEntropy,
  squaredError,
  train,
  type TrainMoment,
  type TrainOptions,
  type TrainReport,
} from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { blobs } from '../blobs.js';
import { normalized } from './trainingNetworks.js';

const net = normalized(5, 3, { dropout: 0.4 });
const examples = blobs(53, 5, 3);
const options: TrainOptions = { epochs: 3, batchSize: 16, seed: 4, deterministic: true, optimizer: adamW() };

/** Aborts when it has been asked so many times: a run asks before every step. */
function after(steps: number): AbortSignal {
  let asked = 0;
  return Object.defineProperty(new AbortController().signal, 'aborted', { get: () => asked++ >= steps });
}

async function interrupted(more: TrainOptions, stop: number): Promise<TrainReport> {
  const { checkpoint } = await train(net, examples, { ...options, ...more, signal: after(stop) });
  return train(net, examples, { ...options, ...more, resume: checkpointFromJson(checkpointToJson(checkpoint)) });
}

describe('a run in training mode', () => {
  it('reports buffers, and the network as it is evaluated with them', async () => {
    const validation = blobs(31, 5, 3, 9);
    const run = await train(net, examples, { ...options, validation });
    expect(Object.keys(run.buffers)).toEqual(['bn.running_mean', 'bn.running_var']);
    expect(run.buffers['bn.running_mean'].some((mean) => mean !== 0)).toBe(true);
    const { loss } = await evaluate(run.network, run.params, validation, { deterministic: true });
    expect(Math.abs(loss - run.history.at(-1)!.validationLoss!)).toBeLessThan(1e-6 * loss);
    expect((await evaluate(net, run.params, validation)).loss).not.toBeCloseTo(loss, 3);
    // the network that it was given is as it was
    expect(net.buffers![0].value).toBe(0);
  });

  it('draws what dropout decides with from the seed and the step', async () => {
    const [a, b, other] = await Promise.all(
      [4, 4, 5].map((seed) => train(net, examples, { ...options, seed, initial: net.init(0) })),
    );
    expect(a.params).toEqual(b.params);
    expect(a.params).not.toEqual(other.params);
    const still = await train(normalized(5, 3), examples, { ...options, initial: net.init(0) });
    expect(still.params).not.toEqual(a.params);
  });

  it.each([
    ['batches', {}],
    ['micro-batches', { microBatch: 6 }],
    ['muon', { optimizer: muon({ weightDecay: 0.1 }) }],
    ['a clipped gradient', { clipNorm: 0.1 }],
  ] as const)('of %s that stops anywhere and resumes has the bits of one that did not', async (_, more) => {
    const whole = await train(net, examples, { ...options, ...more });
    for (const stop of [1, 4, 6, 12]) {
      const resumed = await interrupted(more, stop);
      expect(resumed.params).toEqual(whole.params);
      expect(resumed.buffers).toEqual(whole.buffers);
      expect(resumed.history).toEqual(whole.history);
    }
  });

  it('draws anew in every step: stream (seed, dropout, step), example after example', async () => {
    // its buffer is what its last example drew last
    const drawing = defineNetwork({
      inputs: 5,
      classes: 3,
      parameters: [{ name: 'W', shape: [5, 3] }],
      buffers: [{ name: 'drawn', shape: [1, 2], value: 0 }],
      draws: 2,
      apply: ({ W }, x) => matmul(x, W),
      applyTraining: ({ W }, x, { uniforms }) => ({
        logits: matmul(x, W),
        buffers: { drawn: slice(uniforms!, [x.shape[0] - 1, 0], [x.shape[0], 2]) },
      }),
    });
    const seen: number[][] = [];
    const hooks = [{ onStep: ({ buffers }: TrainMoment) => void seen.push([...buffers['drawn']]) }];
    await train(drawing, blobs(48, 5, 3), { ...options, epochs: 2, hooks });
    seen.slice(1).forEach((drawn, step) => {
      const expected = stream({ seed: 4, purpose: 'dropout', index: step }).uniform(new Float32Array(32));
      expect(drawn).toEqual([...expected.subarray(30)]);
    });
    expect(seen).toHaveLength(7);
  });

  it('ends before a step whose gradient is not finite, though its loss is', async () => {
    // ‖z‖ has no slope at z = 0
    const norm: TrainOptions['loss'] = (z) => sqrt(sum(square(z), 1));
    for (const microBatch of [undefined, 4]) {
      const cut = microBatch === undefined ? {} : { microBatch };
      const run = await train(mlp([5, 3]), examples, { ...options, ...cut, loss: norm, initial: new Float32Array(18) });
      expect([run.reason, run.steps, run.history.length]).toEqual(['non-finite-loss', 0, 0]);
      expect(run.params).toEqual(new Float32Array(18));
    }
  });

  it('ends before a batch that is not finite, with weights and buffers from before it', async () => {
    const wild = { ...options, optimizer: sgd(), schedule: constantSchedule(1e30), loss: squaredError, clipNorm: 1e30 };
    const run = await train(net, examples, { ...wild, batchSize: 53 });
    expect([run.reason, run.finished]).toEqual(['non-finite-loss', false]);
    for (const array of [run.params, ...Object.values(run.buffers)])
      expect(array.every((value) => Number.isFinite(value))).toBe(true);
    const again = await train(net, examples, { ...wild, batchSize: 53, resume: run.checkpoint });
    expect([again.steps, again.params, again.buffers]).toEqual([run.steps, run.params, run.buffers]);
  });

  it('refuses a batch of one before the first step, where batch norm has nothing to average', async () => {
    await expect(train(net, blobs(49, 5, 3), options)).rejects.toThrow(
      'train: 1 example is left at the end of an epoch, too few for this network: choose another batchSize (batchNormTraining: one number per channel',
    );
    await expect(train(net, examples, { ...options, microBatch: 5 })).rejects.toThrow(
      'train: 1 example is left at the end of a batch that is cut into micro-batches of 5, too few for this network: choose another microBatch or batchSize',
    );
    await expect(train(net, examples, { ...options, microBatch: 1 })).rejects.toThrow(/^batchNormTraining/);
    // a network without batch norm takes it
    expect((await train(mlp([5, 3]), blobs(49, 5, 3), options)).finished).toBe(true);
  });
});

describe('micro-batches', () => {
  const plain = mlp([5, 6, 3]);
  it('add up to the batch: the same run to rounding where examples do not see each other', async () => {
    const float64: TrainOptions = { ...options, dtype: 'float64' };
    const whole = await train(plain, examples, float64);
    for (const microBatch of [1, 5, 16, 99]) {
      const cut = await train(plain, examples, { ...float64, microBatch });
      expect(Math.max(...cut.params.map((w, i) => Math.abs(w - whole.params[i])))).toBeLessThan(1e-12);
      expect(cut.history.map(({ error }) => error)).toEqual(whole.history.map(({ error }) => error));
    }
  });

  it('take weights and targets of examples', async () => {
    const weights = Float64Array.from({ length: 53 }, (_, i) => (i % 3) + 0.5);
    const targets = Float64Array.from({ length: 53 * 3 }, (_, i) => Math.sin(i));
    const { labels: _, classes: __, ...inputs } = examples;
    const weighted: AnyExamples = { ...inputs, weights, targets, outputs: 3 };
    const same: TrainOptions = { ...options, dtype: 'float64', loss: squaredError };
    const whole = await train(plain, weighted, same);
    const cut = await train(plain, weighted, { ...same, microBatch: 7 });
    expect(Math.max(...cut.params.map((w, i) => Math.abs(w - whole.params[i])))).toBeLessThan(1e-12);
    expect(cut.history[0].error).toBeNaN();
  });

  it('renew buffers by the mean over their examples of what each makes of them', async () => {
    const still = normalized(5, 3);
    const one: TrainOptions = { epochs: 1, seed: 4, dtype: 'float64', schedule: constantSchedule(0) };
    // 53 examples are micro-batches of 20, 20 and 13: the same that batches of 20 are, each from the buffers at the start
    const cut = await train(still, examples, { ...one, batchSize: 53, microBatch: 20 });
    const parts: Record<string, number[]>[] = [];
    let before: Record<string, number[]> = {};
    await train(still, examples, {
      ...one,
      batchSize: 20,
      hooks: [
        {
          onStep({ steps, buffers }) {
            const now = Object.fromEntries(Object.entries(buffers).map(([name, values]) => [name, [...values]]));
            // r' = 0.9 r + 0.1 s gives the statistics s of each
            if (steps > 0)
              parts.push(
                Object.fromEntries(
                  Object.entries(now).map(([name, list]) => [
                    name,
                    list.map((r, i) => (r - 0.9 * before[name][i]) / 0.1),
                  ]),
                ),
              );
            before = now;
          },
        },
      ],
    });
    for (const [name, start] of [
      ['bn.running_mean', 0],
      ['bn.running_var', 1],
    ] as const)
      cut.buffers[name].forEach((value, i) => {
        const mean = (20 * parts[0][name][i] + 20 * parts[1][name][i] + 13 * parts[2][name][i]) / 53;
        expect(Math.abs(value - (0.9 * start + 0.1 * mean))).toBeLessThan(1e-12);
      });
  });
});

describe('augmentation', () => {
  const doubled: NonNullable<TrainOptions['augment']> = (batch, { step, seed }) => {
    const noise = stream({ seed, purpose: 'augment', index: step }).normal(new Float32Array(batch.inputs.length));
    return { ...batch, inputs: batch.inputs.map((x, i) => x + 0.1 * noise[i]) };
  };
  /** labels become smoothed targets */
  const smoothed: NonNullable<TrainOptions['augment']> = (batch, at) => {
    if (isTargeted(batch)) throw new Error('labels were expected');
    const { labels, classes, ...rest } = doubled(batch, at) as typeof batch;
    const targets = new Float32Array(labels.length * classes).fill(0.1 / classes);
    labels.forEach((label, i) => (targets[i * classes + label] += 0.9));
    return { ...rest, targets, outputs: classes };
  };

  it.each([
    ['of inputs', doubled, {}],
    ['that makes targets of labels', smoothed, {}],
    ['of micro-batches', smoothed, { batchSize: 18, microBatch: 3 }],
  ] as const)('%s is resumed with the same bits', async (_, augment, more) => {
    const whole = await train(net, examples, { ...options, ...more, augment });
    const plain = await train(net, examples, { ...options, ...more });
    expect(whole.params).not.toEqual(plain.params);
    expect((await interrupted({ ...more, augment }, 5)).params).toEqual(whole.params);
    // errors are counted by the labels there were
    expect(whole.history[0].error).toBeGreaterThan(0);
    expect(whole.history[0].error).toBeLessThan(1);
  });

  it('must give as many examples, of the kind that it gave first', async () => {
    const fewer: TrainOptions['augment'] = (batch) => ({ ...batch, count: batch.count - 1 });
    await expect(train(net, examples, { ...options, augment: fewer })).rejects.toThrow(
      'train: augment must give 16 examples of 5 features, got 15 of 5',
    );
    const fickle: TrainOptions['augment'] = (batch, at) => (at.step === 2 ? smoothed(batch, at) : batch);
    await expect(train(net, examples, { ...options, augment: fickle })).rejects.toThrow(
      'train: augment must give the same in every step: 16 labels at first, then none',
    );
  });
});

describe('hooks', () => {
  it('are called after every step and epoch and where a run begins, in their order, and awaited', async () => {
    const seen: string[] = [];
    const late = async (text: string): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      seen.push(text);
    };
    const hooks: TrainOptions['hooks'] = [
      { onStep: ({ steps, of, epoch }) => late(`${steps}/${of} of epoch ${epoch}`) },
      { onStep: ({ steps }) => void seen.push(`then ${steps}`) },
      { onCheckpoint: ({ checkpoint, steps }) => void seen.push(`checkpoint ${checkpoint.step} = ${steps}`) },
    ];
    await train(net, examples, { ...options, epochs: 1, batchSize: 30, hooks });
    expect(seen).toEqual([
      '0/2 of epoch 0',
      'then 0',
      'checkpoint 0 = 0',
      '1/2 of epoch 0',
      'then 1',
      '2/2 of epoch 0',
      'then 2',
      'checkpoint 2 = 2',
    ]);
  });

  it('get checkpoints to resume from, which later steps leave as they are', async () => {
    const checkpoints: NonNullable<TrainOptions['resume']>[] = [];
    const hooks = [
      {
        onCheckpoint: ({ checkpoint }: { checkpoint: TrainReport['checkpoint'] }) => void checkpoints.push(checkpoint),
      },
    ];
    const whole = await train(net, examples, { ...options, hooks });
    expect(checkpoints.map(({ step }) => step)).toEqual([0, 4, 8, 12]);
    for (const resume of checkpoints)
      expect((await train(net, examples, { ...options, resume })).params).toEqual(whole.params);
  });

  it('see the network as it is evaluated at that moment', async () => {
    const losses: number[] = [];
    const run = await train(net, examples, {
      ...options,
      validation: examples,
      hooks: [
        {
          async onCheckpoint({ network, weights, steps }) {
            if (steps > 0) losses.push((await evaluate(network(), weights, examples, { deterministic: true })).loss);
          },
        },
      ],
    });
    run.history.forEach(({ validationLoss }, i) => expect(Math.abs(losses[i] - validationLoss!)).toBeLessThan(1e-6));
  });

  it('that stop with the run’s signal leave a run that can be resumed; other errors end it', async () => {
    const whole = await train(net, examples, options);
    const controller = new AbortController();
    const run = await train(net, examples, {
      ...options,
      signal: controller.signal,
      hooks: [
        {
          async onStep({ steps, weights, network, signal }) {
            if (steps !== 5) return;
            controller.abort();
            await evaluate(network(), weights, examples, { signal });
          },
        },
      ],
    });
    expect([run.reason, run.steps]).toEqual(['aborted', 5]);
    expect((await train(net, examples, { ...options, resume: run.checkpoint })).params).toEqual(whole.params);
    const broken = {
      onStep: (): void => {
        throw new Error('no disk');
      },
    };
    await expect(train(net, examples, { ...options, hooks: [broken] })).rejects.toThrow('no disk');
  });
});

describe('checkpoints', () => {
  it('of the version before are read: of networks that keep nothing', async () => {
    const plain = mlp([5, 3]);
    const whole = await train(plain, examples, options);
    const { checkpoint } = await train(plain, examples, { ...options, signal: after(5) });
    const { buffers: _, microBatch: __, ...rest } = checkpoint;
    const earlier = { ...rest, version: 2 as const };
    for (const resume of [earlier, checkpointFromJson(checkpointToJson(earlier as never))])
      expect((await train(plain, examples, { ...options, resume })).params).toEqual(whole.params);
  });

  it('of another network, cut or lost buffers are refused', async () => {
    const { checkpoint } = await train(net, examples, { ...options, epochs: 1 });
    await expect(train(net, examples, { ...options, microBatch: 4, resume: checkpoint })).rejects.toThrow(
      'train: resume must have the microBatch of this run, 4, got 16',
    );
    await expect(train(net, examples, { ...options, resume: { ...checkpoint, buffers: {} } })).rejects.toThrow(
      'train: resume must hold buffer bn.running_mean of 4 numbers, got none',
    );
    await expect(
      train(normalized(5, 3, { dropout: 0.1 }), examples, { ...options, resume: checkpoint }),
    ).rejects.toThrow('train: resume must have the network of this run');
    // what it is evaluated with is no matter
    const run = await train(net, examples, { ...options, epochs: 1 });
    expect((await train(run.network, examples, { ...options, epochs: 1, resume: run.checkpoint })).steps).toBe(4);
  });
});

it('a loss is checked whatever augmentation makes of labels', async () => {
  const pair: typeof softmaxCrossEntropy = (z, y) => softmaxCrossEntropy(z, y);
  expect((await train(net, examples, { ...options, epochs: 1, loss: pair })).finished).toBe(true);
});

it('a network without its training mode is trained as it is evaluated: its statistics stay', async () => {
  const trained = await train(net, examples, options);
  const still = await train(inEvaluation(trained.network), examples, { ...options, initial: trained.params });
  expect(still.buffers).toEqual(trained.buffers);
  expect(still.params).not.toEqual(trained.params);
});
