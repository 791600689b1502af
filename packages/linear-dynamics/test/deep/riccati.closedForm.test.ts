// Oracle: the flow of both layers integrated by an extrapolation method, and the four printed forms against each other.
import {
  braunFlow,
  deepLinearNet,
  lambdaBalancedFlow,
  lambdaBalancedLimit,
  lambdaBalancedNet,
  twoLayerNtk,
  type DeepLinearNet,
} from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';
import { extrapolate } from './extrapolate.js';
import {
  chain,
  det,
  factorField,
  flat,
  gap,
  gaussian,
  mul,
  normals,
  rowsOf,
  scaled,
  split,
  sub,
  T,
  type M,
} from './matrices.js';

const tau = 1.3;
const grid = Array.from({ length: 11 }, (_, i) => 0.8 * i);

/** QQᵀ along the integrated flow */
function integratedGrams(net: DeepLinearNet, Syx: M): Float64Array[] {
  const field = factorField(net.widths, (W) => scaled(sub(W, Syx), 1 / tau));
  return extrapolate(
    field,
    net.weights.flatMap((w) => [...w]),
    grid,
  ).map((y) => {
    const [W1, W2] = split(net.widths, y) as [M, M];
    const Q = [...T(W1), ...W2];
    return flat(mul(Q, T(Q)));
  });
}

/** a start whose product has the sign of determinant of the target */
function start(
  widths: readonly [number, number, number],
  lambda: number,
  scale: number,
  seed: number,
  Syx: M,
): DeepLinearNet {
  const map = gaussian(seed, widths[2], widths[0], scale);
  if (widths[0] === widths[2] && det(map) * det(Syx) < 0) map[0] = map[0]!.map((v) => -v);
  return lambdaBalancedNet(flat(map), { widths, lambda, seed });
}

const problems = [
  [4, 4, 4, 0, 0.3],
  [6, 3, 3, 0, 1],
  [3, 3, 6, 0, 0.05],
  [4, 4, 4, 2, 0.5],
  [5, 3, 3, -1.5, 0.5],
  [3, 3, 5, 0.7, 0.2],
  [4, 7, 3, 0, 0.4],
] as const;

describe('λ-balanced flow', () => {
  test.each(problems)('inputs %i, hidden %i, outputs %i, λ = %f, scale %f', (ni, nh, no, lambda, scale) => {
    const Syx = gaussian(21 + ni * nh, no, ni);
    const net = start([ni, nh, no], lambda, scale, 5, Syx);
    const options = { inputOutput: flat(Syx), learningTime: tau, times: grid };
    const reference = integratedGrams(net, Syx);
    const n = ni + no;
    for (const method of ['closed', 'semigroup'] as const) {
      const flow = lambdaBalancedFlow(net, { ...options, method });
      expect(flow.balanceResidual).toBeLessThan(1e-14 * Math.max(1, 10 * scale));
      expect(flow).toMatchObject({ learns: true, reason: 'target' });
      reference.forEach((gram, i) => {
        expect(gap(flow.gram.subarray(n * n * i, n * n * (i + 1)), gram)).toBeLessThan(1e-9);
      });
    }
    // the direct form is good as long as e^{2ft} is: compare on the first two times
    const direct = lambdaBalancedFlow(net, { ...options, times: grid.slice(0, 2), method: 'direct' });
    expect(gap(direct.gram.subarray(n * n), reference[1]!)).toBeLessThan(1e-9);
    // negative control: another λ-balance of the same product is another flow
    const other = lambdaBalancedFlow(start([ni, Math.min(nh, ni, no), no], lambda + 1, scale, 5, Syx), options);
    expect(gap(other.gram.subarray(n * n, 2 * n * n), reference[1]!)).toBeGreaterThan(1e-2);
  });

  test('bottlenecks end at the best map of their rank', () => {
    const Syx = gaussian(33, 4, 5);
    const net = lambdaBalancedNet(flat(mul(gaussian(34, 4, 2, 0.3), gaussian(35, 2, 5))), {
      widths: [5, 2, 4],
      lambda: 0,
    });
    const flow = lambdaBalancedFlow(net, { inputOutput: flat(Syx), learningTime: tau, times: grid });
    integratedGrams(net, Syx).forEach((gram, i) =>
      expect(gap(flow.gram.subarray(81 * i, 81 * i + 81), gram)).toBeLessThan(1e-9),
    );
    expect(flow).toMatchObject({ learns: false, reason: 'rank-limited' });
    const { singularValues } = svdOf(Syx);
    // Eckart and Young: what is missing are the smaller singular values
    const missing = sub(rowsOf(flow.limit, 4, 5), Syx)
      .flat()
      .reduce((s, v) => s + v * v, 0);
    expect(missing).toBeCloseTo(
      singularValues.slice(2).reduce((s, v) => s + v * v, 0),
      10,
    );
  });

  test('singular targets and rank-deficient starts are solved like any other', () => {
    const Syx = mul(gaussian(41, 3, 1), gaussian(42, 1, 4));
    const net = lambdaBalancedNet(flat(mul(gaussian(43, 3, 2), gaussian(44, 2, 4, 0.4))), {
      widths: [4, 3, 3],
      lambda: 0,
    });
    const flow = lambdaBalancedFlow(net, { inputOutput: flat(Syx), learningTime: tau, times: grid });
    integratedGrams(net, Syx).forEach((gram, i) =>
      expect(gap(flow.gram.subarray(49 * i, 49 * i + 49), gram)).toBeLessThan(1e-9),
    );
    expect(flow.learns).toBe(true);
    const zero = lambdaBalancedFlow(deepLinearNet([2, 2, 2], [new Float64Array(4), new Float64Array(4)]), {
      inputOutput: [1, 0, 0, 1],
      times: [5],
    });
    expect([...zero.endToEnd]).toEqual([0, 0, 0, 0]);
    expect(zero.learns).toBe(false);
  });

  test('late times neither overflow nor drift: W2 W1 = Σ_yx to 1e-12 at t = 4000, grams at their λ-limits', () => {
    for (const [ni, nh, no, lambda, scale] of problems) {
      if (nh > Math.min(ni, no)) continue;
      const Syx = gaussian(21 + ni * nh, no, ni);
      const net = start([ni, nh, no], lambda, scale, 5, Syx);
      const flow = lambdaBalancedFlow(net, { inputOutput: flat(Syx), learningTime: tau, times: [4000] });
      const limit = lambdaBalancedLimit({ inputs: ni, outputs: no, inputOutput: flat(Syx), lambda });
      expect(gap(flow.endToEnd, flat(Syx))).toBeLessThan(1e-12);
      expect(gap(flow.outputGram, limit.outputGram)).toBeLessThan(1e-12);
      expect(gap(flow.inputGram, limit.inputGram)).toBeLessThan(1e-12);
      expect(flow.limitResidual).toBeLessThan(1e-12);
    }
  });
});

describe('opposite determinant signs', () => {
  const Syx = gaussian(51, 4, 4);
  const map = gaussian(52, 4, 4, 0.6);
  if (det(map) * det(Syx) > 0) map[0] = map[0]!.map((v) => -v);
  const net = lambdaBalancedNet(flat(map), { widths: [4, 4, 4], lambda: 0 });
  const options = { inputOutput: flat(Syx), learningTime: tau };
  const smallest = svdOf(Syx).singularValues[3]!;

  test('are detected, and the exact flow goes to the saddle with the smallest singular value left', () => {
    const flow = lambdaBalancedFlow(net, { ...options, times: [40, 4000] });
    expect(flow).toMatchObject({ learns: false, reason: 'opposite-determinants' });
    for (const t of [0, 1]) {
      const rest = sub(rowsOf(flow.endToEnd, 4, 4, 16 * t), Syx);
      expect(Math.abs(Math.hypot(...rest.flat()) - smallest)).toBeLessThan(1e-10);
    }
  });
  test('follow the integrated flow until rounding would let a simulation go', () => {
    const flow = lambdaBalancedFlow(net, { ...options, times: grid });
    integratedGrams(net, Syx).forEach((gram, i) =>
      expect(gap(flow.gram.subarray(64 * i, 64 * i + 64), gram)).toBeLessThan(1e-8),
    );
  });
  test('leave the compact form without a value, and say so', () => {
    const report = braunFlow(net, { ...options, times: [1] });
    expect(report).toMatchObject({ converged: false, reason: 'opposite-determinants' });
    expect(report.condition).toBeGreaterThan(1e12);
    expect(report.gram[0]).toBeNaN();
  });
  test('a hair away from them the flow lingers at the saddle and then leaves, and the solution with it', () => {
    // λ = 1e-9 frees the sign: what was a saddle is left after a time of ln(1e9) over the rate
    const near = lambdaBalancedNet(flat(map), { widths: [4, 4, 4], lambda: 1e-9 });
    const times = [1, 10, 200, 1e5];
    const flow = lambdaBalancedFlow(near, { ...options, times });
    expect(flow.quality).toBeLessThan(1e-7);
    expect(flow.learns).toBe(true);
    const steps = lambdaBalancedFlow(near, { ...options, times: times.slice(0, 3), method: 'semigroup' });
    expect(gap(flow.endToEnd.subarray(0, 32), steps.endToEnd.subarray(0, 32))).toBeLessThan(1e-7);
    expect(Math.hypot(...sub(rowsOf(flow.endToEnd, 4, 4, 16), Syx).flat())).toBeGreaterThan(smallest / 2);
    expect(gap(flow.endToEnd.subarray(48), flat(Syx))).toBeLessThan(1e-9);
  });
  test('do not arise for λ ≠ 0, where the sign is free', () => {
    const skew = lambdaBalancedNet(flat(map), { widths: [4, 4, 4], lambda: 0.5 });
    const flow = lambdaBalancedFlow(skew, { ...options, times: [4000] });
    expect(flow.learns).toBe(true);
    expect(gap(flow.endToEnd, flat(Syx))).toBeLessThan(1e-12);
  });
});

describe('the compact form', () => {
  test.each([
    [5, 5],
    [4, 4],
    [6, 4],
    [4, 6],
  ])('agrees with the stable form for %i inputs and %i outputs', (ni, no) => {
    const Syx = gaussian(61 + ni, no, ni);
    const net = start([ni, Math.min(ni, no), no], 0, 0.6, 7, Syx);
    const options = { inputOutput: flat(Syx), learningTime: tau, times: grid };
    const compact = braunFlow(net, options);
    expect(compact.converged).toBe(true);
    expect(gap(compact.gram, lambdaBalancedFlow(net, options).gram)).toBeLessThan(1e-9);
  });
});

test('the neural tangent kernel is the Gram matrix of finite-difference Jacobians', () => {
  const net = deepLinearNet([3, 4, 2], [normals(71, 12), normals(72, 8)]);
  const data = gaussian(73, 5, 3);
  const outputsAt = (y: readonly number[]): number[] => mul(data, T(chain(split([3, 4, 2], y)))).flat();
  const y = net.weights.flatMap((w) => [...w]);
  const h = 0.5; // the outputs are linear in each weight: any step is exact
  const jacobian = y.map((_, i) => {
    const moved = (d: number): number[] => outputsAt(y.map((v, k) => (k === i ? v + d : v)));
    const minus = moved(-h);
    return moved(h).map((v, k) => (v - minus[k]!) / (2 * h));
  });
  const [W1, W2] = split([3, 4, 2], y) as [M, M];
  const kernel = twoLayerNtk({
    data: flat(data),
    samples: 5,
    inputs: 3,
    outputs: 2,
    inputGram: flat(mul(T(W1), W1)),
    outputGram: flat(mul(W2, T(W2))),
  });
  expect(gap(kernel, flat(mul(T(jacobian), jacobian)))).toBeLessThan(1e-12);
});

/** Singular values by the eigenvalues of AᵀA through Jacobi's method of the tests' own making. */
function svdOf(a: M): { readonly singularValues: number[] } {
  const g = mul(a, T(a));
  const n = g.length;
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(g[p]![q]!) < 1e-300) continue;
        const theta = 0.5 * Math.atan2(2 * g[p]![q]!, g[q]![q]! - g[p]![p]!);
        const [c, s] = [Math.cos(theta), Math.sin(theta)];
        for (let k = 0; k < n; k++)
          [g[p]![k], g[q]![k]] = [c * g[p]![k]! - s * g[q]![k]!, s * g[p]![k]! + c * g[q]![k]!];
        for (let k = 0; k < n; k++)
          [g[k]![p], g[k]![q]] = [c * g[k]![p]! - s * g[k]![q]!, s * g[k]![p]! + c * g[k]![q]!];
      }
    }
  }
  return { singularValues: g.map((row, i) => Math.sqrt(Math.max(row[i]!, 0))).sort((x, z) => z - x) };
}
