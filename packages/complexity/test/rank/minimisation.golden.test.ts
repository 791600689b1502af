// Oracle: the formulas in Python's math module, float64; the identities that link them.
import {
  decayDistance,
  type DecayingDescent,
  decayRank,
  deepRankLimit,
  gradientRank,
  harmonicMean,
} from '@hyperribbon/complexity';
import { describe, expect, it } from 'vitest';

const near = (value: number, expected: number, tolerance = 1e-12): boolean =>
  Math.abs(value - expected) <= tolerance * Math.abs(expected);

describe('the rank that weight decay leads to', () => {
  it.each<[DecayingDescent, number, number, number, number]>([
    [{ learningRate: 0.1, decay: 5e-4, batchSize: 8 }, 1e-3, 76006, 608048, 608072.1967633666],
    [{ learningRate: 0.05, decay: 0.02, batchSize: 16, positions: 49 }, 1e-2, 2647, 2075248, 2076940.4076868305],
    [{ learningRate: 0.4, decay: 0.9, batchSize: 3 }, 0.5, 2, 6, 5.77622650466621],
  ])('%j, ε = %f', (descent, tolerance, steps, rank, closedFormula) => {
    const found = decayRank(descent, tolerance);
    expect([found.steps, found.rank, found.tolerance]).toEqual([steps, rank, tolerance]);
    expect(near(found.closedFormula, closedFormula)).toBe(true);
    expect(near(found.closedFormula, closedFormula * (1 + 1e-11))).toBe(false);
    // its steps are the first after which what is left is ε/2, and its rank what so many gradients can have
    expect(decayDistance(descent, steps, 1, 1)).toBeLessThanOrEqual(tolerance / 2);
    expect(decayDistance(descent, steps - 1, 1, 1)).toBeGreaterThan(tolerance / 2);
    expect(rank).toBe(steps * gradientRank(descent.batchSize, descent.positions));
  });

  it('has ε = 1e-3 unless it is given', () => {
    const descent = { learningRate: 0.1, decay: 5e-4, batchSize: 8 };
    expect(decayRank(descent)).toEqual(decayRank(descent, 1e-3));
  });

  it('is approached at the rate at which old weights decay', () => {
    expect(near(decayDistance({ learningRate: 0.1, decay: 5e-4, batchSize: 8 }, 1000, 3, 3), 0.9048328935585562)).toBe(
      true,
    );
    expect(near(decayDistance({ learningRate: 0.05, decay: 0.02, batchSize: 1 }, 300, 2.5, 1.75), 0.0700520651)).toBe(
      false,
    );
    expect(
      near(decayDistance({ learningRate: 0.05, decay: 0.02, batchSize: 1 }, 300, 2.5, 1.75), 0.7835457263338483),
    ).toBe(true);
    expect(decayDistance({ learningRate: 0.05, decay: 0.02, batchSize: 1 }, 0, 2, 2)).toBe(1);
  });

  it('falls with smaller batches, larger learning rates and more decay', () => {
    const rank = (learningRate: number, decay: number, batchSize: number): number =>
      decayRank({ learningRate, decay, batchSize }).rank;
    expect(rank(0.1, 1e-3, 8)).toBe(2 * rank(0.1, 1e-3, 4));
    expect(rank(0.2, 1e-3, 8)).toBeLessThan(rank(0.1, 1e-3, 8) / 1.99);
    expect(rank(0.1, 2e-3, 8)).toBe(rank(0.2, 1e-3, 8));
  });

  it('does not lose digits where the decay is tiny', () => {
    const { steps, closedFormula } = decayRank({ learningRate: 1e-6, decay: 1e-10, batchSize: 1 });
    expect(near(steps, closedFormula, 1e-12)).toBe(true);
  });

  it('is refused where nothing decays, or all of it at once', () => {
    const descent = { learningRate: 0.1, decay: 5e-4, batchSize: 8 };
    expect(() => decayRank({ ...descent, decay: 0 })).toThrow(/^decayRank: decay must be finite and > 0/);
    expect(() => decayRank({ ...descent, decay: 5 })).toThrow(
      /learningRate · decay must be in \(0, 0.5\), got 0.5; lower/,
    );
    expect(() => decayRank({ ...descent, positions: 0.5 })).toThrow(/positions must be an integer/);
    expect(() => decayRank({ ...descent, weightDecay: 1 } as never)).toThrow(/there is no option weightDecay/);
    expect(() => decayRank(descent, 0)).toThrow(/tolerance must be in \(0, 1\)/);
    expect(() => decayDistance(descent, -1, 1, 1)).toThrow(/steps must be an integer >= 0/);
    expect(() => decayDistance(descent, 1, 1, 0)).toThrow(/norm must be finite and > 0/);
    expect(() => gradientRank(0)).toThrow(/batchSize must be an integer >= 1/);
  });
});

describe('the ranks of deep networks of least norm', () => {
  it('are limited as the theorems say', () => {
    expect(near(deepRankLimit({ bound: 2, depth: 2, deeper: 10 }, 'fit'), 1.148698354997035)).toBe(true);
    expect(near(deepRankLimit({ bound: 5, depth: 3, deeper: 8 }, 'margin'), 2.408584496064443)).toBe(true);
    expect(near(deepRankLimit({ bound: 2, depth: 2, deeper: 10 }, 'margin'), 1.148698354997035)).toBe(false);
    expect(deepRankLimit({ bound: 7, depth: 2, deeper: 1e9 }, 'fit') - 1).toBeLessThan(4e-9);
    expect(deepRankLimit({ bound: 7, depth: 2, deeper: 1e9 }, 'margin') - Math.SQRT2).toBeLessThan(6e-9);
  });

  it('are told by the harmonic mean', () => {
    expect(harmonicMean([1, 2])).toBe(4 / 3);
    expect(harmonicMean(Float64Array.of(3))).toBe(3);
    expect(() => harmonicMean([])).toThrow(/^harmonicMean: values must not be empty/);
    expect(() => harmonicMean([1, 0])).toThrow(/values must be > 0, got 0 at 1; leave out layers of zeros/);
    expect(() => deepRankLimit({ bound: 2, depth: 2, deeper: 2 }, 'fit')).toThrow(/deeper must be an integer >= 3/);
    expect(() => deepRankLimit({ bound: 2, depth: 2, deeper: 3 }, 'both' as never)).toThrow(
      /problem must be one of 'fit', 'margin'/,
    );
  });
});
