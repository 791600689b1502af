import { describe, expect, it } from 'vitest';
import { type NormBound, bestMargin, defaultMargins, gridPoint, marginGrid } from '../../src/index.js';

describe('the grid of limits', () => {
  it('lies above the number, by at most its step, at every size', () => {
    for (const value of [5e-324, 1e-150, 0.3, 1, 1 + 2 ** -52, 5, Math.exp(0.3), 1e150]) {
      const limit = gridPoint(value, 0.1);
      expect(limit.value).toBeGreaterThanOrEqual(value);
      expect(Math.log(limit.value) - Math.log(value)).toBeLessThanOrEqual(0.1 + 1e-12);
    }
    expect(gridPoint(5, 0.1).value).toBeCloseTo(Math.exp(1.7), 12);
  });
  it('spends no more than all of δ', () => {
    // Σ over k of 1/(3 (j + 1)(j + 2)) telescopes to 2/3, and zero has 1/3
    let spent = 1 / gridPoint(0, 1).members;
    for (let k = -600; k <= 600; k++) spent += 1 / gridPoint(Math.exp(k - 1e-9), 1).members;
    expect(spent).toBeLessThanOrEqual(1);
    expect(spent).toBeGreaterThan(0.998);
  });
  it('passes on what is no number, and refuses a step of nothing', () => {
    expect(gridPoint(NaN, 0.1)).toEqual({ value: NaN, members: 1 });
    expect(gridPoint(Infinity, 0.1).value).toBe(Infinity);
    expect(() => gridPoint(1, 0)).toThrow(/step must be finite and > 0/);
  });
});

describe('margins', () => {
  it('are declared by factors of √2 unless others are', () => {
    const margins = defaultMargins();
    expect([margins.length, margins[0], margins[20], margins[50]]).toEqual([51, 2 ** -10, 1, 2 ** 15]);
    expect(margins[21]! / Math.SQRT2).toBeCloseTo(1, 14);
    expect([...marginGrid({ from: 3, to: 3 })]).toEqual([3]);
    expect(marginGrid({ from: 1, to: 8 }, 1)).toEqual(Float64Array.of(1, 2, 4, 8));
    expect(() => marginGrid({ from: 2, to: 1 })).toThrow(/to must be finite and at least from/);
  });
  const at = (empirical: number, gap: number, margin: number): NormBound =>
    ({ margin, empirical, logGap: Math.log(gap), vacuous: !(empirical + gap < 1) }) as NormBound;
  it('are chosen by the value where it is below 1', () => {
    const bounds = [at(0.1, 3, 1), at(0.3, 0.4, 2), at(0.6, 0.3, 4), at(1, 0.1, 8)];
    expect(bestMargin([0, 1, 2, 3], (i) => bounds[i]!).margin).toBe(2);
  });
  it('are chosen among those that leave half of the examples where every value is vacuous', () => {
    const bounds = [at(0.2, 30, 1), at(0.5, 20, 2), at(0.59, 10, 4), at(0.61, 5, 8), at(1, 1e-3, 16)];
    expect(bestMargin([0, 1, 2, 3, 4], (i) => bounds[i]!).margin).toBe(4);
    // no margin is positive: the ramp is 1 everywhere
    const lost = [at(1, 3, 1), at(1, 2, 2), at(1, NaN, 4)];
    expect(bestMargin([0, 1, 2], (i) => lost[i]!).margin).toBe(2);
    expect(() => bestMargin([], (i) => lost[i]!)).toThrow(/declare at least one/);
  });
});
