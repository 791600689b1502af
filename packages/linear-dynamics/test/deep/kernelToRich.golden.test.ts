// Oracle: the dual problem at 320 digits, see golden/DEEP.md.
import { kernelToRich, kernelToRichPenalty } from '@hyperribbon/linear-dynamics';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gap } from './matrices.js';

interface Golden {
  readonly problems: Record<string, { inputs: number[]; targets: number[]; shape?: number[] }>;
  readonly rows: readonly { problem: string; depth: number; alpha: number; map: number[] }[];
}
const { problems, rows } = JSON.parse(readFileSync(new URL('../golden/rich.json', import.meta.url), 'utf8')) as Golden;

describe.each(Object.keys(problems))('%s', (name) => {
  const { inputs, targets, shape } = problems[name]!;
  const largest = Math.max(...targets.map(Math.abs));
  const all = rows.filter((row) => row.problem === name);
  test.each([...new Set(all.map(({ depth }) => depth))])(
    'depth %i, alpha from 1e-10 up: the limit, to rounding',
    (depth) => {
      const mine = all.filter((row) => row.depth === depth);
      expect(mine[0]!.alpha).toBe(1e-10);
      for (const { alpha, map } of mine) {
        const net = { alpha, depth, ...(shape === undefined ? {} : { shape }) };
        const report = kernelToRich({ inputs, targets }, net);
        const size = Math.max(...map.map(Math.abs));
        expect(report).toMatchObject({ converged: true, reason: 'interpolates' });
        expect(report.residual).toBeLessThan(4e-16 * largest * inputs.length);
        expect(gap(report.map, map)).toBeLessThan(3e-15 * size);
        expect(report.penalty).toBe(kernelToRichPenalty(report.map, net));
      }
      // negative control: the limits differ from one alpha to the next wherever there is a choice
      const [first, last] = [mine[0]!.map, mine.at(-1)!.map];
      if (name !== 'equal columns' && last !== first) expect(gap(first, last)).toBeGreaterThan(1e-11);
    },
  );
});

test('weights keep their own digits, however small beside the largest', () => {
  const golden = rows.find((row) => row.problem === 'one row' && row.depth === 10 && row.alpha === 1e-10)!.map;
  expect(Math.min(...golden.map(Math.abs))).toBeLessThan(1e-90);
  const { map } = kernelToRich(problems['one row'] as never, { alpha: 1e-10, depth: 10, shape: [1, 2, 0.5] });
  golden.forEach((b, i) => expect(Math.abs(map[i]! / b - 1)).toBeLessThan(1e-12));
});

test.each([1e-100, 1e-8, 1e8, 1e100])('targets in another unit: %s', (unit) => {
  // β → c β with α^D → c α^D
  const { inputs, targets } = problems['integers']!;
  for (const depth of [2, 5]) {
    const plain = kernelToRich({ inputs, targets }, { alpha: 0.1, depth });
    const alpha = 0.1 * unit ** (1 / depth);
    const moved = kernelToRich({ inputs, targets: targets.map((y) => unit * y) }, { alpha, depth });
    expect(
      gap(
        moved.map.map((b) => b / unit),
        plain.map,
      ),
    ).toBeLessThan(1e-12);
    expect(moved.converged).toBe(true);
  }
});
