import { describe, expect, it } from 'vitest';
import { confidenceTerm, gapOfLogits, gapOfLosses, marginError, rampLoss } from '../../src/index.js';
import { logDifference, logProduct, logSum } from '../../src/bounds/logs.js';
import { resolveMargin } from '../../src/bounds/marginTemplate.js';

describe('the ramp of the margin', () => {
  it('is 1 at and below the shift, 0 from shift + γ on, linear between', () => {
    const at = (M: number, shift = 0): number => rampLoss([M], 2, shift);
    expect([-3, 0, 0.5, 1, 2, 9].map((M) => at(M))).toEqual([1, 1, 0.75, 0.5, 0, 0]);
    expect([1, 1.5, 2, 3].map((M) => at(M, 1))).toEqual([1, 0.75, 0.5, 0]);
    expect(rampLoss(Float64Array.of(14, 4, 1, -2), 2)).toBe(0.375);
  });
  it('knows huge and tiny margins, and counts NaN as an error', () => {
    expect(rampLoss([1e150, -1e150], 1e-150)).toBe(0.5);
    expect(rampLoss([1e-150], 1e150)).toBe(1);
    expect(rampLoss([NaN, 1], 1)).toBe(0.5);
    expect(rampLoss([Infinity, -Infinity], 1)).toBe(0.5);
  });
  it('refuses no margins and margins that are not positive', () => {
    expect(() => rampLoss([], 1)).toThrow(/at least one example/);
    expect(() => rampLoss([1], 0)).toThrow(/margin must be finite and > 0, got margin=0/);
  });
});

describe('the margin error', () => {
  it('counts margins at and below γ, and those that are no numbers', () => {
    expect([0, 1, 2, 14].map((margin) => marginError(Float64Array.of(14, 4, 1, -2), margin))).toEqual([
      0.25, 0.5, 0.5, 1,
    ]);
    expect(marginError([NaN, 3], 1)).toBe(0.5);
  });
  it('is at most the ramp loss at the margin, and at least that at nothing', () => {
    const margins = [-1, 0.3, 0.9, 2, 7];
    for (const margin of [0.5, 1, 3]) {
      expect(marginError(margins, 0)).toBeLessThanOrEqual(rampLoss(margins, margin));
      expect(rampLoss(margins, margin)).toBeLessThanOrEqual(marginError(margins, margin));
    }
  });
  it('refuses no margins and negative ones', () => {
    expect(() => marginError([], 1)).toThrow(/at least one example/);
    expect(() => marginError([1], -1)).toThrow(/margin must be finite and >= 0, got margin=-1/);
  });
});

describe('the gap', () => {
  it('adds 4κ/γ of the complexity of one logit, or twice that of the losses', () => {
    const [complexity, confidence] = gapOfLogits(Math.log(0.01), {
      classes: 10,
      margin: 5,
      count: 1000,
      logDelta: Math.log(0.05),
    });
    expect(Math.exp(complexity?.log ?? NaN)).toBeCloseTo(0.08, 14);
    expect(Math.exp(confidence?.log ?? NaN)).toBeCloseTo(3 * Math.sqrt(Math.log(40) / 2000), 14);
    expect(Math.exp(gapOfLosses(Math.log(0.1), { count: 9, logDelta: Math.log(0.5) })[0]?.log ?? NaN)).toBeCloseTo(
      0.2,
      14,
    );
    expect(Math.exp(confidenceTerm(4, Math.log(0.1)).log)).toBeCloseTo(1.835810123, 9);
  });
  it('divides delta by the product of the unions', () => {
    const union = [
      { of: 'margins', members: 5 },
      { of: "layers' norms", members: 4 },
    ];
    expect(resolveMargin('f', { margin: 1, delta: 0.1, union }).logShare).toBeCloseTo(Math.log(0.005), 13);
    expect(resolveMargin('f', { margin: 1 })).toMatchObject({ delta: 0.05, union: [] });
    const deep = Array.from({ length: 400 }, () => ({ of: "layers' norms", members: 1000 }));
    expect(resolveMargin('f', { margin: 1, delta: 0.1, union: deep }).logShare).toBeCloseTo(-1201 * Math.LN10, 9);
    expect(() => resolveMargin('f', { margin: 1, union: [{ of: 'margins', members: 0 }] })).toThrow(
      /union over margins/,
    );
    expect(() => resolveMargin('f', { margin: 1, delta: 1 })).toThrow(/f: delta must be in \(0, 1\), got delta=1/);
  });
});

describe('sums and products in logarithms', () => {
  it('know zero, overflow and NaN', () => {
    expect(logSum([])).toBe(-Infinity);
    expect(logSum([-Infinity, -Infinity])).toBe(-Infinity);
    expect(logSum([Math.log(3), -Infinity, Math.log(4)])).toBeCloseTo(Math.log(7), 15);
    expect(logSum([1e4, 1e4])).toBeCloseTo(1e4 + Math.LN2, 10);
    expect(logSum([Infinity, 3])).toBe(Infinity);
    expect(logSum([NaN, 3])).toBeNaN();
    expect(logProduct([1e300, 1e300, 1e300])).toBeCloseTo(900 * Math.LN10, 9);
    expect(logProduct([1e300, 0, 1e300])).toBe(-Infinity);
    expect(logProduct([Infinity, 0])).toBe(-Infinity);
    expect(logProduct([2, NaN])).toBeNaN();
    expect(logDifference(Math.log(7), Math.log(4))).toBeCloseTo(Math.log(3), 14);
    expect(logDifference(2, 2)).toBe(-Infinity);
    expect(logDifference(2, -Infinity)).toBe(2);
  });
});
