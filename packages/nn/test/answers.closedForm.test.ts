import { constant, type Tensor } from '@hyperribbon/autodiff';
import { checkGrads, evaluateFunction } from '@hyperribbon/autodiff/testing';
import {
  binaryCrossEntropy,
  constantSchedule,
  countMistakes,
  createEvaluator,
  defineNetwork,
  evaluate,
  type Examples,
  type Loss,
  mlp,
  requireExamples,
  sgd,
  softmaxCrossEntropy,
  squaredError,
  type TargetExamples,
  train,
} from '@hyperribbon/nn';
import { matmul } from '@hyperribbon/autodiff';
import { describe, expect, it } from 'vitest';

const logits = { data: Float64Array.of(1, -2, 0.5, 3, 0, -1), shape: [2, 3] };
const at = (loss: Loss, answers: Tensor, z = logits): number[] => [
  ...(evaluateFunction((x: Tensor): Tensor => loss(x, answers), [z]) as Float64Array),
];
const linear = defineNetwork({
  name: 'linear',
  inputs: 2,
  classes: 2,
  parameters: [{ name: 'W', shape: [2, 2] }],
  apply: ({ W }, x) => matmul(x, W),
});
const inputs = Float64Array.of(1, 0, 0, 1, 1, 1, 2, -1);
const targets = Float64Array.of(1, 2, 3, 4, 4, 6, -1, 0);
const regression: TargetExamples = { inputs, targets, count: 4, features: 2, outputs: 2 };

describe('targets', () => {
  it('that are unit vectors give the losses of labels', () => {
    const oneHot = constant(Float64Array.of(0, 0, 1, 1, 0, 0), [2, 3]);
    const labels = constant(Int32Array.of(2, 0));
    expect(at(squaredError, oneHot)).toEqual(at(squaredError, labels));
    const [soft, hard] = [at(softmaxCrossEntropy, oneHot), at(softmaxCrossEntropy, labels)];
    soft.forEach((loss, i) => expect(Math.abs(loss - hard[i])).toBeLessThan(1e-15 * Math.abs(hard[i])));
  });

  it('mix the losses of labels', () => {
    const mixed = at(softmaxCrossEntropy, constant(Float64Array.of(0.25, 0.75, 0, 0, 0, 1), [2, 3]));
    const [a, b, c] = [0, 1, 2].map((label) => at(softmaxCrossEntropy, constant(Int32Array.of(label, label))));
    expect(Math.abs(mixed[0] - (a[0] / 4 + (3 * b[0]) / 4))).toBeLessThan(1e-15);
    expect(mixed[1]).toBe(c[1]);
  });

  it('of a linear network are fitted to the least squares solution', async () => {
    const run = await train(linear, regression, {
      loss: squaredError,
      epochs: 400,
      batchSize: 4,
      optimizer: sgd(),
      schedule: constantSchedule(0.5),
      initial: new Float64Array(4),
      dtype: 'float64',
    });
    // (XᵀX)⁻¹XᵀY with XᵀX = [[6, −1], [−1, 3]], XᵀY = [[3, 8], [8, 10]]
    const expected = [17 / 17, 34 / 17, 51 / 17, 68 / 17];
    run.params.forEach((w, i) => expect(Math.abs(w - expected[i])).toBeLessThan(1e-12));
    const found = await evaluate(linear, run.params, regression, { loss: squaredError, dtype: 'float64' });
    expect(found.loss).toBeLessThan(1e-24);
    expect([found.error, found.mistakes, run.history.at(-1)!.error]).toEqual([NaN, NaN, NaN]);
  });
});

describe('binaryCrossEntropy', () => {
  it('of one logit is the cross-entropy of the logits 0 and z', () => {
    const z = [-700, -3, 0, 0.5, 700];
    const pairs = { data: Float64Array.from(z.flatMap((x) => [0, x])), shape: [5, 2] };
    for (const label of [0, 1]) {
      const labels = constant(new Int32Array(5).fill(label));
      const one = at(binaryCrossEntropy, labels, { data: Float64Array.from(z), shape: [5, 1] });
      const two = at(softmaxCrossEntropy, labels, pairs);
      one.forEach((loss, i) => expect(Math.abs(loss - two[i])).toBeLessThanOrEqual(4e-16 * Math.max(1, two[i])));
    }
  });

  it('keeps its accuracy where the answer is right and sure', () => {
    const sure = at(binaryCrossEntropy, constant(Int32Array.of(1)), { data: Float64Array.of(50), shape: [1, 1] });
    expect(Math.abs(sure[0] / Math.exp(-50) - 1)).toBeLessThan(1e-14);
  });

  it('has derivatives of both orders, several questions at once', () => {
    const answers = { data: Float64Array.of(0, 1, 0.3, 1, 1, 0), shape: [2, 3] };
    const report = checkGrads(((z: Tensor, t: Tensor) => binaryCrossEntropy(z, t)) as never, [logits, answers], {
      order: 2,
      seed: 1,
    });
    expect(report.checks.filter(({ passed }) => !passed)).toEqual([]);
  });

  it('refuses labels for several logits', () => {
    expect(() => at(binaryCrossEntropy, constant(Int32Array.of(0, 1)))).toThrow(
      'labels answer one question, got 3 logits',
    );
  });

  it('trains a network of one logit to classify', async () => {
    const net = mlp([2, 8, 1]);
    const data: Examples = {
      inputs: Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1),
      labels: Int32Array.of(0, 1, 1, 0),
      count: 4,
      features: 2,
      classes: 2,
    };
    const run = await train(net, data, {
      loss: binaryCrossEntropy,
      epochs: 300,
      schedule: constantSchedule(0.05),
      seed: 1,
    });
    expect(run.history.at(-1)!.error).toBe(0);
    expect((await evaluate(net, run.params, data, { loss: binaryCrossEntropy })).mistakes).toBe(0);
  });

  it('class 1 is a logit above 0, NaN is a mistake', () => {
    expect(countMistakes(Float64Array.of(1, 1, 0, 0, -1, NaN, NaN), Int32Array.of(1, 0, 1, 0, 0, 0, 1), 1)).toBe(4);
  });
});

describe('example weights', () => {
  const net = mlp([2, 3, 2]);
  const params = net.init(3, 'float64');
  const labels = Int32Array.of(0, 1, 1, 0);
  const plain: Examples = { inputs, labels, count: 4, features: 2, classes: 2 };
  const weights = Float64Array.of(2, 0, 1, 3);
  const repeated = [0, 0, 2, 3, 3, 3];
  const copies: Examples = {
    ...plain,
    inputs: Float64Array.from(repeated.flatMap((i) => [inputs[2 * i], inputs[2 * i + 1]])),
    labels: Int32Array.from(repeated, (i) => labels[i]),
    count: 6,
  };

  it('that are whole numbers are repetitions', async () => {
    const options = { dtype: 'float64', chunkSize: 3 } as const;
    const weighted = await evaluate(net, params, { ...plain, weights }, options);
    const found = await evaluate(net, params, copies, options);
    expect(Math.abs(weighted.loss - found.loss)).toBeLessThan(1e-15);
    expect(Math.abs(weighted.error - found.error)).toBeLessThan(1e-15);
    const step = {
      dtype: 'float64',
      epochs: 1,
      optimizer: sgd(),
      schedule: constantSchedule(0.1),
      initial: params,
    } as const;
    const [a, b] = [await train(net, { ...plain, weights }, step), await train(net, copies, step)];
    a.params.forEach((w, i) => expect(Math.abs(w - b.params[i])).toBeLessThan(1e-15));
    expect(Math.abs(a.history[0].error - b.history[0].error)).toBeLessThan(1e-15);
  });

  it('do not depend on their scale, and batches of an epoch add up to all', async () => {
    const at = async (scale: number, batchSize: number): Promise<number> => {
      const examples = { ...plain, weights: weights.map((w) => scale * w) };
      const still = { dtype: 'float64', epochs: 1, schedule: constantSchedule(0), initial: params, batchSize } as const;
      return (await train(net, examples, still)).history[0].loss;
    };
    const one = await at(1, 4);
    expect(Math.abs((await at(64, 4)) - one)).toBeLessThan(1e-15);
    expect(Math.abs((await at(1, 1)) - one)).toBeLessThan(1e-15);
  });

  it('work with targets', async () => {
    const one = createEvaluator(
      linear,
      { ...regression, weights: Float64Array.of(0, 0, 5, 0) },
      { loss: squaredError },
    );
    // (1, 1)·I − (4, 6) at W = I
    expect((await one.evaluate(Float64Array.of(1, 0, 0, 1))).loss).toBe((9 + 25) / 2);
  });

  it.each([
    [Float64Array.of(1, 2), 'weights must hold count = 4 numbers, got 2'],
    [Float64Array.of(1, -1, 1, 1), 'weights must be finite and ≥ 0, got -1 for example 1'],
    [Float64Array.of(1, 1, NaN, 1), 'weights must be finite and ≥ 0, got NaN for example 2'],
    [new Float64Array(4), 'weights must not all be 0'],
  ])('%o are refused', (bad, words) => {
    expect(() => createEvaluator(net, { ...plain, weights: bad })).toThrow(words);
  });
});

describe('what does not fit', () => {
  const net = mlp([2, 3, 2]);
  it.each([
    [{ ...regression, outputs: 3 }, 'has 2 outputs, got targets with 3'],
    [{ ...regression, targets: targets.slice(1) }, 'targets must hold count × outputs = 8 numbers, got 7'],
    [
      { ...regression, targets: targets.map((t, i) => (i === 2 ? Infinity : t)) },
      'targets must be finite, got Infinity at 2',
    ],
    [{ ...regression, labels: new Int32Array(4) }, 'examples must have labels or targets, got both'],
  ])('is said', (examples, words) => {
    expect(() => createEvaluator(net, examples as TargetExamples, { loss: squaredError })).toThrow(words);
  });

  it('is said where only labels will do', () => {
    expect(() => requireExamples('bound', net, regression as never)).toThrow(
      'bound: examples must have labels, got targets',
    );
    const weighted = {
      inputs,
      labels: new Int32Array(4),
      count: 4,
      features: 2,
      classes: 2,
      weights: new Float64Array(4).fill(1),
    };
    expect(() => requireExamples('bound', net, weighted)).toThrow('bound: examples must not have weights');
  });

  it('a loss of labels given targets says so', async () => {
    const labelsOnly: Loss = (z, y) => softmaxCrossEntropy(z, y.dtype === 'int32' ? y : (undefined as never));
    await expect(train(net, regression, { loss: labelsOnly })).rejects.toThrow();
  });
});
