// Oracle: fields whose lines of equal value are known.
import { describe, expect, it } from 'vitest';
import { contours } from '../src/sections/lossPlane/contours.js';
import { logLevels } from '../src/sections/lossPlane/levels.js';

describe('lines of equal value', () => {
  const gridOf = (columns: number, rows: number, of: (column: number, row: number) => number | null) => ({
    columns,
    rows,
    values: Array.from({ length: columns * rows }, (_, i) => of(i % columns, Math.floor(i / columns))),
  });

  it('of a linear field lie on it everywhere, from edge to edge', () => {
    const [line, ...more] = contours(
      gridOf(8, 6, (x, y) => 2 * x + 3 * y),
      10.5,
    );
    expect(more).toHaveLength(0);
    for (const [x, y] of line) expect(Math.abs(2 * x + 3 * y - 10.5)).toBeLessThan(1e-12);
    const ends = [line[0], line[line.length - 1]];
    for (const [x, y] of ends) expect([0, 7].includes(x) || [0, 5].includes(y)).toBe(true);
  });

  it('of a bowl are one closed line around its floor', () => {
    const [line, ...more] = contours(
      gridOf(41, 41, (x, y) => (x - 20) ** 2 + (y - 20) ** 2),
      100.3,
    );
    expect(more).toHaveLength(0);
    expect(line[0]).toEqual(line[line.length - 1]);
    // a chord of a parabola over one square is off by at most 1/4 in value, 1/80 in radius
    for (const [x, y] of line) expect(Math.abs(Math.hypot(x - 20, y - 20) - Math.sqrt(100.3))).toBeLessThan(0.0126);
    const area = line.reduce((sum, [x, y], i) => {
      const [a, b] = line[(i + 1) % line.length];
      return sum + (x * b - a * y) / 2;
    }, 0);
    expect(Math.abs(Math.abs(area) / (Math.PI * 100.3) - 1)).toBeLessThan(5e-3);
  });

  it('at a saddle are split by the mean of the corners', () => {
    const saddle = (high: number): readonly (readonly (readonly [number, number])[])[] =>
      contours({ columns: 2, rows: 2, values: [high, 0, 0, high] }, 0.9);
    // mean 1 is above: the high corners hang together, each low one is cut off
    const around = (lines: ReturnType<typeof saddle>, [cx, cy]: readonly [number, number]): boolean =>
      lines.some((line) => line.every(([x, y]) => Math.abs(x - cx) + Math.abs(y - cy) < 1));
    expect(saddle(2)).toHaveLength(2);
    expect(around(saddle(2), [1, 0])).toBe(true);
    expect(around(saddle(2), [0, 0])).toBe(false);
    // mean 0.6 is below
    expect(around(saddle(1.2), [0, 0])).toBe(true);
    expect(around(saddle(1.2), [1, 0])).toBe(false);
  });

  it('are the same of a field turned upside down, and end at holes', () => {
    const field = (x: number, y: number): number => Math.sin(x * 0.9) + Math.cos(y * 1.3);
    const count = (lines: ReturnType<typeof contours>): number => lines.reduce((sum, line) => sum + line.length, 0);
    expect(count(contours(gridOf(20, 20, field), 0.3))).toBe(
      count(
        contours(
          gridOf(20, 20, (x, y) => -field(x, y)),
          -0.3,
        ),
      ),
    );
    const holed = contours(
      gridOf(9, 9, (x, y) => (x === 4 && y === 4 ? null : y)),
      4.5,
    );
    expect(holed).toHaveLength(2);
    expect(
      contours(
        gridOf(1, 1, () => 1),
        1,
      ),
    ).toEqual([]);
    expect(
      contours(
        gridOf(3, 3, () => 1),
        2,
      ),
    ).toEqual([]);
  });

  it('are at levels inside the range, ascending, few enough to be told apart', () => {
    for (const [low, high] of [
      [0.01, 10],
      [1, 1.0001],
      [1e-300, 1e300],
      [0.3, 4],
      [5e-324, 1.7e308],
    ]) {
      const levels = logLevels(low, high);
      expect(levels.length).toBeGreaterThan(3);
      expect(levels.length).toBeLessThan(20);
      levels.forEach((level, i) =>
        expect(level > low && level < high && (i === 0 || level > levels[i - 1])).toBe(true),
      );
    }
    expect(logLevels(0, 1)).toEqual([]);
    expect(logLevels(2, 2)).toEqual([]);
  });
});
