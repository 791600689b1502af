import { hessian } from '@hyperribbon/curvature';
import { eigh } from '@hyperribbon/lanczos';
import { fromMatvec, type LinearOperator, materialize } from '@hyperribbon/linop';
import { squaredError } from '@hyperribbon/nn';
import { describe, expect, test } from 'vitest';
import { preconditioned, trackPairs } from '../../src/dynamics.js';
import { examples, network, params, size } from '../small.js';

const options = { loss: squaredError, dtype: 'float64' } as const;
const weights = Float64Array.from(params);

const diagonal = (values: ArrayLike<number>): LinearOperator =>
  fromMatvec(values.length, (x, out) => void Array.from(values).forEach((d, i) => (out[i] = d * x[i])));

async function denseValues(operator: LinearOperator, n: number): Promise<Float64Array> {
  return eigh(Float64Array.from(await materialize(operator)), n).values;
}

describe('Tracked pairs', () => {
  test('are those of the dense matrix, within their residuals, as the weights move', async () => {
    const H = hessian(network, weights, examples, options);
    let previous: readonly (Float32Array | Float64Array)[] = [];
    for (let index = 0; index < 5; index++) {
      H.setWeights(weights.map((w, i) => w + 0.05 * index * Math.cos(i)));
      const found = await trackPairs(H, { k: 4, previous, index, tol: 1e-6 });
      const dense = await denseValues(H, size);
      expect(found.converged).toBe(true);
      found.values.forEach((value, i) => {
        expect(Math.abs(value - dense[i])).toBeLessThanOrEqual(found.residualNorms[i] + 1e-12);
        expect(found.residualNorms[i]).toBeLessThanOrEqual(1e-6 * found.values[0]);
      });
      const [first] = found.vectors;
      const image = first.slice();
      await H.apply(first, image);
      const residual = Math.hypot(...image.map((y, i) => y - found.values[0] * first[i]));
      expect(Math.abs(residual - found.residualNorms[0])).toBeLessThan(1e-10);
      previous = found.vectors;
    }
  });

  test('cost one product for each vector where nothing moved', async () => {
    const A = diagonal(Float64Array.from({ length: 300 }, (_, i) => (i < 3 ? 10 - i : 1 / (i + 1))));
    const first = await trackPairs(A, { k: 3, tol: 1e-3 });
    const again = await trackPairs(A, { k: 3, tol: 1e-3, previous: first.vectors, lookout: 0 });
    expect(again.matvecs).toBe(5);
    expect(again.values.map((value) => Math.round(1e6 * value))).toEqual([10e6, 9e6, 8e6]);
    expect(again.matvecs).toBeLessThan(first.matvecs);
  });

  test('see an eigenvalue that has grown above them, and do not without a lookout', async () => {
    const values = Float64Array.from({ length: 400 }, (_, i) => (i < 2 ? 5 - i : 0.01));
    const first = await trackPairs(diagonal(values), { k: 2, tol: 1e-3 });
    values[200] = 50;
    const start = { k: 2, tol: 1e-3, previous: first.vectors.slice(0, 2) };
    const blind = await trackPairs(diagonal(values), { ...start, lookout: 0 });
    expect(blind.values[0]).toBeLessThan(6);
    const seeing = await trackPairs(diagonal(values), { ...start, lookout: 2 });
    expect(Math.abs(seeing.values[0] - 50)).toBeLessThan(1e-3);
    expect(seeing.next.products).toBeLessThanOrEqual(2);
  });

  test('of P⁻¹H are those of the symmetric P^-½ H P^-½', async () => {
    const H = hessian(network, weights, examples, options);
    const P = Float64Array.from({ length: size }, (_, i) => 0.01 + (i % 7));
    const found = await trackPairs(preconditioned(H, P), { k: 2, tol: 1e-8 });
    const matrix = Float64Array.from(
      await materialize(H),
      (h, at) => h / Math.sqrt(P[at % size] * P[Math.floor(at / size)]),
    );
    const dense = eigh(matrix, size).values;
    found.values.forEach((value, i) => expect(Math.abs(value / dense[i] - 1)).toBeLessThan(1e-8));
  });
});

describe('A list of all values above a threshold', () => {
  const values = [9, 8, 7, 6, 1, 0.5, ...Array.from({ length: 40 }, (_, i) => -i / 40)];

  test('is as long as it takes for the last one to lie below', async () => {
    const found = await trackPairs(diagonal(values), { above: 5.5, tol: 1e-8 });
    expect(found.converged).toBe(true);
    expect(found.values.length).toBe(5);
    found.values.forEach((value, i) => expect(Math.abs(value - values[i])).toBeLessThan(1e-6));
    const sinking = diagonal(values.map((value) => value - 2));
    const next = await trackPairs(sinking, { above: 5.5, tol: 1e-8, previous: found.vectors, index: 1 });
    expect(next.values.map(Math.round)).toEqual([7, 6, 5]);
  });

  test('is no longer than asked for, and tells that another one follows', async () => {
    const found = await trackPairs(diagonal(values), { above: 5.5, most: 3, tol: 1e-8 });
    expect(found.values.map(Math.round)).toEqual([9, 8, 7]);
    expect(found.next.value).toBeGreaterThan(5.5);
    const none = await trackPairs(diagonal([1, 0.5, 0.2]), { above: 2 });
    expect(none.values.map((value) => Math.round(1e9 * value) / 1e9)).toEqual([1]);
    expect((await trackPairs(diagonal([3, 3, 3]), { above: 2 })).values.map(Math.round)).toEqual([3, 3, 3]);
  });

  test('refuses thresholds that are none', async () => {
    await expect(trackPairs(diagonal([1, 2]), { above: NaN })).rejects.toThrow('above must be');
    await expect(trackPairs(diagonal([1, 2]), { k: 2, above: 1, most: 1 })).rejects.toThrow('most must be');
  });
});

describe('Degenerate operators', () => {
  test('zero is converged at once', async () => {
    const found = await trackPairs(diagonal(new Float64Array(20)), { k: 3 });
    expect(found.converged).toBe(true);
    expect(found.values).toEqual([0, 0, 0]);
  });

  test('products that are not numbers give NaN and no claim', async () => {
    const found = await trackPairs(diagonal(new Float64Array(20).fill(NaN)), { k: 2 });
    expect(found.converged).toBe(false);
    expect(found.values).toEqual([NaN, NaN]);
  });

  test.each([1e-150, 1e150])('scales of %s change nothing', async (scale) => {
    const A = diagonal(Float64Array.from({ length: 50 }, (_, i) => scale / (1 + i)));
    const found = await trackPairs(A, { k: 2, tol: 1e-6 });
    expect(found.converged).toBe(true);
    found.values.forEach((value, i) => expect(Math.abs((value / scale) * (1 + i) - 1)).toBeLessThan(1e-9));
  });

  test('more pairs than there are rows are all of them, negative ones too', async () => {
    const found = await trackPairs(diagonal([2, -1, 0.5]), { k: 9 });
    expect(found.values.map((value) => Math.round(1e9 * value) / 1e9)).toEqual([2, 0.5, -1]);
    expect(found.converged).toBe(true);
    expect((await trackPairs(diagonal([-3]), { k: 1 })).values).toEqual([-3]);
  });

  test('a limit of products ends the search with residuals that are larger', async () => {
    const A = diagonal(Float64Array.from({ length: 500 }, (_, i) => 1 - i / 500));
    const found = await trackPairs(A, { k: 3, tol: 1e-9, maxMatvecs: 12 });
    expect(found.converged).toBe(false);
    expect(found.matvecs).toBeLessThanOrEqual(12);
    expect(found.residualNorms.every((norm) => norm > 1e-9)).toBe(true);
  });

  test('arguments that do not fit are refused by name', async () => {
    const A = diagonal([1, 2, 3]);
    await expect(trackPairs(A, { k: 0 })).rejects.toThrow('trackPairs: k must be');
    await expect(trackPairs(A, { previous: [new Float64Array(2)] })).rejects.toThrow('previous[0]');
  });
});
