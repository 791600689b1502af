// Oracle: the definitions. Sizes of perturbations, squares that share a number, the filter of a process, and what can be told apart by a linear map.
import {
  autoregressivePoison,
  autoregressiveProcesses,
  classwisePoison,
  projectionAttack,
  softmaxRegression,
} from '@hyperribbon/complexity';
import type { Examples } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';

const shape = [2, 9, 10];
const features = 180;
const count = 60;
const grey: Examples = {
  inputs: new Float64Array(count * features).fill(0.5),
  labels: Int32Array.from({ length: count }, (_, i) => i % 3),
  count,
  features,
  shape,
  classes: 3,
};
const row = (values: ArrayLike<number>, i: number): number[] =>
  Array.from({ length: features }, (_, j) => values[i * features + j]);
const length = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));

describe('class-wise poison', () => {
  it('has the size it is given, in either norm, and that of the source by default', () => {
    for (let i = 0; i < count; i++) {
      expect(length(row(classwisePoison(grey, { size: 0.7 }).perturbations, i))).toBeCloseTo(0.7, 12);
      const largest = row(classwisePoison(grey, { size: 0.2, norm: 'linf' }).perturbations, i).map(Math.abs);
      expect(Math.max(...largest)).toBeCloseTo(0.2, 12);
    }
    expect(classwisePoison(grey).size).toBeCloseTo((6 / 255) * Math.sqrt(features), 12);
    expect(classwisePoison(grey, { norm: 'linf' }).size).toBeCloseTo(6 / 255, 12);
    expect(classwisePoison(grey).norm).toBe('l2');
  });

  it('gives every square of a channel one number, and without spread every class one perturbation', () => {
    const { perturbations } = classwisePoison(grey, { patch: 4, spread: 0.3, clip: 'none' });
    const one = row(perturbations, 7);
    // 2 channels of 3 × 3 squares, the last ones cut off
    expect(new Set(one).size).toBe(18);
    for (const [k, x] of one.entries()) {
      const [c, y, at] = [Math.floor(k / 90), Math.floor(k / 10) % 9, k % 10];
      expect(x).toBe(one[c * 90 + 4 * Math.floor(y / 4) * 10 + 4 * Math.floor(at / 4)]);
    }
    const flat = classwisePoison(grey, { patch: 4, spread: 0, clip: 'none' }).perturbations;
    expect(row(flat, 3)).toEqual(row(flat, 0));
    expect(row(flat, 1)).not.toEqual(row(flat, 0));
    expect(row(flat, 0).every((x) => Math.abs(Math.abs(x) - 6 / 255) < 1e-12)).toBe(true);
  });

  it('can be told apart by a linear map; the inputs are as before but for it', async () => {
    const { examples, perturbations, clipped } = classwisePoison(grey);
    expect(clipped).toBe(0);
    expect(examples.labels).toBe(grey.labels);
    examples.inputs.forEach((x, k) => expect(x - 0.5).toBe(perturbations[k]));
    expect((await softmaxRegression({ ...grey, inputs: perturbations })).accuracy).toBe(1);
    expect(classwisePoison(grey, { seed: 1 }).perturbations).not.toEqual(perturbations);
    expect(classwisePoison(grey, { seed: 0 }).perturbations).toEqual(perturbations);
  });

  it('is cut to the range of pixels, and says how much of it is', () => {
    const black = { ...grey, inputs: new Float64Array(count * features) };
    const { examples, clipped, perturbations } = classwisePoison(black);
    expect(Math.min(...examples.inputs)).toBe(0);
    expect(clipped).toBeGreaterThan(0.3);
    expect(Math.min(...perturbations)).toBe(0);
    expect(Math.min(...classwisePoison(black, { clip: 'none' }).examples.inputs)).toBeLessThan(0);
    expect(Math.max(...classwisePoison(grey, { size: 50, clip: [0.4, 0.6] }).examples.inputs)).toBe(0.6);
  });

  it('keeps float32 inputs in float32, and takes rows of features', () => {
    const { shape: _, ...flat } = { ...grey, inputs: new Float32Array(count * features) };
    const { examples, perturbations } = classwisePoison(flat, { patch: 60 });
    expect(examples.inputs).toBeInstanceOf(Float32Array);
    expect(new Set(row(perturbations, 0)).size).toBeLessThanOrEqual(3);
  });

  it('refuses too few squares, one class, sizes that are none', () => {
    expect(() => classwisePoison({ ...grey, shape: [1, 12, 15] }, { patch: 15 })).toThrow(/1 squares have 2 corners/);
    expect(() => classwisePoison({ ...grey, classes: 1, labels: new Int32Array(count) })).toThrow(/classes/);
    expect(() => classwisePoison(grey, { size: 0 })).toThrow(/size/);
    expect(() => classwisePoison(grey, { clip: [1, 0] })).toThrow(/clip/);
    expect(() => classwisePoison(grey, { norm: 'l1' as never })).toThrow(/norm/);
    expect(() => classwisePoison(grey, { spred: 1 } as never)).toThrow(/no option spred/);
    expect(() => classwisePoison({ ...grey, inputs: grey.inputs.map(() => NaN) })).toThrow(/finite/);
  });
});

describe('autoregressive poison', () => {
  const processes = autoregressiveProcesses({ classes: 3, channels: 2, height: 9, width: 10, response: 1 });
  const poisoned = autoregressivePoison(grey, { processes, clip: 'none' });

  it('has windows whose last number is 0 and whose others sum to 1', () => {
    for (const { coefficients, channels } of processes)
      for (let c = 0; c < channels; c++) {
        const window = [...coefficients.subarray(9 * c, 9 * c + 9)];
        expect(window[8]).toBe(0);
        expect(window.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      }
  });

  /** Largest |Σ b x − x| over places and channels, of a perturbation and the filter of a class. */
  const response = (perturbation: readonly number[], c: number): number => {
    let largest = 0;
    for (let channel = 0; channel < 2; channel++)
      for (let y = 2; y < 9; y++)
        for (let x = 2; x < 10; x++) {
          let sum = -perturbation[channel * 90 + y * 10 + x];
          for (let i = 0; i < 3; i++)
            for (let j = 0; j < 3; j++)
              sum +=
                processes[c].coefficients[channel * 9 + 3 * i + j] *
                perturbation[channel * 90 + (y - 2 + i) * 10 + x - 2 + j];
          largest = Math.max(largest, Math.abs(sum));
        }
    return largest;
  };

  it('answers its own filter with 0 and others not, is of size 1, and differs within a class', () => {
    for (let i = 0; i < count; i++) {
      const own = row(poisoned.perturbations, i);
      expect(length(own)).toBeCloseTo(1, 10);
      expect(response(own, i % 3)).toBeLessThan(1e-9);
      expect(response(own, (i + 1) % 3)).toBeGreaterThan(1e-3);
    }
    expect(row(poisoned.perturbations, 3)).not.toEqual(row(poisoned.perturbations, 0));
    expect(poisoned.size).toBe(1);
  });

  it('is not found by a linear map: x and −x are as likely, so two classes of new signals are classified by chance', async () => {
    const many = (seed: number): Examples => {
      const n = 900;
      const base = {
        ...grey,
        inputs: new Float64Array(n * features),
        labels: Int32Array.from({ length: n }, (_, i) => i % 2),
        classes: 2,
        count: n,
      };
      return autoregressivePoison(base, { processes, clip: 'none', seed }).examples;
    };
    const [seen, fresh] = [many(1), many(2)];
    const { weights } = await softmaxRegression(seen, { learningRate: 1 });
    let right = 0;
    for (let i = 0; i < fresh.count; i++) {
      const z = row(fresh.inputs, i).reduce((sum, x, j) => sum + (weights[features + j] - weights[j]) * x, 0);
      if (z > 0 === (fresh.labels[i] === 1)) right++;
    }
    expect(Math.abs(right / fresh.count - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / fresh.count));
    const attack = await projectionAttack(seen, { clean: new Float64Array(seen.inputs.length) });
    expect(attack.removed?.share).toBeLessThan(0.3);
    expect(attack.removed?.cleanShare).toBeNaN();
  });

  it('refuses what are no images, and processes that do not fit; says how many processes were found', () => {
    const { shape: _, ...flat } = grey;
    expect(() => autoregressivePoison(flat)).toThrow(/images \[channels, height, width\]/);
    expect(() => autoregressivePoison(grey, { processes: processes.slice(1) })).toThrow(/each of 3 classes, got 2/);
    expect(() => autoregressivePoison({ ...grey, shape: [1, 12, 15] }, { processes })).toThrow(/channels/);
    const search = { classes: 3, channels: 2, height: 9, width: 10 };
    expect(() => autoregressiveProcesses({ ...search, response: 1e6, attempts: 40 })).toThrow(/found 1 of 3/);
    expect(() => autoregressiveProcesses({ ...search, height: 2 })).toThrow(/height/);
    const still = { channels: 2, coefficients: new Float64Array(18) };
    expect(() => autoregressivePoison(grey, { processes: [still, still, still] })).toThrow(/has size 0/);
  });
});
