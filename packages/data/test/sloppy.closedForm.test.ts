import { describe, expect, it } from 'vitest';
import {
  countSharedInputs,
  type DataSet,
  examplesIdentity,
  inputCorrelation,
  sloppyGaussian,
  sloppySpectrum,
  subset,
  teacher,
} from '@hyperribbon/data';

const base = { dimension: 12, decay: 0.3, count: 20_000, seed: 5, hidden: 8, classes: 4 };

describe('the population', () => {
  it('has eigenvalues e^(−c i) with the trace asked for', () => {
    for (const decay of [0, 0.001, 0.5, 3]) {
      const spectrum = sloppySpectrum(50, decay);
      expect(Math.abs(spectrum.reduce((a, b) => a + b, 0) - 100)).toBeLessThan(1e-12);
      for (let i = 1; i < 50; i++) {
        expect(Math.abs(Math.log(spectrum[i - 1] / spectrum[i]) - decay)).toBeLessThan(1e-12);
        expect(Math.abs(Math.log(spectrum[i - 1] / spectrum[i]) - decay - 1e-11)).toBeGreaterThan(1e-12);
      }
    }
    expect(sloppySpectrum(3, 1, 7).reduce((a, b) => a + b, 0)).toBeCloseTo(7, 13);
  });

  it('second moments of a sample are the eigenvalues, within 6.2 standard errors (false alarm 5e-8 over all 78)', () => {
    const spectrum = sloppySpectrum(12, 0.3);
    const C = inputCorrelation(sloppyGaussian({ ...base, dtype: 'float64' }));
    for (let i = 0; i < 12; i++) {
      for (let j = i; j < 12; j++) {
        const error = Math.sqrt((spectrum[i] * spectrum[j] * (i === j ? 2 : 1)) / base.count);
        const exact = i === j ? spectrum[i] : 0;
        expect(Math.abs(C[12 * i + j] - exact)).toBeLessThan(6.2 * error);
        expect(Math.abs(C[12 * i + j] - (exact + 62 * error))).toBeGreaterThan(6.2 * error);
      }
    }
  });

  it('spectra of the two kinds differ as the specification says: over 200 features, 0.5 is sloppy and 0.001 nearly white', () => {
    const ratio = (decay: number): number => {
      const spectrum = sloppySpectrum(200, decay);
      return spectrum[0] / spectrum[199];
    };
    expect(ratio(0.001)).toBeCloseTo(Math.exp(0.199), 10);
    expect(Math.log(ratio(0.5))).toBeCloseTo(99.5, 9);
  });
});

/** argmax tanh(x W1) W2 by plain sums and Math.tanh: another route. */
function labelOf(x: ArrayLike<number>, W1: Float64Array, W2: Float64Array, hidden: number, classes: number): number {
  const h = Array.from({ length: hidden }, (_, j) =>
    Math.tanh(Array.from(x).reduce((sum, xi, i) => sum + xi * W1[i * hidden + j], 0)),
  );
  const logits = Array.from({ length: classes }, (_, c) => h.reduce((sum, hj, j) => sum + hj * W2[j * classes + c], 0));
  return logits.indexOf(Math.max(...logits));
}

describe('the teacher', () => {
  it('labels by the largest logit of tanh(x W1) W2, in both dtypes', () => {
    const { W1, W2 } = teacher({ dimension: 12, hidden: 8, classes: 4, seed: 5 });
    for (const dtype of ['float32', 'float64'] as const) {
      const { inputs, labels } = sloppyGaussian({ ...base, count: 300, dtype });
      for (let n = 0; n < 300; n++) {
        expect(labels[n]).toBe(labelOf(inputs.subarray(12 * n, 12 * n + 12), W1, W2, 8, 4));
      }
      expect(new Set(labels).size).toBe(4);
    }
  });

  it('has weights of variance 1/fan-in (within 6.2 standard errors)', () => {
    const { W1, W2 } = teacher({ dimension: 200, seed: 9 });
    expect([W1.length, W2.length]).toEqual([200 * 50, 50 * 10]);
    for (const [weights, fanIn] of [
      [W1, 200],
      [W2, 50],
    ] as const) {
      const variance = weights.reduce((sum, w) => sum + w * w, 0) / weights.length;
      expect(Math.abs(variance * fanIn - 1)).toBeLessThan(6.2 * Math.sqrt(2 / weights.length));
    }
  });

  it('refuses inputs of another dimension and bad sizes', () => {
    expect(() => teacher({ dimension: 3, seed: 1 }).label(new Float64Array(4))).toThrow(
      /^label: inputs must be \(n, 3\), got 4/,
    );
    expect(() => teacher({ dimension: 0, seed: 1 })).toThrow(/^teacher: dimension/);
    expect(() => teacher({ dimension: 3, classes: 1, seed: 1 })).toThrow(/^teacher: classes/);
  });
});

describe('samples', () => {
  it('of one seed share the teacher and no inputs; other seeds share neither', () => {
    const small = { ...base, count: 500 };
    const train = sloppyGaussian(small);
    const test = sloppyGaussian({ ...small, sample: 1 });
    expect(countSharedInputs(train, test)).toBe(0);
    const { label } = teacher({ dimension: 12, hidden: 8, classes: 4, seed: 5 });
    expect(label(test.inputs)).toEqual(test.labels);
    const other = sloppyGaussian({ ...small, seed: 6 });
    expect(label(other.inputs)).not.toEqual(other.labels);
    expect(countSharedInputs(train, other)).toBe(0);
  });

  it('a shorter sample is the beginning of a longer one', () => {
    const long = sloppyGaussian({ ...base, count: 101 });
    expect(examplesIdentity(sloppyGaussian({ ...base, count: 40 }))).toBe(examplesIdentity(subset(long, 0, 40)));
  });

  it('float32 inputs are the float64 ones, rounded; defaults are 200 features, 10 classes, trace 100', () => {
    const wide = sloppyGaussian({ ...base, count: 50, dtype: 'float64' });
    const narrow = sloppyGaussian({ ...base, count: 50 });
    expect(narrow.inputs).toEqual(Float32Array.from(wide.inputs));
    const standard: DataSet = sloppyGaussian({ decay: 0.1, count: 3, seed: 1 });
    expect([standard.features, standard.classes, standard.count]).toEqual([200, 10, 3]);
    const spelled = sloppyGaussian({ decay: 0.1, count: 3, seed: 1, trace: 100, hidden: 50, sample: 0 });
    expect(examplesIdentity(spelled)).toBe(examplesIdentity(standard));
    const other = sloppyGaussian({ decay: 0.1, count: 3, seed: 1, trace: 50 });
    expect(examplesIdentity(other)).not.toBe(examplesIdentity(standard));
  });

  it('refuses options out of range', () => {
    for (const wrong of [
      { count: 0 },
      { decay: -1 },
      { decay: NaN },
      { trace: 0 },
      { dimension: 1.5 },
      { sample: -1 },
      { seed: -1 },
      { dtype: 'float16' },
    ]) {
      expect(() => sloppyGaussian({ ...base, ...(wrong as object) })).toThrow(
        /^(sloppyGaussian|sloppySpectrum|stream): /,
      );
    }
  });
});
