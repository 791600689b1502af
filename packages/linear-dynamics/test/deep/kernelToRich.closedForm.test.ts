// Oracles: gradient flow of the weights themselves, first-order optimality, and the two norms at the ends.
import { diagonalNetFlow, kernelToRich, kernelToRichPenalty } from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';
import { extrapolate } from './extrapolate.js';
import { flat, gap, gaussian, mul, norm2, normals, T, type M } from './matrices.js';

const [d, n] = [8, 4];
const X = gaussian(2, n, d, 0.35);
const truth = Array.from({ length: d }, (_, i) => (i === 1 ? 1 : i === 5 ? -0.7 : 0));
const y = X.map((row) => row.reduce((s, v, j) => s + v * truth[j]!, 0));
const problem = { inputs: flat(X), targets: y };
const residual = (beta: ArrayLike<number>): number[] =>
  X.map((row, i) => row.reduce((s, v, j) => s + v * beta[j]!, 0) - y[i]!);

/** both weight vectors under the loss ‖X(w₊^D − w₋^D) − y‖² */
function weightField(D: number): (w: readonly number[]) => number[] {
  return (w) => {
    const r = residual(Array.from({ length: d }, (_, j) => w[j]! ** D - w[d + j]! ** D));
    const g = Array.from({ length: d }, (_, j) => 2 * X.reduce((s, row, i) => s + row[j]! * r[i]!, 0));
    return [...g.map((v, j) => -D * w[j]! ** (D - 1) * v), ...g.map((v, j) => D * w[d + j]! ** (D - 1) * v)];
  };
}

describe.each([2, 3, 4])('depth %i', (depth) => {
  test('the flow in residual integrals is the flow of the weights', () => {
    const times = [0, 0.05, 0.2, 1];
    for (const alpha of [0.3, 0.9]) {
      const shape = Array.from({ length: d }, (_, j) => 1 + j / 10);
      const flow = diagonalNetFlow(problem, { alpha, depth, shape }, { times });
      const start = shape.map((s) => alpha * s);
      const reference = extrapolate(weightField(depth), [...start, ...start], times).flatMap((w) =>
        Array.from({ length: d }, (_, j) => w[j]! ** depth - w[d + j]! ** depth),
      );
      expect(flow.converged).toBe(true);
      expect(gap(flow.maps, reference)).toBeLessThan(1e-10);
      expect(
        gap(
          flow.losses,
          times.map((_, i) => norm2(residual(flow.maps.subarray(d * i, d * i + d))) ** 2),
        ),
      ).toBeLessThan(1e-12);
    }
  });

  test('gives back what it reached when the signal is raised', () => {
    const stopped = diagonalNetFlow(problem, { alpha: 1, depth }, { times: [0, 25], signal: AbortSignal.abort() });
    expect(stopped).toMatchObject({ reason: 'aborted', converged: false, steps: 0, times: Float64Array.of(0) });
    expect(stopped.maps.length).toBe(d);
  });

  test('ends at the interpolating map of least penalty', () => {
    for (const alpha of [1, 0.7]) {
      const limit = kernelToRich(problem, { alpha, depth });
      expect(limit).toMatchObject({ converged: true, reason: 'interpolates' });
      const flow = diagonalNetFlow(problem, { alpha, depth }, { times: [25] });
      expect(gap(flow.maps, limit.map)).toBeLessThan(1e-8);
      // negative control: another alpha has another limit
      expect(gap(kernelToRich(problem, { alpha: alpha / 3, depth }).map, limit.map)).toBeGreaterThan(1e-3);
    }
  });

  test('no map that also interpolates has a smaller penalty, and the penalty is flat along them', () => {
    const net = { alpha: 0.4, depth, shape: Array.from({ length: d }, (_, j) => 1 + j / 7) };
    const { map, penalty } = kernelToRich(problem, net);
    expect(kernelToRichPenalty(map, net)).toBe(penalty);
    for (let seed = 10; seed < 20; seed++) {
      const direction = outOfRows(normals(seed, d));
      const at = (h: number): number =>
        kernelToRichPenalty(
          map.map((b, j) => b + h * direction[j]!),
          net,
        );
      expect(at(0.1)).toBeGreaterThan(penalty);
      expect(at(-0.1)).toBeGreaterThan(penalty);
      expect(Math.abs(at(1e-5) - at(-1e-5)) / 2e-5).toBeLessThan(1e-7);
    }
  });
});

describe('the ends of the scale', () => {
  const l2 = leastNorm();
  test('α → ∞ is the least ℓ2 norm, at a rate of α^(−2D)', () => {
    for (const depth of [2, 3, 5]) {
      const off = [4, 8].map((alpha) => gap(kernelToRich(problem, { alpha, depth }).map, l2));
      expect(off[1]!).toBeLessThan(off[0]! / (0.8 * 2 ** (2 * depth)) + 1e-14);
      expect(gap(kernelToRich(problem, { alpha: 1e4, depth }).map, l2)).toBeLessThan(1e-13);
    }
  });
  test('α → 0 is the least ℓ1 norm: the excess falls like 1/ln(1/α) for D = 2 and faster for D = 3', () => {
    const least = Math.min(...basicSolutions().map((b) => b.reduce((s, v) => s + Math.abs(v), 0)));
    const excess = (alpha: number, depth: number): number =>
      kernelToRich(problem, { alpha, depth }).map.reduce((s, v) => s + Math.abs(v), 0) - least;
    for (const depth of [2, 3]) {
      const row = [1, 0.3, 0.1, 0.03, 0.01].map((alpha) => excess(alpha, depth));
      row.forEach((e, i) => expect(e).toBeLessThan(i === 0 ? Infinity : row[i - 1]!));
      expect(row[4]!).toBeGreaterThan(-1e-10);
    }
    expect(excess(1e-3, 3)).toBeLessThan(1e-4);
    // D = 2: like 1/ln(1/α)
    const slow = [1e-3, 1e-6].map((alpha) => excess(alpha, 2) * Math.log(1 / alpha));
    expect(slow[1]! / slow[0]!).toBeGreaterThan(0.6);
    expect(slow[1]! / slow[0]!).toBeLessThan(1);
  });
  test('the penalty is z²/4 for small and |z| (ln |z| − 1) + 2 for large arguments', () => {
    expect(kernelToRichPenalty([1e-4], { alpha: 1 }) / 0.25e-8).toBeCloseTo(1, 8);
    expect(kernelToRichPenalty([1e6], { alpha: 1 }) - 1e6 * (Math.log(1e6) - 1)).toBeCloseTo(2, 5);
    expect(kernelToRichPenalty([2], { alpha: 1 })).toBeCloseTo(2 - Math.sqrt(8) + 2 * Math.asinh(1), 14);
    expect(kernelToRichPenalty([0, -0], { alpha: 0.2, depth: 4 })).toBe(0);
  });
  test('its derivative inverts h_D, for every depth (finite differences)', () => {
    for (const depth of [2, 3, 4, 7]) {
      for (const b of [-30, -0.5, 0.01, 1, 40]) {
        const h = 1e-4 * Math.abs(b);
        const slope =
          (kernelToRichPenalty([b + h], { alpha: 1, depth }) - kernelToRichPenalty([b - h], { alpha: 1, depth })) /
          (2 * h);
        const p = -depth / (depth - 2);
        const back = depth === 2 ? 2 * Math.sinh(slope) : (1 - slope) ** p - (1 + slope) ** p;
        expect(Math.abs(back / b - 1)).toBeLessThan(1e-6);
      }
    }
  });
});

test('contradictory targets give the least-squares map of least penalty, and say so', () => {
  const doubled = {
    inputs: [...flat(X.slice(0, 1)), ...flat(X.slice(0, 1)), ...flat(X.slice(1, 2))],
    targets: [1, 3, 0.5],
  };
  const report = kernelToRich(doubled, { alpha: 0.3 });
  expect(report).toMatchObject({ converged: true, reason: 'least-squares' });
  const mean = kernelToRich({ inputs: flat(X.slice(0, 2)), targets: [2, 0.5] }, { alpha: 0.3 });
  expect(gap(report.map, mean.map)).toBeLessThan(1e-10);
  expect(report.residual).toBeCloseTo(1, 10);
});

test('targets of zero are interpolated by zero', () => {
  expect([...kernelToRich({ inputs: [1, 2], targets: [0] }, { alpha: 0.1 }).map]).toEqual([0, 0]);
});

/** the part of v orthogonal to the rows of X */
function outOfRows(v: Float64Array): number[] {
  const c = solve(
    mul(X, T(X)),
    X.map((row) => [row.reduce((s, x, j) => s + x * v[j]!, 0)]),
  );
  return Array.from(v, (x, j) => x - X.reduce((s, row, i) => s + row[j]! * c[i]![0]!, 0));
}

function leastNorm(): number[] {
  const c = solve(
    mul(X, T(X)),
    y.map((v) => [v]),
  );
  return Array.from({ length: d }, (_, j) => X.reduce((s, row, i) => s + row[j]! * c[i]![0]!, 0));
}

/** All solutions on n of the d columns: a least ℓ1 norm is attained at one of them. */
function basicSolutions(): number[][] {
  const out: number[][] = [];
  for (let mask = 0; mask < 1 << d; mask++) {
    const columns = Array.from({ length: d }, (_, j) => j).filter((j) => (mask >> j) & 1);
    if (columns.length !== n) continue;
    const c = solve(
      X.map((row) => columns.map((j) => row[j]!)),
      y.map((v) => [v]),
    );
    const b = Array.from({ length: d }, () => 0);
    columns.forEach((j, k) => (b[j] = c[k]![0]!));
    out.push(b);
  }
  return out;
}

function solve(A: M, B: M): M {
  const w = A.map((row, i) => [...row, ...B[i]!]);
  const size = A.length;
  for (let k = 0; k < size; k++) {
    let p = k;
    for (let i = k; i < size; i++) if (Math.abs(w[i]![k]!) > Math.abs(w[p]![k]!)) p = i;
    [w[p], w[k]] = [w[k]!, w[p]!];
    for (let i = 0; i < size; i++) {
      if (i === k) continue;
      const f = w[i]![k]! / w[k]![k]!;
      for (let j = k; j < w[i]!.length; j++) w[i]![j]! -= f * w[k]![j]!;
    }
  }
  return w.map((row, i) => row.slice(size).map((v) => v / row[i]!));
}
