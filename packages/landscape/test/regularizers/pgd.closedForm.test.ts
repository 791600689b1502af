// Oracles: of a linear model the worst point of the ball is its corner against the weights, and an example of margin m stays right under all moves of
// ε per feature exactly if m > ε ‖w‖₁; of any network one step from the example goes along the signs of central differences.
import { flatten, logits, mlp, softmaxCrossEntropy, squaredError, type Examples } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { pgdAttack, robustAccuracy } from '../../src/regularizers.js';

const features = 6;
const linear = mlp([features, 2]);
const difference = Float64Array.of(1, -2, 0.5, 0, 3, -0.25);
const weights = flatten(linear, {
  // logits (0, w·x + 0.1): W is (in, out)
  W1: Float64Array.from({ length: 2 * features }, (_, k) => (k % 2 === 0 ? 0 : difference[(k - 1) / 2])),
  b1: Float64Array.of(0, 0.1),
});

function drawn(count: number, seed: number): Examples {
  const inputs = stream({ seed, purpose: 'test/inputs' }).normal(new Float64Array(count * features));
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  return { inputs, labels, count, features, classes: 2 };
}

const margin = ({ inputs, labels }: Examples, i: number): number => {
  let z = 0.1;
  for (let j = 0; j < features; j++) z += difference[j] * inputs[i * features + j];
  return labels[i] === 1 ? z : -z;
};
const one = difference.reduce((sum, w) => sum + Math.abs(w), 0);
const free = { range: 'unbounded', dtype: 'float64', deterministic: true } as const;

describe('a linear model', () => {
  const examples = drawn(60, 1);

  it('is attacked at the corner of the ball, features without weight stay', async () => {
    const { inputs, flat, notFinite } = await pgdAttack(linear, weights, examples, {
      ...free,
      radius: 0.3,
      start: 'clean',
    });
    for (let i = 0; i < examples.count; i++)
      for (let j = 0; j < features; j++) {
        const k = i * features + j;
        const away = examples.labels[i] === 1 ? -Math.sign(difference[j]) : Math.sign(difference[j]);
        expect(inputs[k]).toBe(examples.inputs[k] + 0.3 * away);
      }
    expect([flat.includes(1), notFinite]).toEqual([false, 0]);
  });

  it.each(['random', 'clean'] as const)(
    'keeps right exactly what has a margin over ε ‖w‖₁, from a %s start',
    async (start) => {
      for (const radius of [0, 0.02, 0.1, 0.4]) {
        const { clean, robust, stays, largestChange } = await robustAccuracy(linear, weights, examples, {
          ...free,
          radius,
          start,
          chunkSize: 7,
        });
        const margins = Array.from({ length: examples.count }, (_, i) => margin(examples, i));
        expect(clean).toBe(margins.filter((m) => m > 0).length / examples.count);
        expect([...stays]).toEqual(margins.map((m) => (m > radius * one ? 1 : 0)));
        expect(robust).toBe(stays.reduce((a, b) => a + b) / examples.count);
        expect(Math.abs(largestChange - radius)).toBeLessThan(1e-15);
      }
    },
  );

  it('is held by the range of inputs', async () => {
    const inputs = examples.inputs.map((x) => Math.min(1, Math.max(0, x)));
    const { inputs: found } = await pgdAttack(
      linear,
      weights,
      { ...examples, inputs },
      { radius: 0.3, start: 'clean', dtype: 'float64' },
    );
    for (let k = 0; k < found.length; k++) {
      const away = (examples.labels[Math.floor(k / features)] === 1 ? -1 : 1) * Math.sign(difference[k % features]);
      expect(found[k]).toBe(Math.min(1, Math.max(0, inputs[k] + 0.3 * away)));
    }
  });
});

describe('any network', () => {
  const network = mlp([features, 5, 3], { activation: 'tanh' });
  const params = network.init(4, 'float64');
  const examples = { ...drawn(8, 2), labels: Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1), classes: 3 };

  it.each([
    ['cross-entropy', softmaxCrossEntropy],
    ['squared error', squaredError],
  ])('goes along the signs of central differences of the %s', async (_name, loss) => {
    const value = (inputs: Float64Array, i: number): number => {
      const z = logits(network, params, { ...examples, inputs }).subarray(3 * i, 3 * i + 3);
      const own = examples.labels[i];
      if (loss === squaredError)
        return Array.from(z).reduce((sum, x, c) => sum + 0.5 * (x - Number(c === own)) ** 2, 0);
      return Math.log(Array.from(z).reduce((sum, x) => sum + Math.exp(x), 0)) - z[own];
    };
    const { inputs } = await pgdAttack(network, params, examples, {
      ...free,
      loss,
      radius: 1,
      stepSize: 0.01,
      steps: 1,
      start: 'clean',
    });
    for (let k = 0; k < inputs.length; k++) {
      const [above, below] = [1e-5, -1e-5].map((by) => {
        const moved = Float64Array.from(examples.inputs);
        moved[k] += by;
        return value(moved, Math.floor(k / features));
      });
      expect(Math.abs(above - below)).toBeGreaterThan(1e-9);
      expect(inputs[k]).toBe(examples.inputs[k] + 0.01 * Math.sign(above - below));
    }
  });

  it('has the same attack in chunks of any size, another one from another seed', async () => {
    const attack = (seed: number, chunkSize: number) =>
      pgdAttack(network, params, examples, { ...free, radius: 0.2, steps: 3, seed, chunkSize });
    const { inputs } = await attack(1, 250);
    expect([...(await attack(1, 3)).inputs]).toEqual([...inputs]);
    expect([...(await attack(2, 3)).inputs]).not.toEqual([...inputs]);
    const loss = (x: Float64Array): number => {
      const z = logits(network, params, { ...examples, inputs: x });
      return examples.labels.reduce((sum, own, i) => {
        const row = z.subarray(3 * i, 3 * i + 3);
        return sum + Math.log(Array.from(row).reduce((total, each) => total + Math.exp(each), 0)) - row[own];
      }, 0);
    };
    expect(loss(inputs as Float64Array)).toBeGreaterThan(loss(examples.inputs as Float64Array));
  });

  it('is turned by more attacks wherever it is turned by fewer', async () => {
    // without steps: starts alone, some of which turn an example and some do not
    const many = drawn(40, 5);
    let before = new Uint8Array(40).fill(1);
    for (const restarts of [1, 2, 3, 4, 5]) {
      const { stays, ...found } = await robustAccuracy(network, params, many, {
        ...free,
        radius: 1,
        steps: 0,
        restarts,
      });
      expect(stays.every((stay, i) => stay <= before[i])).toBe(true);
      expect(found.restarts).toBe(restarts);
      before = stays as Uint8Array<ArrayBuffer>;
    }
    expect(before.includes(1)).toBe(true);
  });
});
