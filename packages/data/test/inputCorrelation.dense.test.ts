import { describe, expect, it } from 'vitest';
import { inputCorrelation, sloppyGaussian } from '@hyperribbon/data';

/** XᵀX/n by triple loop. */
function dense(inputs: ArrayLike<number>, n: number, d: number, centre: boolean): Float64Array {
  const mean = Float64Array.from({ length: d }, (_, i) => {
    let sum = 0;
    for (let r = 0; r < n; r++) sum += inputs[r * d + i];
    return centre ? sum / n : 0;
  });
  const C = new Float64Array(d * d);
  for (let r = 0; r < n; r++) {
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) C[i * d + j] += ((inputs[r * d + i] - mean[i]) * (inputs[r * d + j] - mean[j])) / n;
    }
  }
  return C;
}

const distance = (a: Float64Array, b: Float64Array): number =>
  a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i])), 0);

describe('inputCorrelation', () => {
  // around the chunk of 512 rows and the block of 128 columns
  it.each([
    [1, 1],
    [3, 2],
    [511, 5],
    [512, 7],
    [513, 6],
    [700, 127],
    [40, 128],
    [30, 129],
    [20, 260],
  ])('of %i examples with %i features is XᵀX/n', (count, dimension) => {
    for (const dtype of ['float32', 'float64'] as const) {
      const data = sloppyGaussian({ count, dimension, decay: 0.05, seed: 3, dtype, trace: dimension });
      for (const centre of [false, true]) {
        const C = inputCorrelation(data, { centre });
        const reference = dense(data.inputs, count, dimension, centre);
        const scale = Math.max(...reference) + 2 ** -52;
        expect(distance(C, reference)).toBeLessThanOrEqual(1e-13 * scale);
        reference[0] += 1e-12 * scale;
        expect(distance(C, reference)).toBeGreaterThan(1e-13 * scale);
        for (let i = 0; i < dimension; i++)
          for (let j = 0; j < i; j++)
            if (C[i * dimension + j] !== C[j * dimension + i]) throw new Error('not symmetric');
      }
    }
  });

  it('count takes the first examples; centre is off by default', () => {
    const data = sloppyGaussian({ count: 600, dimension: 4, decay: 0.2, seed: 3 });
    expect(inputCorrelation(data, { count: 100 })).toEqual(
      inputCorrelation({ ...data, inputs: data.inputs.slice(0, 400), count: 100 }),
    );
    expect(inputCorrelation(data)).toEqual(inputCorrelation(data, { centre: false, count: 600 }));
    expect(inputCorrelation(data)).not.toEqual(inputCorrelation(data, { centre: true }));
    for (const count of [0, 601, 1.5])
      expect(() => inputCorrelation(data, { count })).toThrow(/^inputCorrelation: count/);
  });
});
