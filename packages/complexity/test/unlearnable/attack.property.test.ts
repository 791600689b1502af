// Oracle: what the attack is for. Classes are the sign of x₀x₁, which no linear map sees; the poison is a shift by class. Seeded, float64.
import { projectionAttack, softmaxRegression } from '@hyperribbon/complexity';
import type { Examples } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';

const D = 20;

function clean(n: number, seed: number): Examples {
  const inputs = stream({ seed, purpose: 'toy' }).normal(new Float64Array(n * D));
  const labels = Int32Array.from({ length: n }, (_, i) => (inputs[i * D] * inputs[i * D + 1] > 0 ? 1 : 0));
  return { inputs, labels, count: n, features: D, classes: 2 };
}

/** x and all products of two of its numbers. */
function quadratic(examples: Examples): Examples {
  const width = D + (D * (D + 1)) / 2;
  const inputs = new Float64Array(examples.count * width);
  for (let i = 0, k = 0; i < examples.count; i++) {
    const x = examples.inputs.subarray(i * D, (i + 1) * D);
    for (let a = 0; a < D; a++) inputs[k++] = x[a];
    for (let a = 0; a < D; a++) for (let b = a; b < D; b++) inputs[k++] = x[a] * x[b];
  }
  return { ...examples, inputs, features: width };
}

function accuracy(weights: Float64Array, { inputs, labels, count, features }: Examples): number {
  let right = 0;
  for (let i = 0; i < count; i++) {
    let margin = 0;
    for (let j = 0; j < features; j++) margin += (weights[features + j] - weights[j]) * inputs[i * features + j];
    if (margin > 0 === (labels[i] === 1)) right++;
  }
  return right / count;
}

describe('data poisoned by a shift per class', () => {
  const original = clean(2000, 1);
  const test = quadratic(clean(4000, 2));
  const inputs = original.inputs.map(
    (x, k) => x + (k % D >= 10 && k % D < 15 ? 4 - 8 * original.labels[Math.floor(k / D)] : 0),
  );
  const poisoned = { ...original, inputs };
  const tested = async (examples: Examples): Promise<number> => {
    const { weights } = await softmaxRegression(quadratic(examples), { learningRate: 0.05, batchSize: 64 });
    return accuracy(weights, test);
  };
  const attack = (initialScale: number) =>
    projectionAttack(poisoned, { batchSize: 64, initialScale, seed: 3, clean: original.inputs });

  it('is learnt again once it is projected: clean, then projected, 0.2 above poisoned', async () => {
    const found = await attack(0);
    expect(found.rank).toBe(1);
    expect(found.accuracy).toBe(1);
    expect(found.removed!.residual).toBeLessThan(0.15);
    expect(found.removed!.cleanShare).toBeLessThan(0.1);
    // the two shifts are opposite: their mean is small, and what is common to both classes likewise
    expect(Math.abs(found.removed!.contrast / found.removed!.residual - 1)).toBeLessThan(0.02);
    const [whole, projected, spoiled] = await Promise.all([original, found.examples, poisoned].map(tested));
    expect(whole).toBeGreaterThan(projected);
    expect(projected).toBeGreaterThan(spoiled + 0.2);
  });

  it('has no contrast left where the poison is common to all but for what was found', async () => {
    const common = inputs.map((x, k) => x + (k % D === 16 ? 8 : 0));
    const options = { batchSize: 64, learningRate: 0.05, clean: original.inputs };
    const removed = (await projectionAttack({ ...original, inputs: common }, options)).removed!;
    // ‖common‖² = 64 beside 80 of the shift
    expect(removed.contrast).toBeLessThan(0.5 * removed.residual);
    expect(removed.share).toBeCloseTo(1 - removed.residual ** 2, 12);
  });

  it('is not where the classifier starts from weights that it does not outgrow', async () => {
    const [zero, uniform, small] = await Promise.all([attack(0), attack(1), attack(0.1)]);
    expect(uniform.initial).toBe('uniform on ±1/√20, seed 3');
    expect([uniform.rank, small.rank]).toEqual([2, 2]);
    expect(uniform.removed!.residual).toBeGreaterThan(0.3);
    expect(uniform.removed!.residual).toBeGreaterThan(2 * zero.removed!.residual);
    expect(small.removed!.residual).toBeLessThan(0.5 * uniform.removed!.residual);
    expect(await tested(uniform.examples)).toBeLessThan((await tested(zero.examples)) - 0.1);
  });
});
