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
    expect(Math.abs(at.dw[1])).toBeLessThan(1e-12);
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

/** Two valleys whose floors x₁, x₂ are coupled by c·y₃: L = Σ (½(15 + y_i)x_i² − p_i y_i) + c y₃ x₁x₂ − p₃ y₃, in the order x₁, x₂, y₁, y₂, y₃. */
function coupled([p1, p2, p3]: readonly number[], c: number): LossDerivatives {
  const hessian = ([a, b, y, z, q]: ArrayLike<number> & Iterable<number>): number[][] => [
    [15 + y, c * q, a, 0, c * b],
    [c * q, 15 + z, 0, b, c * a],
    [a, 0, 0, 0, 0],
    [0, b, 0, 0, 0],
    [c * b, c * a, 0, 0, 0],
  ];
  return {
    size: 5,
    counts: { gradients: 0, products: 0, thirds: 0 },
    gradient([a, b, y, z, q], out) {
      out.set([(15 + y) * a + c * q * b, (15 + z) * b + c * q * a, 0.5 * a * a - p1, 0.5 * b * b - p2, c * a * b - p3]);
      return 0.5 * ((15 + y) * a * a + (15 + z) * b * b) + c * q * a * b - p1 * y - p2 * z - p3 * q;
    },
    product: (w, v, out) => out.set(hessian(w).map((row) => row.reduce((sum, h, i) => sum + h * v[i], 0))),
    third: (_w, u, v, out) =>
      out.set([
        u[0] * v[2] + u[2] * v[0] + c * (u[1] * v[4] + u[4] * v[1]),
        u[1] * v[3] + u[3] * v[1] + c * (u[0] * v[4] + u[4] * v[0]),
        u[0] * v[0],
        u[1] * v[1],
        c * (u[0] * v[1] + u[1] * v[0]),
      ]),
  };
}

describe('Two coupled valleys at the edge', () => {
  const [p, c] = [[0.2, 0.1, 0.05], 0.5];
  const at = (pushes: readonly number[]) =>
    centralStep(
      coupled(pushes, c),
      centralDynamics('toy', { kind: 'sgd' }, eta, 5),
      followPairs(0),
      12,
    )({
      w: Float64Array.of(0, 0, 5, 5, 0),
      squares,
      dt: 0.25,
      look: true,
    });

  test('stand still with ⟨x_i²⟩ = 2p_i and ⟨x₁x₂⟩ = p₃/c', async () => {
    const { critical, variance, oscillation, dw, residual } = await at(p);
    expect(critical).toBe(2);
    expect(residual).toBeLessThan(1e-9);
    // the pull on y₃ is c⟨x₁x₂⟩: it is held at p₃ only by the off-diagonal entry
    dw.forEach((rate) => expect(Math.abs(rate)).toBeLessThan(1e-8));
    expect(Math.abs(variance - 2 * (p[0] + p[1]))).toBeLessThan(1e-7);
    expect(Math.abs(oscillation - (2 * (p[0] + p[1])) / eta)).toBeLessThan(1e-6);
  });

  test('narrow along y₃ alone where no covariance can hold all three', async () => {
    // ⟨x₁x₂⟩² ≤ ⟨x₁²⟩⟨x₂²⟩ bounds the pull: X has rank one, and an eigenvalue sinks below the edge
    const { dw, variance } = await at([0.2, 0.1, 0.5]);
    expect(dw[4]).toBeGreaterThan(1e-3);
    expect(Math.max(dw[2], dw[3])).toBeLessThan(0);
    expect(variance).toBeGreaterThan(0.6);
    const H = [20 + 0.25 * dw[2], 20 + 0.25 * dw[3], 0.25 * c * dw[4]];
    const spread = Math.sqrt(((H[0] - H[1]) / 2) ** 2 + H[2] ** 2);
    expect(Math.abs((H[0] + H[1]) / 2 + spread - 20)).toBeLessThan(1e-7);
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
