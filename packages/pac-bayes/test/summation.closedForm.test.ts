import { meanOf, squaredDistance } from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';

describe('sums that enter a bound', () => {
  it('squaredDistance keeps what a plain sum loses, and is never below the exact value', () => {
    // 1 and 10⁷ terms of 1e-16: a plain sum stays at 1
    const a = new Float64Array(1e6 + 1).fill(1e-8);
    a[0] = 1;
    const exact = 1 + 1e6 * 1e-16;
    let plain = 0;
    for (const x of a) plain += x * x;
    const value = squaredDistance(a, new Float64Array(a.length));
    expect(plain).toBe(1);
    expect(value).toBeGreaterThanOrEqual(exact);
    expect(value - exact).toBeLessThan(2e-15);
    expect(squaredDistance([], [])).toBe(0);
    expect(squaredDistance(Float32Array.of(3, 4), [0, 0])).toBeCloseTo(25, 13);
    expect(() => squaredDistance([1], [])).toThrow(/^squaredDistance: b/u);
    expect(squaredDistance([1e200], [0])).toBe(Infinity);
  });

  it('meanOf is exact to a rounding whatever the order of its terms', () => {
    const values = [1e16, 1, -1e16, 3];
    expect(meanOf(values)).toBe(1);
    expect(meanOf([])).toBeNaN();
    expect(meanOf([0.25])).toBe(0.25);
    expect(meanOf([Infinity, 1])).toBe(Infinity);
  });
});
