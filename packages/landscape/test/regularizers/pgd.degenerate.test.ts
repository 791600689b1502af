// Networks and inputs that are special, calls that cannot be answered, and training against attacks.
import { type Examples, mlp, momentum, constantSchedule, train } from '@hyperribbon/nn';
import { gpt, resnet } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { adversarialExamples, pgdAttack, robustAccuracy } from '../../src/regularizers.js';

const network = mlp([4, 6, 2]);
const params = network.init(2, 'float64');

function drawn(count: number, features = 4): Examples {
  const inputs = stream({ seed: 3, purpose: 'test/inputs' }).uniform(new Float64Array(count * features));
  const labels = Int32Array.from({ length: count }, (_, i) => (inputs[i * features] > 0.5 ? 1 : 0));
  return { inputs, labels, count, features, classes: 2 };
}
const examples = drawn(20);

describe('special networks', () => {
  it('with dead units or without weights have flat examples, which the attack says nothing of', async () => {
    const zero = new Float64Array(network.size);
    const { flat, robust, clean, largestChange } = await robustAccuracy(network, zero, examples, { radius: 0.1 });
    expect(flat).toBe(Math.round(clean * 20));
    expect(robust).toBe(clean);
    expect(largestChange).toBeLessThanOrEqual(0.1 + 1e-7);
    const still = await pgdAttack(network, zero, examples, { radius: 0.1, start: 'clean', dtype: 'float64' });
    // sign(0) = 0
    expect([...still.inputs]).toEqual([...examples.inputs]);
    expect([...still.flat]).toEqual(Array.from({ length: 20 }, () => 1));
  });

  it('whose outputs overflow count their gradients that are not finite, and move nothing by them', async () => {
    const huge = params.map((w) => 1e200 * w);
    const found = await pgdAttack(network, huge, examples, { radius: 0.1, dtype: 'float64', steps: 2 });
    expect(found.inputs.every((x) => Number.isFinite(x))).toBe(true);
    const { stays } = await robustAccuracy(network, huge, examples, { radius: 0.1, dtype: 'float64', steps: 2 });
    if (found.notFinite > 0) expect(stays.includes(0)).toBe(true);
  });

  it('with batch norms are attacked as they are evaluated, one example like many', async () => {
    const net = resnet(8, { image: [1, 8, 8], width: 0.25, classes: 2 });
    const images = drawn(3, 64);
    const weights = net.init(1);
    const options = { radius: 0.05, steps: 2, deterministic: true };
    const together = await pgdAttack(net, weights, images, options);
    const apart = await pgdAttack(net, weights, images, { ...options, chunkSize: 1 });
    expect([...apart.inputs]).toEqual([...together.inputs]);
  });

  it('without steps are met at random in the ball and the range', async () => {
    const { inputs, flat } = await pgdAttack(network, params, examples, { radius: 0.4, steps: 0, dtype: 'float64' });
    inputs.forEach((x, k) => {
      expect(x >= 0 && x <= 1 && Math.abs(x - examples.inputs[k]) <= 0.4 + 1e-15).toBe(true);
    });
    expect([...inputs]).not.toEqual([...examples.inputs]);
    expect(flat.includes(0)).toBe(false);
  });
});

describe('calls', () => {
  it('with what does not fit are refused', async () => {
    const attack = (options: object, on: Examples = examples) =>
      pgdAttack(network, params, on, { radius: 0.1, dtype: 'float64', ...options });
    await expect(attack({ radius: -1 })).rejects.toThrow('pgdAttack: radius');
    await expect(attack({ radius: NaN })).rejects.toThrow('pgdAttack: radius');
    await expect(attack({ steps: 0.5 })).rejects.toThrow('pgdAttack: steps');
    await expect(attack({ range: [1, 0] })).rejects.toThrow('range must be [least, largest]');
    await expect(attack({ start: 'far' })).rejects.toThrow('start');
    await expect(attack({ epsilon: 1 })).rejects.toThrow('epsilon');
    await expect(attack({}, { ...examples, inputs: examples.inputs.map((x) => 2 * x) })).rejects.toThrow(
      'inputs must be in range = [0, 1], got inputs[',
    );
    await expect(attack({ signal: AbortSignal.abort() })).rejects.toThrow('aborted');
    await expect(
      robustAccuracy(network, params, examples, { radius: 1, dtype: 'float64', restarts: 0 }),
    ).rejects.toThrow('robustAccuracy: restarts');
    const words = gpt(4, 1, 1, { vocabulary: 3, positions: 2 });
    const tokens = { inputs: Float64Array.of(0, 1), targets: Float64Array.of(1, 2), count: 1, features: 2, outputs: 2 };
    await expect(pgdAttack(words, words.init(1), tokens, { radius: 1 })).rejects.toThrow('pgdAttack');
    expect(() => adversarialExamples(words, { radius: 1 })).toThrow('takes tokens');
  });
});

describe('training against attacks', () => {
  const learned = drawn(64);
  const settings = {
    epochs: 60,
    batchSize: 24,
    optimizer: momentum(0.9),
    schedule: constantSchedule(0.1),
    deterministic: true,
  };

  it('leaves more examples that stay right, and meets batches of two sizes', async () => {
    const attack = { radius: 0.15, stepSize: 0.05, steps: 7 };
    const plain = await train(network, learned, settings);
    const against = await train(network, learned, { ...settings, augment: adversarialExamples(network, attack) });
    const [before, after] = await Promise.all(
      [plain, against].map((run) => robustAccuracy(network, run.params, learned, { ...attack, steps: 20 })),
    );
    expect(before.clean).toBeGreaterThan(0.9);
    expect(after.robust).toBeGreaterThan(before.robust);
    const again = await train(network, learned, { ...settings, augment: adversarialExamples(network, attack) });
    expect([...again.params]).toEqual([...against.params]);
  });

  it('sees the statistics of batch norms as they are before the step', async () => {
    const net = resnet(8, { image: [1, 8, 8], width: 0.25, classes: 2 });
    const images = drawn(12, 64);
    const seen: number[] = [];
    const attack = adversarialExamples(net, { radius: 0.05, steps: 1 });
    const run = await train(net, images, {
      epochs: 2,
      batchSize: 6,
      augment: (batch, at) => {
        seen.push(at.step);
        return attack(batch, at);
      },
    });
    expect(run.reason).toBe('finished');
    expect(seen).toEqual([0, 0, 1, 2, 3]);
  });

  it('of another network is refused', async () => {
    const augment = adversarialExamples(mlp([4, 3, 2]), { radius: 0.1 });
    await expect(train(network, learned, { ...settings, augment })).rejects.toThrow(
      'the trained network must be the one given',
    );
  });
});
