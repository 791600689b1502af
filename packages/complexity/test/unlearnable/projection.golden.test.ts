// Oracle: projections by hand, numpy's softmax regression (test/golden/make_stability.py), identities of projections.
import { readFileSync } from 'node:fs';
import { projectionAttack, projectOut, rowBasis, softmaxRegression } from '@hyperribbon/complexity';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { expectNear } from '../near.js';

const golden = JSON.parse(readFileSync(new URL('../golden/stability.json', import.meta.url), 'utf8')) as {
  softmax: { weights: number[]; loss: number; accuracy: number };
};
const near = (values: ArrayLike<number>, stated: readonly number[], digits = 12): void => {
  expect(values.length).toBe(stated.length);
  stated.forEach((x, i) => expect(values[i]).toBeCloseTo(x, digits));
};

describe('two rows that are not orthogonal', () => {
  const W = Float64Array.of(1, 1, 0, 0, 0, 1, 1, 0);
  const X = Float64Array.of(1, 2, 3, 4, 1, 0, 0, 0);
  const { basis, rank, singularValues } = rowBasis(W, 2, 4);

  it('span the projection that was worked out by hand', () => {
    expect(rank).toBe(2);
    near(singularValues, [Math.sqrt(1.5), Math.sqrt(0.5)]);
    const identity = Float64Array.from({ length: 16 }, (_, k) => (k % 5 === 0 ? 1 : 0));
    const P = projectOut(identity, basis, 4).map((x, k) => identity[k] - x);
    near(
      P,
      [2, 1, -1, 0, 1, 2, 1, 0, -1, 1, 2, 0, 0, 0, 0, 0].map((x) => x / 3),
    );
  });

  it('leave of the inputs what was worked out by hand, and nothing that they read', () => {
    const left = projectOut(X, basis, 4);
    near(left, [2 / 3, -2 / 3, 2 / 3, 4, 1 / 3, -1 / 3, 1 / 3, 0]);
    for (const w of [0, 1])
      for (const x of [0, 1]) {
        let dot = 0;
        for (let j = 0; j < 4; j++) dot += W[4 * w + j] * left[4 * x + j];
        expect(Math.abs(dot)).toBeLessThan(1e-10);
      }
    near(projectOut(left, basis, 4), [...left], 14);
  });

  it('lengths of rows do not matter, huge and tiny ones neither', () => {
    const scaled = W.map((w, k) => w * (k < 4 ? 1e150 : 1e-150));
    near(projectOut(X, rowBasis(scaled, 2, 4).basis, 4), [2 / 3, -2 / 3, 2 / 3, 4, 1 / 3, -1 / 3, 1 / 3, 0]);
  });
});

describe('rank', () => {
  it('of weights that sum to zero is one below the classes: the direction that is rounding stays', () => {
    const W = stream({ seed: 1, purpose: 'rows' }).normal(new Float64Array(4 * 30));
    for (let j = 0; j < 30; j++) W[90 + j] = -(W[j] + W[30 + j] + W[60 + j]);
    const found = rowBasis(W, 4, 30);
    expect(found.rank).toBe(3);
    expect(found.singularValues[3]).toBeLessThan(1e-14);
    expect(rowBasis(W, 4, 30, 1e-17).rank).toBeGreaterThan(2);
    // relative to the largest: 1e-6, as documented
    const nearly = Float64Array.of(1, 0, 1, 1e-5, 1, 0);
    expect(rowBasis(nearly, 3, 2).rank).toBe(2);
    expect(rowBasis(nearly, 3, 2, 1e-4).rank).toBe(1);
    expect(rowBasis(Float64Array.of(1, 0, 1, 1e-7), 2, 2).rank).toBe(1);
  });

  it('of more classes than features is that of the features', () => {
    const found = rowBasis(Float64Array.of(1, 0, 0, 1, 1, 1, 1, -1), 4, 2);
    expect(found.rank).toBe(2);
    near(projectOut(Float64Array.of(3, 4), found.basis, 2), [0, 0]);
  });

  it('of zeros is 0: nothing is taken away', () => {
    const found = rowBasis(new Float64Array(6), 2, 3);
    expect([found.rank, found.basis.length]).toEqual([0, 0]);
    expect(projectOut(Float64Array.of(1, 2, 3), found.basis, 3)).toEqual(Float64Array.of(1, 2, 3));
  });

  it('refuses NaN and rows that do not fit', () => {
    expect(() => rowBasis(Float64Array.of(1, NaN), 1, 2)).toThrow(/finite/);
    expect(() => rowBasis(Float64Array.of(1, 2), 2, 2)).toThrow(/shape/);
    expect(() => rowBasis(Float64Array.of(1, 2), 1, 2, 1)).toThrow(/tolerance/);
    expect(() => projectOut(Float64Array.of(1, 2, 3), Float64Array.of(1, 0), 2)).toThrow(/rows of features=2/);
  });
});

describe('softmax regression', () => {
  const [n, D, C] = [11, 4, 3];
  const examples = {
    inputs: Float64Array.from({ length: n * D }, (_, k) => {
      const [i, j] = [Math.floor(k / D), k % D];
      return ((3 * i * i + 5 * j + 2 * i * j) % 7) / 3 - 1;
    }),
    labels: Int32Array.from({ length: n }, (_, i) => (i * i + 1) % C),
    count: n,
    features: D,
    classes: C,
  };
  const options = { epochs: 8, batchSize: 4 };

  it('is numpy’s, batch by batch in their order, with both steps of the learning rate', async () => {
    const found = await softmaxRegression(examples, options);
    near(found.weights, golden.softmax.weights);
    expectNear(found.loss, golden.softmax.loss);
    expect(found.accuracy).toBeCloseTo(golden.softmax.accuracy, 12);
    for (let j = 0; j < D; j++)
      expect(found.weights[j] + found.weights[D + j] + found.weights[2 * D + j]).toBeCloseTo(0, 14);
  });

  it('starts on ±scale/√features where it is told to, by its seed', async () => {
    const start = (seed: number) =>
      softmaxRegression(examples, { epochs: 1, learningRate: 1e-300, initialScale: 3, seed });
    const { weights } = await start(1);
    expect(Math.max(...weights.map(Math.abs))).toBeLessThan(1.5);
    expect(Math.max(...weights.map(Math.abs))).toBeGreaterThan(0.75);
    expect((await start(1)).weights).toEqual(weights);
    expect((await start(2)).weights).not.toEqual(weights);
  });

  it('refuses one class, and ends when its signal aborts', async () => {
    const one = { ...examples, classes: 1, labels: new Int32Array(n) };
    await expect(softmaxRegression(one)).rejects.toThrow(/classes/);
    await expect(softmaxRegression(examples, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    await expect(softmaxRegression({ ...examples, labels: examples.labels.map(() => 3) })).rejects.toThrow(/labels/);
    await expect(softmaxRegression({ ...examples, inputs: examples.inputs.map(() => NaN) })).rejects.toThrow(/finite/);
  });

  it('the attack leaves nothing that its classifier reads, in float64 below 1e-10', async () => {
    const found = await projectionAttack(examples, options);
    expect(found.rank).toBe(2);
    expect(found.initial).toBe('zero');
    expect(found.removed).toBe(undefined);
    const left = found.examples.inputs;
    for (let i = 0; i < n; i++)
      for (let c = 0; c < C; c++) {
        let dot = 0;
        for (let j = 0; j < D; j++) dot += found.weights[D * c + j] * left[D * i + j];
        expect(Math.abs(dot)).toBeLessThan(1e-10);
      }
    expect(found.examples.labels).toBe(examples.labels);
  });
});
