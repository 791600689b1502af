// Oracle: the algebra of Gauss methods, and problems whose solution is known.
import { describe, expect, test } from 'vitest';
import { gaussTableau, lagrange } from '../../src/deep/flow/gaussTableau.js';
import { integrateGauss } from '../../src/deep/flow/integrateGauss.js';

const { nodes, weights: b, matrix: A, atStart } = gaussTableau();
const range = [0, 1, 2, 3];

describe('the four-stage Gauss method', () => {
  test('integrates polynomials up to degree 7 and no further, and collocates up to degree 3', () => {
    for (let q = 0; q <= 7; q++) {
      expect(Math.abs(range.reduce((s, i) => s + b[i]! * nodes[i]! ** q, 0) - 1 / (q + 1))).toBeLessThan(2e-16);
    }
    expect(Math.abs(range.reduce((s, i) => s + b[i]! * nodes[i]! ** 8, 0) - 1 / 9)).toBeGreaterThan(1e-6);
    for (let q = 0; q <= 3; q++) {
      for (const i of range) {
        const sum = range.reduce((s, j) => s + A[4 * i + j]! * nodes[j]! ** q, 0);
        expect(Math.abs(sum - nodes[i]! ** (q + 1) / (q + 1))).toBeLessThan(2e-16);
      }
    }
  });
  test('satisfies b_i a_ij + b_j a_ji = b_i b_j, which conserves quadratic invariants', () => {
    for (const i of range) {
      for (const j of range) {
        expect(Math.abs(b[i]! * A[4 * i + j]! + b[j]! * A[4 * j + i]! - b[i]! * b[j]!)).toBeLessThan(5e-17);
      }
    }
  });
  test('its error estimate for y′ = λ y is about ten times the local error', () => {
    for (const z of [-0.3, -0.1, 0.2]) {
      // stage derivatives by many plain iterations
      let F = range.map(() => z);
      for (let k = 0; k < 60; k++) F = range.map((i) => z * (1 + range.reduce((s, j) => s + A[4 * i + j]! * F[j]!, 0)));
      const defect = Math.abs(z - range.reduce((s, j) => s + atStart[j]! * F[j]!, 0));
      // Padé remainder of the exponential: (4!)² z⁹/(8! 9!)
      const error = (576 * Math.abs(z) ** 9) / (40320 * 362880);
      expect((defect * defect) / Math.abs(z) / error).toBeGreaterThan(5);
      expect((defect * defect) / Math.abs(z) / error).toBeLessThan(20);
    }
  });
  test('has Lagrange polynomials that are 1 at their node and sum to 1', () => {
    range.forEach((i) => lagrange(nodes, nodes[i]!).forEach((v, j) => expect(Math.abs(v)).toBe(i === j ? 1 : 0)));
    expect([...lagrange(nodes, 0.3)].reduce((s, v) => s + v, 0)).toBeCloseTo(1, 14);
  });
});

describe('integration', () => {
  const options = { tol: 1e-12, maxSteps: 10_000 };
  const run = (
    field: (y: Float64Array, out: Float64Array) => void,
    start: number[],
    times: number[],
    tolerance = 1e-12,
  ) => {
    const flow = { ...options, times: Float64Array.from(times), tol: tolerance };
    const { report, states } = integrateGauss(field, Float64Array.from(start), flow);
    return { out: states.map((y) => [...y]), report };
  };
  const oscillator = (y: Float64Array, out: Float64Array): void => {
    out[0] = y[1]!;
    out[1] = -y[0]!;
  };

  test('an oscillator keeps its energy for 50 turns and its phase to the tolerance', () => {
    const { out, report } = run(oscillator, [1, 0], [0, 100 * Math.PI]);
    expect(out[0]).toEqual([1, 0]);
    expect(Math.abs(out[1]![0]! ** 2 + out[1]![1]! ** 2 - 1)).toBeLessThan(1e-14);
    expect(Math.abs(out[1]![1]!)).toBeLessThan(1e-9);
    expect(report).toMatchObject({ converged: true, reason: 'reached-end', rejected: 0 });
  });
  test('a smaller tolerance takes more steps and makes smaller errors', () => {
    const errors = [1e-6, 1e-9, 1e-12].map((tolerance) => {
      const { out, report } = run(oscillator, [1, 0], [10], tolerance);
      return { error: Math.abs(out[0]![0]! - Math.cos(10)), steps: report.steps };
    });
    for (const i of [1, 2]) {
      expect(errors[i]!.error).toBeLessThan(errors[i - 1]!.error / 10);
      expect(errors[i]!.steps).toBeGreaterThan(errors[i - 1]!.steps);
    }
    expect(errors[2]!.error).toBeLessThan(1e-11);
  });
  test('a stiff decay is followed at about six rates a step once it has decayed', () => {
    const field = (y: Float64Array, out: Float64Array): void => {
      out[0] = -1000 * (y[0]! - 1);
      out[1] = -y[1]!;
    };
    const { out, report } = run(field, [2, 1], [10]);
    expect(Math.abs(out[0]![0]! - 1)).toBeLessThan(1e-14);
    expect(Math.abs(out[0]![1]! - Math.exp(-10))).toBeLessThan(1e-12);
    expect(report.steps).toBeLessThan(10_000 / 4);
    expect(report.rejected).toBeLessThan(report.steps / 10);
  });
  test('a start at 0 and repeated times are nothing special', () => {
    const { out } = run((_, dy) => void (dy[0] = 1), [0], [0, 0, 2, 2]);
    expect(out.map(([v]) => v)).toEqual([0, 0, 2, 2]);
  });
});
