// Oracle: functions that are linear in ln ρ, which interpolation must give back, and grids counted by hand.
import { log } from '@hyperribbon/kernels';
import { flattestDecay, phaseDiagram, phaseGrid, phaseGridRow, phaseSurface } from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';

describe('the grid around a point', () => {
  test('is geometric between its ends, and its rows are those of the diagram', async () => {
    const grid = phaseGrid({ decay: 0.5, ratio: 2, steps: 100, points: 4 });
    expect([grid.decays[0], grid.ratios[0]]).toEqual([0.1, 0.1]);
    expect(Math.abs(grid.decays[3] - 4)).toBeLessThan(1e-14);
    expect(Math.abs(grid.ratios[3] - 1000)).toBeLessThan(1e-11);
    expect(Math.abs(grid.decays[1] ** 2 / (grid.decays[0] * grid.decays[2]) - 1)).toBeLessThan(1e-14);
    expect(grid.rows.map(({ decay }) => decay)).toEqual([...grid.decays]);
    for (const row of grid.rows) expect(row.ratios).toEqual(grid.ratios);
    const { decay, ratios, dimension } = grid.rows[3];
    const { explained3 } = await phaseDiagram({ decays: [decay], ratios, steps: [100], dimension, count: 3 });
    const whole = await phaseDiagram({ decays: [decay], ratios, steps: [100], count: 3 });
    explained3.forEach((share, i) => expect(Math.abs(share - whole.explained3[i])).toBeLessThan(1e-4));
  });

  test('reaches to points outside the usual ends, and leaves out ratios where decays are slow', () => {
    const grid = phaseGrid({ decay: 0.01, ratio: 1e-3, steps: 10, points: 7 });
    expect(grid.decays[0]).toBe(0.8 * 0.01);
    expect(grid.ratios[0]).toBe(1e-3 / 3);
    expect(grid.rows[0].ratios).toEqual(grid.ratios.filter((_, i) => i === 0 || i === 4 || i === 6));
    expect(grid.rows[6].ratios).toEqual(grid.ratios);
    const [slow, fast] = [grid.rows[0], grid.rows[6]];
    expect([slow.dimension, fast.dimension]).toEqual([Math.ceil((log(18) + 9) / slow.decay), 20]);
    expect(slow.work / slow.ratios.length).toBeGreaterThan(fast.work / fast.ratios.length);
    const far = phaseGrid({ decay: 9, ratio: 1e4, steps: 10, points: 2 });
    expect(Math.abs(far.decays[1] - 18) + Math.abs(far.ratios[1] / 3e4 - 1)).toBeLessThan(1e-13);
  });

  test('spectra of more than 2000 directions that matter are refused, not cut off', () => {
    const least = flattestDecay(100);
    expect(Math.abs(least - (log(200) + 9) / 2000)).toBeLessThan(1e-15);
    expect(phaseGridRow(least, Float64Array.of(1), 100).dimension).toBe(2000);
    expect(() => phaseGridRow(0.99 * least, Float64Array.of(1), 100)).toThrow('phaseGridRow: decay must be at least');
    expect(phaseGrid({ decay: 1e-6, ratio: 1, steps: 100, points: 2 }).decays[0]).toBe(flattestDecay(90));
  });

  test('has the ends that are asked for', () => {
    const ranges = { decays: { from: 0.5, to: 2 }, ratios: { from: 3, to: 4 } };
    const grid = phaseGrid({ decay: 9, ratio: 9, steps: 10, points: 3, ...ranges });
    expect(Array.from(grid.decays, (c) => Number(c.toFixed(12)))).toEqual([0.5, 1, 2]);
    expect([grid.ratios[0], grid.ratios[2]]).toEqual([3, 4]);
    for (const wrong of [
      { from: 2, to: 1 },
      { from: 1, to: 1 },
    ]) {
      expect(() => phaseGrid({ decay: 1, ratio: 1, steps: 10, points: 3, decays: wrong })).toThrow(
        'phaseGrid: decays must ascend',
      );
    }
    expect(() => phaseGrid({ decay: 1, ratio: 1, steps: 10, points: 3, ratios: { from: 0, to: 1 } })).toThrow(
      'ratios.from must be',
    );
  });

  test.each([
    ['decay', { decay: 0 }],
    ['ratio', { ratio: Infinity }],
    ['steps', { steps: 0 }],
    ['points', { points: 1 }],
  ] as const)('refuses a wrong %s', (name, wrong) => {
    expect(() => phaseGrid({ decay: 1, ratio: 1, steps: 10, points: 3, ...wrong })).toThrow(
      `phaseGrid: ${name} must be`,
    );
  });
});

describe('the surface over it', () => {
  const grid = phaseGrid({ decay: 0.01, ratio: 1, steps: 10, points: 9 });
  const linear = (ratio: number): number => 0.5 + 0.1 * log(ratio);

  test('gives back what is linear in ln ρ, and where it crosses a level', () => {
    const rows = grid.rows.map(({ ratios }) => ratios.map(linear));
    expect(rows[0].length).toBeLessThan(9);
    const { shares, crossings } = phaseSurface(grid, rows, 0.7);
    shares.forEach((share, i) => expect(Math.abs(share - linear(grid.ratios[i % 9]))).toBeLessThan(1e-14));
    for (const ratio of crossings) expect(Math.abs(linear(ratio) - 0.7)).toBeLessThan(1e-14);
    // negative control: another level is another ratio
    expect(Math.abs(phaseSurface(grid, rows, 0.71).crossings[0] - crossings[0])).toBeGreaterThan(0.1);
  });

  test('a row that is above the level at once, or never, does not cross', () => {
    const [high, low] = [0.99, 0.1].map((value) => grid.rows.map(({ ratios }) => ratios.map(() => value)));
    for (const rows of [high, low]) {
      expect(phaseSurface(grid, rows, 0.9).crossings.every(Number.isNaN)).toBe(true);
    }
    expect(phaseSurface(grid, high, 0.9).shares.every((share) => share === 0.99)).toBe(true);
  });

  test('refuses shares that do not fit', () => {
    expect(() => phaseSurface(grid, [], 0.9)).toThrow('shares must hold 9 rows, got 0');
    expect(() =>
      phaseSurface(
        grid,
        grid.rows.map(() => [1]),
        0.9,
      ),
    ).toThrow('shares[0] must have length 3, got 1');
    expect(() => phaseSurface(grid, [], 1)).toThrow('level must be in (0, 1), got level=1');
  });
});
