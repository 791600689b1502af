// Oracle: numpy.percentile (linear) and torch.kthvalue on 0.1, 0.2, …, 2.5.
import { lowMargin, normMeasures, percentile } from '@hyperribbon/complexity';
import { describe, expect, it } from 'vitest';
import { g0Network, g0Norms } from '../g0.js';

const ramp = Float64Array.from({ length: 25 }, (_, i) => (i + 1) / 10).toReversed();

describe('the margin of a sample', () => {
  it('is the ⌊m/10⌋-th smallest, or a percentile that is interpolated', () => {
    expect(lowMargin(ramp)).toEqual({ margin: 0.2 });
    expect(lowMargin(ramp, 'percentile-10').margin).toBeCloseTo(0.34, 14);
    expect(lowMargin(ramp, 'percentile-5').margin).toBeCloseTo(0.22, 14);
    expect(ramp[0]).toBe(2.5);
  });

  it('changes its place where a tenth becomes a whole number', () => {
    const first = (count: number): number => lowMargin(Float64Array.from({ length: count }, (_, i) => i)).margin;
    expect([10, 19, 20, 29, 30, 100].map(first)).toEqual([0, 0, 1, 1, 2, 9]);
  });

  it('is not defined for fewer than 10 examples, where percentiles are', () => {
    for (const count of [1, 4, 9]) {
      const margins = new Float64Array(count).fill(3);
      expect(lowMargin(margins)).toEqual({
        margin: NaN,
        undefinedBecause: `a tenth of ${count} examples is none: take at least 10, or the rule percentile-10`,
      });
      expect(lowMargin(margins, 'percentile-10').margin).toBe(3);
    }
    const few = normMeasures(g0Network, g0Norms);
    for (const { name, logValue, reported, undefinedBecause } of few) {
      const divides = name.includes('margin') || name.includes('main') || name === 'spec-init' || name === 'spec-orig';
      expect(undefinedBecause !== undefined, name).toBe(divides);
      expect([Number.isNaN(logValue), Number.isNaN(reported)], name).toEqual([divides, divides]);
    }
  });

  it('is not defined of no margins, of NaN, and of one class', () => {
    expect(lowMargin([]).undefinedBecause).toBe('there are no margins');
    expect(lowMargin(new Float64Array(20).fill(1).fill(NaN, 3, 4)).undefinedBecause).toBe('a margin is not a number');
    expect(lowMargin(new Float64Array(20).fill(Infinity)).undefinedBecause).toMatch(/of one class there is none/);
  });

  it('counts by its absolute value where it is negative, and says so', () => {
    const margins = Float64Array.from({ length: 20 }, (_, i) => i - 5);
    const [negative, positive] = [margins, Float64Array.from({ length: 20 }, (_, i) => i + 3)].map((given) =>
      normMeasures(g0Network, { ...g0Norms, margins: given }).find(({ name }) => name === 'inverse-margin'),
    );
    expect(negative!.logValue).toBe(positive!.logValue);
    expect(negative!.caveats).toEqual([
      'the margin is negative (-4): the sources take its absolute value, which hides it',
    ]);
    expect(positive!.caveats).toEqual([]);
  });

  it('cannot be divided by where it is 0', () => {
    const measures = normMeasures(g0Network, { ...g0Norms, margins: new Float64Array(10) });
    expect(measures.find(({ name }) => name === 'inverse-margin')!.undefinedBecause).toBe(
      'the margin is 0, which cannot be divided by',
    );
  });

  it('takes a percentile at its ends, of one number, and no q beyond them', () => {
    expect([0, 100].map((q) => percentile([3, 1, 2], q))).toEqual([1, 3]);
    expect(percentile([7], 40)).toBe(7);
    expect(() => percentile([1], 101)).toThrow(/percentile: q must be in \[0, 100\]/);
    expect(() => percentile([], 10)).toThrow(/must hold at least one number/);
  });
});
