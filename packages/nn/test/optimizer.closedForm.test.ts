import { adam, createUpdate, momentum, sgd } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';

describe.each([Float32Array, Float64Array])('update rules on %O', (FloatArray) => {
  const tolerance = FloatArray === Float32Array ? 2e-6 : 1e-14;

  it('gradient descent on λw²/2 gives w₀(1 − lr λ)^t', () => {
    const lambda = new FloatArray([0.5, 2, 3]);
    const w = new FloatArray([1, -2, 4]);
    const g = new FloatArray(3);
    const update = createUpdate(sgd(), w);
    for (let t = 0; t < 7; t++) {
      for (let i = 0; i < 3; i++) g[i] = lambda[i] * w[i];
      update.apply(w, g, 0.1);
    }
    [1, -2, 4].forEach((w0, i) => {
      let expected = w0;
      for (let t = 0; t < 7; t++) expected *= 1 - 0.1 * [0.5, 2, 3][i];
      expect(Math.abs(w[i] - expected)).toBeLessThan(tolerance * Math.abs(w0));
    });
  });

  it('momentum under a constant gradient moves lr g (1 − μ^t)/(1 − μ) in step t', () => {
    const w = new FloatArray([0]);
    const g = new FloatArray([2]);
    const update = createUpdate(momentum(0.5), w);
    let previous = 0;
    for (let t = 1; t <= 6; t++) {
      update.apply(w, g, 0.25);
      const moved = previous - w[0];
      expect(Math.abs(moved - 0.25 * 2 * ((1 - 0.5 ** t) / 0.5))).toBeLessThan(tolerance * 4);
      previous = w[0];
    }
  });

  it('nesterov differs from plain momentum by one look ahead: w₁ = −lr (1 + μ) g', () => {
    const w = new FloatArray([0]);
    createUpdate(momentum(0.5, { nesterov: true }), w).apply(w, new FloatArray([2]), 0.25);
    expect(w[0]).toBe(-0.75);
    const plain = new FloatArray([0]);
    createUpdate(momentum(0.5), plain).apply(plain, new FloatArray([2]), 0.25);
    expect(plain[0]).toBe(-0.5);
  });

  it('Adam under a constant gradient moves lr g/(|g| + ε) in every step', () => {
    const w = new FloatArray([0, 0]);
    const g = new FloatArray([3, -0.25]);
    const update = createUpdate(adam({ epsilon: 0.5 }), w);
    for (let t = 1; t <= 20; t++) {
      update.apply(w, g, 0.01);
      expect(Math.abs(w[0] + (t * 0.01 * 3) / 3.5)).toBeLessThan(tolerance);
      expect(Math.abs(w[1] - (t * 0.01 * 0.25) / 0.75)).toBeLessThan(tolerance);
    }
    expect(update.updates).toBe(20);
  });

  it('Adam follows the textbook recurrence on changing gradients', () => {
    const w = new FloatArray([1]);
    const update = createUpdate(adam({ beta1: 0.8, beta2: 0.95, epsilon: 1e-3 }), w);
    let [x, m, v] = [1, 0, 0];
    for (let t = 1; t <= 15; t++) {
      const slope = Math.sin(t) + 0.3;
      update.apply(w, new FloatArray([slope]), 0.05);
      m = 0.8 * m + 0.2 * slope;
      v = 0.95 * v + 0.05 * slope * slope;
      x -= (0.05 * (m / (1 - 0.8 ** t))) / (Math.sqrt(v / (1 - 0.95 ** t)) + 1e-3);
      expect(Math.abs(w[0] - x)).toBeLessThan(tolerance * 10);
    }
  });

  it('two steps of Adam with different betas differ', () => {
    const run = (options: Parameters<typeof adam>[0]): number => {
      const w = new FloatArray([0]);
      const update = createUpdate(adam(options), w);
      update.apply(w, new FloatArray([1]), 0.1);
      update.apply(w, new FloatArray([-0.5]), 0.1);
      return w[0];
    };
    expect(run({ beta1: 0.5 })).not.toBe(run({}));
    expect(run({ beta2: 0.5 })).not.toBe(run({}));
    expect(run({})).toBe(run({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }));
  });
});

it('refuses parameters outside their range, naming them', () => {
  expect(() => adam({ beta1: 1 })).toThrow('adam: beta1 must be in [0, 1), got beta1=1');
  expect(() => adam({ epsilon: 0 })).toThrow('adam: epsilon must be finite and > 0, got epsilon=0');
  expect(() => momentum(-0.1)).toThrow('momentum: momentum must be in [0, 1), got momentum=-0.1');
});
