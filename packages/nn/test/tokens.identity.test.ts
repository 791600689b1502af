// Oracle: a network that treats every position alike is a classifier of positions, so a sequence is as many labelled examples as it has positions.
import { logSumExp, gatherRows, mul, reshape, sub, type Tensor } from '@hyperribbon/autodiff';
import {
  countedTokens,
  defineNetwork,
  evaluate,
  type Examples,
  mlp,
  softmaxCrossEntropy,
  type TargetExamples,
  tokenCrossEntropy,
  train,
} from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';

const [count, positions, features, vocabulary] = [5, 3, 2, 4];
const alone = mlp([features, 6, vocabulary]);
const sequences = defineNetwork({
  name: 'the same at every position',
  inputs: positions * features,
  classes: positions * vocabulary,
  parameters: alone.parameters.map(({ name, shape }) => ({ name, shape, start: 0 })),
  apply: (params, x) =>
    reshape(alone.apply(params, reshape(x, [x.shape[0] * positions, features])), [x.shape[0], positions * vocabulary]),
});
const params = alone.init(3, 'float64');
const inputs = stream({ seed: 1, purpose: 'test' }).normal(new Float64Array(count * positions * features));
const draw = stream({ seed: 2, purpose: 'test' });
const labels = Int32Array.from({ length: count * positions }, () => draw.integer(vocabulary));
const flat: Examples = { inputs, labels, count: count * positions, features, classes: vocabulary };
const whole = {
  inputs,
  targets: Float64Array.from(labels),
  count,
  features: positions * features,
  outputs: positions,
} satisfies TargetExamples;
/** two of 15 tokens are not asked for, both of example 1 */
const gaps: TargetExamples = { ...whole, targets: whole.targets.with(3, -100).with(5, -100) };
const asked = Float64Array.from(gaps.targets, (token) => (token === -100 ? 0 : 1));
const shares = Float64Array.from(asked, (one, i) => (Math.floor(i / positions) === 1 ? one : one / 3));
const options = { dtype: 'float64', deterministic: true } as const;
const loss = tokenCrossEntropy({ positions });

describe('the cross-entropy of tokens', () => {
  it('is the mean over positions of that of labels, and so is the error', async () => {
    const a = await evaluate(sequences, params, whole, { ...options, loss });
    const b = await evaluate(alone, params, flat, options);
    expect(Math.abs(a.loss - b.loss)).toBeLessThan(1e-14 * b.loss);
    expect(a.mistakes).toBe(b.mistakes);
    expect(Math.abs(a.error - b.error)).toBeLessThan(1e-14);
    const { loss: sum } = await evaluate(sequences, params, whole, {
      ...options,
      loss: tokenCrossEntropy({ positions, reduction: 'sum' }),
    });
    expect(Math.abs(sum - positions * b.loss)).toBeLessThan(1e-13 * sum);
  });

  it('leaves tokens out that are not asked for: every example counts alike', async () => {
    const a = await evaluate(sequences, params, gaps, { ...options, loss });
    const b = await evaluate(alone, params, { ...flat, weights: shares }, options);
    expect(Math.abs(a.loss - b.loss)).toBeLessThan(1e-14 * b.loss);
    expect(Math.abs(a.error - b.error)).toBeLessThan(1e-14);
    expect(a.mistakes).toBe((await evaluate(alone, params, { ...flat, weights: asked }, options)).error * 13);
    const all = await evaluate(sequences, params, whole, { ...options, loss });
    expect(Math.abs(a.loss - all.loss)).toBeGreaterThan(1e-3);
  });

  it('weighted by the tokens asked for is the mean over tokens, as in PyTorch', async () => {
    const weights = countedTokens(loss, gaps);
    expect([...weights]).toEqual([3, 1, 3, 3, 3]);
    const a = await evaluate(sequences, params, { ...gaps, weights }, { ...options, loss });
    const b = await evaluate(alone, params, { ...flat, weights: asked }, options);
    expect(Math.abs(a.loss - b.loss)).toBeLessThan(1e-14 * b.loss);
    expect(Math.abs(a.error - b.error)).toBeLessThan(1e-14);
  });

  it('takes any whole number for a token that is not asked for, such as that of padding', async () => {
    const padding = { ...gaps, targets: gaps.targets.map((token) => (token === -100 ? 0 : token)) };
    const ignoring = tokenCrossEntropy({ positions, ignore: 0 });
    const a = await evaluate(sequences, params, padding, { ...options, loss: ignoring });
    const kept = Float64Array.from(padding.targets, (token) => (token === 0 ? 0 : 1));
    const per = countedTokens(ignoring, padding);
    const weights = kept.map((one, i) => one / per[Math.floor(i / positions)]);
    const b = await evaluate(alone, params, { ...flat, weights }, options);
    expect(Math.abs(a.loss - b.loss)).toBeLessThan(1e-14 * b.loss);
  });
});

it('a step of training is the step over all positions', async () => {
  const settings = { ...options, epochs: 3, initial: params };
  const a = await train(sequences, whole, { ...settings, loss, batchSize: count });
  const b = await train(alone, flat, { ...settings, batchSize: count * positions });
  for (let i = 0; i < params.length; i++) expect(Math.abs(a.params[i] - b.params[i])).toBeLessThan(1e-12);
  expect(Math.abs(a.history[2].loss - b.history[2].loss)).toBeLessThan(1e-12);
  expect(Math.abs(a.history[2].error - b.history[2].error)).toBeLessThan(1e-12);
  expect(Math.abs(a.params[0] - params[0])).toBeGreaterThan(1e-4);
});

describe('tokens that are none are refused, with the place:', () => {
  const refusal = (targets: Float64Array, other: Partial<TargetExamples> = {}) =>
    evaluate(sequences, params, { ...whole, targets, ...other }, { loss });
  it.each([
    ['a number beyond the vocabulary', 4],
    ['a negative number', -1],
    ['a fraction', 1.5],
  ])('%s', async (_, token) => {
    await expect(refusal(whole.targets.with(4, token))).rejects.toThrow(
      `evaluate: targets must be tokens, whole numbers in [0, 4) or -100 where none is asked for, got ${token} in example 1, place 1`,
    );
  });

  it('an example that asks for nothing, other numbers of positions, labels', async () => {
    const none = whole.targets.map((token, i) => (i < 3 || i > 5 ? token : -100));
    await expect(refusal(none)).rejects.toThrow('every example must ask for a token, example 1 has -100 everywhere');
    await expect(refusal(whole.targets.slice(0, 10), { outputs: 2 })).rejects.toThrow(
      'loss asks for 3 tokens of every example, got targets with 2',
    );
    const labelled = { ...flat, count, features: whole.features, labels: labels.slice(0, count) };
    await expect(evaluate(sequences, params, labelled, { loss })).rejects.toThrow(
      'loss asks for tokens: examples must have targets (count, positions), got labels',
    );
    await expect(evaluate(alone, params, { ...whole, count: 15, features: 2, outputs: 1 }, { loss })).rejects.toThrow(
      'loss asks for 3 tokens of every example',
    );
    expect(() => tokenCrossEntropy({ positions: 0 })).toThrow('positions');
    expect(() => tokenCrossEntropy({ positions: 2, ignore: 0.5 })).toThrow('ignore must be a whole number, got 0.5');
  });
});

it('one position is the loss of a label', async () => {
  const one = tokenCrossEntropy({ positions: 1 });
  const targets = { inputs, targets: Float64Array.from(labels), count: 15, features, outputs: 1 };
  const a = await evaluate(alone, params, targets, { ...options, loss: one });
  const b = await evaluate(alone, params, flat, { ...options, loss: softmaxCrossEntropy });
  expect(a).toEqual(b);
  const wrong = (z: Tensor, t: Tensor): Tensor => mul(1.01, sub(logSumExp(z), gatherRows(z, t)));
  const { loss: other } = await evaluate(alone, params, flat, { ...options, loss: wrong });
  expect(Math.abs(other - b.loss)).toBeGreaterThan(1e-3);
});
