// Oracles: the exact flow of two layers, and an extrapolation method on the factors of a network with a bottleneck.
import {
  balancedNet,
  deepLinearNet,
  endToEnd,
  endToEndFlow,
  gradientFlow,
  lambdaBalancedFlow,
  lambdaBalancedNet,
  squareLoss,
} from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';
import { extrapolate } from './extrapolate.js';
import { chain, factorField, flat, gap, gaussian, mul, normals, scaled, split, sub } from './matrices.js';

const target = [1, 0.2, 0.1, 0.8];
const loss = squareLoss({ inputs: 2, outputs: 2, inputOutput: target });
const rankOne = [0.3, 0.1, 0.6, 0.2];

describe('the end-to-end flow keeps the rank of its start', () => {
  test('two layers: the exact flow, to its saddle and for ever', () => {
    const times = [1, 10, 30, 1000];
    const flow = endToEndFlow(rankOne, { loss, depth: 2, times });
    const exact = lambdaBalancedFlow(balancedNet(rankOne, { widths: [2, 2, 2] }), { inputOutput: target, times });
    expect(flow).toMatchObject({ converged: true, reason: 'reached-end', rank: 1 });
    expect(gap(flow.endToEnd, exact.endToEnd)).toBeLessThan(5e-12);
    // negative control: the target itself, where a flow that gains a rank ends
    expect(gap(flow.endToEnd.subarray(12), target)).toBeGreaterThan(0.3);
  });

  test.each([
    { depth: 2, outputs: 3, inputs: 2, rank: 1 },
    { depth: 3, outputs: 3, inputs: 4, rank: 2 },
    { depth: 4, outputs: 4, inputs: 3, rank: 1 },
  ])('a start of rank $rank, $outputs × $inputs, depth $depth: the factors of a bottleneck', (shape) => {
    const { depth, outputs, inputs, rank } = shape;
    const W = mul(gaussian(depth, outputs, rank, 0.4), gaussian(depth + 9, rank, inputs));
    const S = gaussian(depth + 20, outputs, inputs);
    const widths = [inputs, ...Array.from({ length: depth - 1 }, () => rank), outputs];
    const factors = balancedNet(flat(W), { widths }).weights.flatMap((w) => [...w]);
    const times = [1, 4];
    const reference = extrapolate(
      factorField(widths, (w) => sub(w, S)),
      factors,
      times,
    ).flatMap((y) => [...flat(chain(split(widths, y)))]);
    const options = { loss: squareLoss({ inputs, outputs, inputOutput: flat(S) }), depth, times };
    const flow = endToEndFlow(flat(W), options);
    expect(flow).toMatchObject({ converged: true, rank });
    expect(gap(flow.endToEnd, reference)).toBeLessThan(1e-9);
    expect(endToEndFlow(flat(W), { ...options, rank }).endToEnd).toEqual(flow.endToEnd);
    // negative control: other factors of the same map are not the same flow
    const lopsided = deepLinearNet(
      widths,
      split(widths, factors).map((w, j) => flat(scaled(w, j === 0 ? 2 : j === 1 ? 0.5 : 1))),
    );
    expect(gap(endToEnd(lopsided), flat(W))).toBeLessThan(1e-14);
    expect(gap(gradientFlow(lopsided, options).endToEnd, reference)).toBeGreaterThan(1e-3);
  });

  test('a rank that is given drops what is rounding and refuses what is not', () => {
    const near = rankOne.map((w, i) => w + (i === 3 ? 1e-12 : 0));
    const options = { loss, depth: 2, times: [30] };
    expect(endToEndFlow(near, options).rank).toBe(2);
    const held = endToEndFlow(near, { ...options, rank: 1 });
    expect(held.rank).toBe(1);
    expect(gap(held.endToEnd, endToEndFlow(rankOne, options).endToEnd)).toBeLessThan(1e-11);
    expect(() => endToEndFlow([1, 0, 0, 1], { ...options, rank: 1 })).toThrow(
      'endToEndFlow: map must have rank <= 1, got rank 2; no network with such a bottleneck computes it',
    );
    expect(() => endToEndFlow(rankOne, { ...options, depth: 1, rank: 1 })).toThrow('rank must be left out for depth 1');
    expect(() => endToEndFlow(rankOne, { ...options, rank: 0 })).toThrow('rank');
  });

  test('one layer keeps no rank, and a map of zeros stays for more layers', () => {
    const one = endToEndFlow(rankOne, { loss, depth: 1, times: [2] });
    expect(one.rank).toBe(2);
    const e = Math.exp(-2);
    expect(
      gap(
        one.endToEnd,
        target.map((s, i) => s + (rankOne[i]! - s) * e),
      ),
    ).toBeLessThan(1e-12);
    const zero = endToEndFlow([0, 0, 0, 0], { loss, depth: 3, times: [100] });
    expect([zero.rank, ...zero.endToEnd]).toEqual([0, 0, 0, 0, 0]);
  });

  test.each([1e-100, 1e-8, 1e8, 1e100])('rank and flow scale with the unit of the map: %s', (unit) => {
    const times = [1, 30];
    const plain = endToEndFlow(rankOne, { loss, depth: 2, times });
    const flow = endToEndFlow(
      rankOne.map((w) => unit * w),
      {
        loss: squareLoss({ inputs: 2, outputs: 2, inputOutput: target.map((s) => unit * s) }),
        depth: 2,
        times: times.map((t) => t / unit),
      },
    );
    expect(flow).toMatchObject({ converged: true, rank: 1 });
    expect(
      gap(
        flow.endToEnd.map((w) => w / unit),
        plain.endToEnd,
      ),
    ).toBeLessThan(1e-11);
  });
});

describe('the share of rounding', () => {
  const error = (a: Float64Array, b: Float64Array, i: number): number =>
    gap(a.subarray(4 * i, 4 * i + 4), b.subarray(4 * i, 4 * i + 4));
  const times = [1, 10, 20, 30, 40, 50, 60, 100];
  const mirrored = {
    inputOutput: [2, 0.5, 0.3, 1],
    net: lambdaBalancedNet([-0.1, 0.02, 0.03, 0.1], { widths: [2, 2, 2], lambda: 0 }),
  };
  test.each([
    ['rank-deficient layers', target, balancedNet(rankOne, { widths: [2, 2, 2] })],
    ['opposite determinants', mirrored.inputOutput, mirrored.net],
  ])('tells of a saddle that only rounding leaves: %s', (_, inputOutput, net) => {
    const flow = gradientFlow(net, { loss: squareLoss({ inputs: 2, outputs: 2, inputOutput }), times });
    const exact = lambdaBalancedFlow(net, { inputOutput, times });
    expect(flow).toMatchObject({ converged: false, reason: 'chosen-by-rounding', time: 100 });
    expect(flow.balanceDrift).toBeLessThan(1e-14);
    // it left, and all that was wrong by more than integration errors had been told
    expect(error(flow.endToEnd, exact.endToEnd, 7)).toBeGreaterThan(0.3);
    times.forEach((_, i) =>
      expect(error(flow.endToEnd, exact.endToEnd, i)).toBeLessThan(1e-10 + 10 * flow.roundingShares[i]!),
    );
    expect(flow.roundingShares[0]).toBeLessThan(1e-14);
    expect([...flow.roundingShares]).toEqual([...flow.roundingShares].sort((a, b) => a - b));
  });

  test('stays small where the flow goes its way, near saddles of small starts as well', () => {
    for (const scale of [1, 1e-2, 1e-4]) {
      const net = lambdaBalancedNet(
        [0.3, 0.1, 0.1, 0.2].map((w) => scale * w),
        { widths: [2, 2, 2], lambda: 0 },
      );
      const flow = gradientFlow(net, { loss, times: [100] });
      expect(flow).toMatchObject({ converged: true, reason: 'reached-end' });
      expect(gap(flow.endToEnd, target)).toBeLessThan(1e-12);
      expect(flow.roundingShares[0]).toBeLessThan(1e-13 / Math.sqrt(scale));
      expect(flow.roundingShares[0]).toBeGreaterThan(1e-16);
    }
  });

  test('exact zeros are not rounded: a diagonal network stays at its saddle, and nothing is claimed', () => {
    const diagonal = deepLinearNet([2, 2, 2], [Float64Array.of(0.5, 0, 0, 0), Float64Array.of(0.5, 0, 0, 0)]);
    const flow = gradientFlow(diagonal, {
      loss: squareLoss({ inputs: 2, outputs: 2, inputOutput: [2, 0, 0, 1] }),
      times: [200],
    });
    expect(flow.converged).toBe(true);
    expect(gap(flow.endToEnd, [2, 0, 0, 0])).toBeLessThan(1e-14);
  });

  test('a start that differs by it ends elsewhere, one that does not ends at the same place', () => {
    const moved = (net: { weights: readonly Float64Array[] }) =>
      deepLinearNet(
        [2, 2, 2],
        net.weights.map((w, j) => w.map((v, i) => v + 1e-15 * normals(7 + j, 4)[i]!)),
      );
    const run = (net: ReturnType<typeof deepLinearNet>) => gradientFlow(net, { loss, times: [35] });
    const [saddle, ordinary] = [
      balancedNet(rankOne, { widths: [2, 2, 2] }),
      balancedNet([0.3, 0, 0.1, 0.2], { widths: [2, 2, 2] }),
    ];
    expect(gap(run(saddle).states[0]!.weights[0]!, run(moved(saddle)).states[0]!.weights[0]!)).toBeGreaterThan(1e-9);
    expect(gap(run(ordinary).endToEnd, run(moved(ordinary)).endToEnd)).toBeLessThan(1e-13);
  });
});
