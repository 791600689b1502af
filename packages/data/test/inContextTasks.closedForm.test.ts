import { inContextTasks } from '@hyperribbon/data';
import { describe, expect, it } from 'vitest';

const mean = (values: ArrayLike<number>, f: (x: number, i: number) => number): number =>
  Array.from(values, f).reduce((sum, x) => sum + x, 0) / values.length;

describe('inContextTasks', () => {
  it('shows pairs of one linear function, and asks for its value elsewhere', () => {
    // three pairs without noise tell two weights: least squares is exact
    const { inputs, targets, ridge, shape, features, outputs } = inContextTasks({
      dimension: 2,
      length: 3,
      count: 50,
      seed: 3,
      dtype: 'float64',
    });
    expect([shape, features, outputs]).toEqual([[4, 3], 12, 1]);
    for (let i = 0; i < 50; i++) {
      const row = inputs.subarray(12 * i, 12 * i + 12);
      const [a, b, y, c, d, z] = row;
      const det = a * d - b * c;
      const w = [(y * d - b * z) / det, (a * z - y * c) / det];
      expect(row[8]).toBeCloseTo(w[0] * row[6] + w[1] * row[7], 9);
      expect(targets[i]).toBeCloseTo(w[0] * row[9] + w[1] * row[10], 9);
      expect(row[11]).toBe(0);
      expect(Math.abs(ridge[i] - targets[i])).toBeLessThan(1e-4);
    }
  });

  it('has answers of variance 1, noise of the variance that was asked for, and inputs of theirs', () => {
    const options = { dimension: 3, length: 2, count: 20_000, seed: 1, dtype: 'float64' } as const;
    const plain = inContextTasks(options);
    const noisy = inContextTasks({ ...options, noise: 0.5 });
    expect(mean(plain.targets, (y) => y * y)).toBeCloseTo(1, 1);
    const added = Array.from({ length: 20_000 }, (_, i) => noisy.inputs[12 * i + 3] - plain.inputs[12 * i + 3]);
    expect(Math.abs(mean(added, (e) => e * e) - 0.5)).toBeLessThan(5 * Math.sqrt((2 * 0.25) / 20_000));
    expect(noisy.targets).toEqual(plain.targets);
    const wide = inContextTasks({ ...options, variances: [4, 1, 0] });
    expect(
      mean(
        Array.from({ length: 20_000 }, (_, i) => wide.inputs[12 * i]),
        (x) => x * x,
      ),
    ).toBeCloseTo(4, 0);
    expect(wide.inputs[2]).toBe(0);
  });

  it('knows the best answer: for one pair and one entry y x x_q/(x² + noise), and its risk is below that of others', () => {
    const noise = 0.3;
    const { inputs, targets, ridge } = inContextTasks({
      dimension: 1,
      length: 1,
      count: 5000,
      noise,
      seed: 2,
      dtype: 'float64',
    });
    const risk = (penalty: number): number =>
      mean(targets, (y, i) => {
        const [x, shown, question] = inputs.subarray(4 * i, 4 * i + 3);
        return ((shown * x * question) / (x * x + penalty) - y) ** 2;
      });
    for (let i = 0; i < 100; i++) {
      const [x, y, question] = inputs.subarray(4 * i, 4 * i + 3);
      expect(ridge[i]).toBeCloseTo((y * x * question) / (x * x + noise), 9);
    }
    expect(risk(noise)).toBeLessThan(Math.min(risk(0.1 * noise), risk(10 * noise)));
  });

  it('is the same for the same seed and sample, another for others, and rounded in float32', () => {
    const options = { dimension: 2, length: 2, count: 3, seed: 5 };
    const { inputs } = inContextTasks(options);
    expect(inContextTasks(options).inputs).toEqual(inputs);
    expect(inContextTasks({ ...options, sample: 1 }).inputs).not.toEqual(inputs);
    expect(Float32Array.from(inContextTasks({ ...options, dtype: 'float64' }).inputs)).toEqual(inputs);
  });

  it('refuses what is out of range', () => {
    const options = { dimension: 2, length: 2, count: 3, seed: 5 };
    expect(() => inContextTasks({ ...options, dimension: 0 })).toThrow('inContextTasks: dimension must be');
    expect(() => inContextTasks({ ...options, noise: -1 })).toThrow('noise must be');
    expect(() => inContextTasks({ ...options, variances: [1] })).toThrow('variances must be 2 numbers ≥ 0, got 1');
    expect(() => inContextTasks({ ...options, sigma: 1 } as never)).toThrow('there is no option sigma');
  });
});
