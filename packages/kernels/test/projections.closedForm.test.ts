import { describe, expect, test } from 'vitest';
import { createLinearWorkspace } from '@hyperribbon/kernels/linear';
import { seeded } from './seeded.js';

const EPS = 2 ** -24;

describe.each([false, true])('float32 projections of one vector, deterministic: %s', (deterministic) => {
  const n = 1_000_003;
  const space = createLinearWorkspace({ bytes: 12 * n + 1024, deterministic });
  const [q, x, c] = [space.allocate(8 * n), space.allocate(4 * n), space.allocate(16)];
  const [rows, vector, coefficients] = [space.float32View(q, 2 * n), space.float32View(x, n), space.float64View(c, 2)];

  test('a million positive products: within a hundredth of the rounding of one float32 of the sum in float64', () => {
    const next = seeded(3);
    const random = (): number => next() * 2 ** -32;
    for (let i = 0; i < n; i++) vector[i] = random();
    for (let i = 0; i < 2 * n; i++) rows[i] = random();
    let exact = 0;
    for (let i = 0; i < n; i++) exact += rows[i]! * vector[i]!;
    space.float32.projectionCoefficients(2, 1, n, q, n, x, n, c);
    expect(Math.abs(coefficients[0]! - exact) / exact).toBeLessThan(EPS / 100);
    // a plain float32 sum is a thousand times as far off
    let plain = 0;
    for (let i = 0; i < n; i++) plain = Math.fround(plain + Math.fround(rows[i]! * vector[i]!));
    expect(Math.abs(plain - exact) / exact).toBeGreaterThan(10 * EPS);
  });

  test('small coefficients are taken out with one rounding of the vector', () => {
    const next = seeded(5);
    const random = (): number => next() * 2 ** -32;
    for (let i = 0; i < n; i++) vector[i] = random() - 0.5;
    for (let i = 0; i < 2 * n; i++) rows[i] = random() - 0.5;
    const before = Float64Array.from(vector);
    coefficients.set([1e-5, -3e-6]);
    space.float32.subtractProjection(2, 1, n, q, n, x, n, c);
    let worst = 0;
    for (let i = 0; i < n; i++) {
      const exact = before[i]! - 1e-5 * rows[i]! + 3e-6 * rows[n + i]!;
      worst = Math.max(worst, Math.abs(vector[i]! - exact));
    }
    expect(worst).toBeLessThanOrEqual(0.5 * EPS * 1.001);
    expect(worst).toBeGreaterThan(0.2 * EPS);
  });
});
