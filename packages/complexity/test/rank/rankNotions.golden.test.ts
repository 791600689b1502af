// Oracle: the definitions in numpy 1.x, float64 (numpy.linalg.svd for the matrix, matrix_rank for the default rank), printed to 17 digits; closed forms.
import { rankNotions, numericalRank } from '@hyperribbon/complexity';
import { svd } from '@hyperribbon/lanczos/svd';
import { describe, expect, it } from 'vitest';

const names = ['stable', 'stableRoot', 'effective', 'effectiveSquared', 'participation', 'nuclear'] as const;
const near = (value: number, expected: number): boolean => Math.abs(value - expected) <= 1e-12 * Math.abs(expected);

// prettier-ignore
const golden: readonly (readonly [readonly number[], readonly number[], numerical: number, usual: number])[] = [
  [[5, 1], [1.04, 1.0198039027185568, 1.5691925832141966, 1.1770645027988982, 1.0798722044728435, 1.3846153846153846], 2, 2],
  [[1, 0.5, 2e-3, 5e-4], [1.25000425, 1.11803588940606, 1.9128547924539576, 1.6494595595000288, 1.4705982352888856, 1.8059988596038774], 3, 4],
  [[7.25, 3.5, 3.5, 1.125, 0.03125, 1e-15], [1.4902088287752675, 1.2207410981757219, 3.427255115069075, 2.4963360767833587, 2.0020759126094556, 3.0301961126556876], 5, 5],
];

describe('the notions of rank of a list of singular values', () => {
  it.each(golden)('%j: are those of their definitions', (values, expected, numerical, usual) => {
    const notions = rankNotions(values, { columns: 7 });
    names.forEach((name, i) => {
      expect(near(notions[name], expected[i]), name).toBe(true);
      expect(near(notions[name], expected[i] * (1 + 1e-11)), `${name}, moved by ten tolerances`).toBe(false);
    });
    expect([notions.numerical, notions.default, notions.tolerance]).toEqual([numerical, usual, 1e-3]);
    expect(numericalRank(values)).toBe(numerical);
  });

  it('of a matrix of rank 4 with 5 rows: its default rank is what numpy finds', () => {
    const rows = Array.from({ length: 5 }, (_, i) =>
      Array.from({ length: 9 }, (_, j) => ((i * i + 3 * j + i * j) % 7) - 3),
    );
    rows[4] = rows[0].map((x, j) => x + rows[1][j]);
    const notions = rankNotions(svd(Float64Array.from(rows.flat()), 5, 9).values, { rows: 5, columns: 9 });
    const expected = [
      1.5822983521179508, 1.2578944121499034, 3.5578705162325006, 2.6949266560768623, 2.1632261349837436,
      3.217972902180435,
    ];
    names.forEach((name, i) => expect(near(notions[name], expected[i]), name).toBe(true));
    expect([notions.numerical, notions.default]).toEqual([4, 4]);
  });

  it('the default rank asks for the longer side of the matrix', () => {
    const values = [1, 1e-13];
    expect([rankNotions(values).default, rankNotions(values, { rows: 1000 }).default]).toEqual([2, 1]);
    expect(rankNotions(values, { columns: 1000 }).default).toBe(1);
  });

  it('the tolerance of the numerical rank is 1e-3 unless it is given, and values at it do not count', () => {
    expect([1e-4, 1e-3, 0.6].map((tolerance) => rankNotions([1, 0.5, 1e-3], { tolerance }).numerical)).toEqual([
      3, 2, 1,
    ]);
  });
});

describe('degenerate matrices', () => {
  it('have rank 0 by every notion where they are zero or have no rows', () => {
    for (const values of [[], [0], [0, 0, 0]])
      for (const name of [...names, 'numerical', 'default'] as const) expect(rankNotions(values)[name]).toBe(0);
    expect(numericalRank([0, 0])).toBe(0);
  });

  it('have rank 1 with one value and rank n with n equal ones', () => {
    for (const [values, rank] of [
      [[3e-7], 1],
      [[4, 0, 0], 1],
      [new Float32Array(17).fill(0.3), 17],
    ] as const)
      for (const name of [...names.filter((name) => name !== 'stableRoot'), 'numerical', 'default'] as const)
        expect(Math.abs(rankNotions(values)[name] - rank)).toBeLessThan(1e-13 * rank);
    expect(rankNotions([2, 2, 2, 2]).stableRoot).toBe(2);
  });

  it('may be huge or tiny, and their values in any order', () => {
    const whole = rankNotions([0.25, 2, 1]);
    for (const scale of [2 ** 600, 2 ** -600]) expect(rankNotions([2 * scale, scale, scale / 4])).toEqual(whole);
  });

  it('are refused where a value is no singular value', () => {
    expect(() => rankNotions([1, NaN])).toThrow(
      /^rankNotions: singularValues must be finite, got singularValues\[1\]=NaN/,
    );
    expect(() => rankNotions([Infinity])).toThrow(/must be finite/);
    expect(() => numericalRank([1, -2])).toThrow(
      /^numericalRank: singularValues must be ≥ 0, got -2 at 1; of eigenvalues/,
    );
    expect(() => rankNotions([1], { tolerance: 1 })).toThrow(/tolerance must be in \(0, 1\), got tolerance=1/);
    expect(() => rankNotions([1, 1], { rows: 1 })).toThrow(/rows must be an integer >= 2/);
    expect(() => rankNotions([1], { tol: 1 } as never)).toThrow(/there is no option tol/);
  });
});
