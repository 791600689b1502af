// Oracle: the definitions of the scales, read at their ends, in the middle and at their ticks.
import { describe, expect, it } from 'vitest';
import { closeLogAxis, countAxis, linearAxis, logAxis, signedLogAxis, type Axis } from '../src/page/axes.js';
import { number } from '../src/page/format.js';
import { plain, textWidth } from '../src/page/markup.js';

const labels = ({ ticks }: Axis): string[] => ticks.map(({ label }) => plain(label));

describe('logarithmic axes', () => {
  it('cover whole decades, with powers of ten as labels', () => {
    const axis = logAxis(0.002, 3, 100, 0);
    expect([axis.map(0.001), axis.map(10)]).toEqual([100, 0]);
    expect(axis.map(0.1)).toBeCloseTo(50, 10);
    expect(labels(axis)).toEqual(['10^−3', '10^−2', '10^−1', '10^0', '10^1']);
  });
  it('hold what lies outside at their ends', () => {
    const axis = logAxis(1, 100, 0, 10);
    expect([axis.map(0), axis.map(-5), axis.map(1e300)]).toEqual([0, 0, 10]);
  });
  it('leave decades out where there are many, and reach the ends of the doubles', () => {
    const axis = logAxis(5e-324, 1.7e308, 0, 600);
    expect(axis.ticks.length).toBeLessThanOrEqual(9);
    expect(axis.ticks.every(({ at }) => at >= 0 && at <= 600)).toBe(true);
    expect(axis.map(1)).toBeCloseTo((600 * 307) / 615, 6);
  });
  it('of one value have a decade', () => {
    const axis = logAxis(1, 1, 0, 10);
    expect([axis.map(0.1), axis.map(1)]).toEqual([0, 10]);
  });
  it('may end where their data end, with ticks inside alone', () => {
    const axis = closeLogAxis(0.03, 7, 0, 100);
    expect([axis.map(0.03), axis.map(7)]).toEqual([0, 100]);
    expect(labels(axis)).toEqual(['0.03', '0.1', '0.3', '1', '3']);
    expect(labels(closeLogAxis(1, 8, 0, 100))).toEqual(['1', '2', '5']);
  });
});

describe('linear axes', () => {
  it('hold what lies outside at their ends, and give one value a middle', () => {
    expect(linearAxis(0, 1, 0, 10, 4, number).map(7)).toBe(10);
    expect(linearAxis(3, 3, 0, 10, 4, number).map(3)).toBe(5);
  });
  it('of counts have whole ticks alone', () => {
    expect(labels(countAxis(0, 2, 0, 100))).toEqual(['0', '1', '2']);
    expect(labels(countAxis(0, 10_000, 0, 100, 2))).toEqual(['0', '5\u202F000', '10\u202F000']);
  });
});

describe('signed logarithmic axes', () => {
  const axis = signedLogAxis(-10, 10, 1e-3, 0, 640);
  it('are symmetric in sign and clear of collisions', () => {
    expect(axis.map(0)).toBeCloseTo(320, 9);
    expect(axis.map(1) + axis.map(-1)).toBeCloseTo(640, 9);
    for (let i = 1; i < axis.ticks.length; i++) {
      const [a, b] = [axis.ticks[i - 1], axis.ticks[i]];
      expect(b.at - a.at).toBeGreaterThan((textWidth(a.label, 12) + textWidth(b.label, 12)) / 2);
    }
    expect(labels(axis)).toContain('−10^1');
    expect(labels(axis)).toContain('0');
  });
  it('are linear near zero and logarithmic far from it', () => {
    const near = [1e-5, 2e-5, 3e-5].map(axis.map);
    expect(near[2] - near[1]).toBeCloseTo(near[1] - near[0], 2);
    const far = [0.1, 1, 10].map(axis.map);
    expect(Math.abs(far[2] - far[1] - (far[1] - far[0]))).toBeLessThan(0.5);
    expect(Math.abs(axis.map(0.02) - axis.map(0.01) - (axis.map(0.03) - axis.map(0.02)))).toBeGreaterThan(5);
  });
  it('need no negative side, and no range', () => {
    expect(signedLogAxis(0, 10, 0.25, 0, 100).map(0)).toBe(0);
    expect(signedLogAxis(0, 0, 1, 0, 100).map(0)).toBe(50);
    expect(signedLogAxis(-1.7e308, 1.7e308, 1e-300, 0, 100).map(0)).toBeCloseTo(50, 9);
  });
});
