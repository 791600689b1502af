import { stream } from '@hyperribbon/random';
import { describe, expect, test } from 'vitest';
import { centralDynamics } from '../../src/dynamics/centralRule.js';
import { centralStep } from '../../src/dynamics/centralStep.js';
import { followPairs } from '../../src/dynamics/followPairs.js';
import type { LossDerivatives } from '../../src/dynamics/lossDerivatives.js';

const eta = 0.1;

/** L = ½(15 + y)x² − p y: the curvature of x grows with y, which is pushed by p and pulled back by x². */
function toy(p: number): LossDerivatives {
  return {
    size: 2,
    counts: { gradients: 0, products: 0, thirds: 0 },
    gradient([x, y], out) {
      out.set([(15 + y) * x, 0.5 * x * x - p]);
      return 0.5 * (15 + y) * x * x - p * y;
    },
    product: ([x, y], [a, b], out) => out.set([(15 + y) * a + x * b, x * a]),
    third: (_w, u, v, out) => out.set([u[0] * v[1] + u[1] * v[0], u[0] * v[0]]),
  };
}
const stepOf = (p: number) => centralStep(toy(p), centralDynamics('toy', { kind: 'sgd' }, eta, 2), followPairs(0), 12);
const squares = new Float64Array(0);

describe.each([0.02, 0.1, 0.3])('A valley that narrows at rate ηp, p = %f', (p) => {
  test('holds at the edge with ⟨x²⟩ = 2p and an oscillation of 2p/η in the loss', async () => {
    const at = await stepOf(p)({ w: Float64Array.of(0, 5), squares, dt: 0.25, look: true });
    expect(at.critical).toBe(1);
    expect(Math.abs(at.variance / (2 * p) - 1)).toBeLessThan(1e-10);
    expect(Math.abs(at.oscillation / ((2 * p) / eta) - 1)).toBeLessThan(1e-10);
    expect(Math.abs(at.dw[1])).toBeLessThan(1e-14);
  });

  test('is what gradient descent with a little noise comes to', () => {
    const { gradient } = toy(p);
    const draws = stream({ seed: 1, purpose: 'toy' });
    const w = Float64Array.of(0.01, 4);
    const g = new Float64Array(2);
    let [square, loss, counted] = [0, 0, 0];
    for (let step = 0; step < 60_000; step++) {
      gradient(w, g);
      if (step >= 10_000) {
        square += w[0] * w[0];
        loss += 0.5 * (15 + w[1]) * w[0] * w[0];
        counted++;
      }
      const noise = draws.normal(new Float64Array(1))[0];
      w[0] += 1e-3 * noise - eta * g[0];
      w[1] -= eta * g[1];
    }
    expect(Math.abs(square / counted / (2 * p) - 1)).toBeLessThan(0.03);
    expect(Math.abs(loss / counted / ((2 * p) / eta) - 1)).toBeLessThan(0.03);
  });

  test('is left alone below the edge, and met at it in one part of a step', async () => {
    const velocityAt = stepOf(p);
    const below = await velocityAt({ w: Float64Array.of(0, 3), squares, dt: 0.25, look: true });
    expect([below.critical, below.variance]).toEqual([0, 0]);
    expect(Math.abs(below.dw[1] - eta * p)).toBeLessThan(1e-15);
    // a distance to the edge of half a part's way: y goes half as far
    const near = 5 - 0.125 * eta * p;
    const meets = await velocityAt({ w: Float64Array.of(0, near), squares, dt: 0.25, look: true });
    expect(Math.abs(near + 0.25 * meets.dw[1] - 5)).toBeLessThan(1e-12);
  });
});

test('RMSProp with one moment stands still where growing curvature and growing P agree', async () => {
  const p = 0.1;
  const dynamics = centralDynamics('toy', { kind: 'scalarRmsProp', smoothing: 0.9, epsilon: 0 }, eta, 2);
  // P = √ν/η and the edge is curvature 2√ν/η: with X held there, both move by their own laws to dt from here
  const nu = 1;
  const y = 2 / eta - 15;
  const at = await centralStep(
    toy(p),
    dynamics,
    followPairs(0),
    12,
  )({
    w: Float64Array.of(0, y),
    squares: Float64Array.of(nu),
    dt: 0.25,
    look: true,
  });
  // u = (1/√P, 0), Σ = X u uᵀ: d(15 + y)/dt = ηp − ηΣ/2, and dν/dt = (1 − α)/α · (p² + (15 + y)²Σ − ν)
  const sigma = at.variance;
  const curvatureRate = eta * p - (eta * sigma) / 2;
  const nuRate = (0.1 / 0.9) * (p * p + (15 + y) ** 2 * sigma - nu);
  expect(at.critical).toBe(1);
  expect(Math.abs(at.dw[1] - curvatureRate)).toBeLessThan(1e-12);
  expect(Math.abs(at.dSquares[0] - nuRate)).toBeLessThan(1e-12);
  expect(Math.abs(curvatureRate - ((2 / eta) * nuRate) / (2 * Math.sqrt(nu)))).toBeLessThan(1e-10);
});
