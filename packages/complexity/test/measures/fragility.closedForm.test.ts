// Oracle: one-way analysis of variance by hand and in scipy (f_oneway: F = between/within mean squares).
import { type AuditedRun, fragilityAudit } from '@hyperribbon/complexity';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';

const run = (configuration: string, logValue: number, change?: string): AuditedRun => ({
  configuration,
  ...(change !== undefined && { change }),
  measures: [{ name: 'params', logValue, reported: Math.exp(logValue / 2) }],
});

describe('how fragile a measure is', () => {
  it('is the spread of repeats over that of configurations, groups of unequal size', () => {
    const [row] = fragilityAudit([
      run('a', 1),
      run('a', 2, 'seed'),
      run('a', 6, 'batch order'),
      run('b', 10),
      run('b', 12, 'seed'),
      run('c', 20),
      run('c', 21, 'seed'),
      run('c', 22, 'seed'),
      run('c', 25, 'last epochs'),
    ]);
    // within: (14 + 2 + 14)/6; between: Σ n (ȳ − 119/9)²/2 = 535.5556/2 …, n₀ = (9 − 29/9)/2
    const within = 30 / 6;
    const grand = 119 / 9;
    const between = (3 * (3 - grand) ** 2 + 2 * (11 - grand) ** 2 + 4 * (22 - grand) ** 2) / 2;
    expect(row.within).toBeCloseTo(Math.sqrt(within), 12);
    expect(row.between).toBeCloseTo(Math.sqrt((between - within) / ((9 - 29 / 9) / 2)), 12);
    expect(row.ratio).toBeCloseTo(row.within / row.between, 12);
    expect([row.runs, row.undefinedRuns, row.configurations, row.flips]).toEqual([9, 0, 3, 0]);
    // seeds: {1, 2}, {10, 12}, {20, 21, 22}
    expect(row.byChange.seed).toBeCloseTo(Math.sqrt((0.5 + 2 + 2) / 4), 12);
    expect(row.byChange['batch order']).toBeCloseTo(Math.sqrt(12.5), 12);
    expect(row.byChange['last epochs']).toBeCloseTo(Math.sqrt(12.5), 12);
  });

  it('counts how often two runs stand in another order than their configurations', () => {
    // means 2 and 3: of the pairs (1, 2) (1, 4) (3, 2) (3, 4) one is turned round
    const [row] = fragilityAudit([run('a', 1), run('a', 3), run('b', 2), run('b', 4)]);
    expect(row.flips).toBe(0.25);
    const [tied] = fragilityAudit([run('a', 1), run('a', 1), run('b', 1), run('b', 1)]);
    expect([tied.flips, tied.ratio, tied.within, tied.between]).toEqual([0.5, Infinity, 0, 0]);
  });

  it('of values that come from one distribution does not tell configurations apart', () => {
    const values = stream({ seed: 1, purpose: 'test' }).normal(new Float64Array(400));
    const [row] = fragilityAudit([...values].map((value, i) => run(`c${i % 100}`, value)));
    expect(row.ratio).toBeGreaterThan(2);
    const [apart] = fragilityAudit([...values].map((value, i) => run(`c${i % 100}`, 0.01 * value + (i % 100))));
    expect(apart.ratio).toBeLessThan(0.001);
    expect(apart.flips).toBe(0);
  });

  it('can be asked of what is reported', () => {
    const runs = [run('a', 0), run('a', 2), run('b', 4), run('b', 6)];
    const [logs] = fragilityAudit(runs);
    const [reported] = fragilityAudit(runs, { of: 'reported' });
    expect(logs.within).toBeCloseTo(Math.SQRT2, 12);
    expect(reported.within).toBeCloseTo(Math.sqrt(((Math.E - 1) ** 2 + (Math.E ** 3 - Math.E ** 2) ** 2) / 4), 12);
  });
});

describe('runs without a value', () => {
  it('are counted and left out', () => {
    const broken: AuditedRun = {
      configuration: 'a',
      measures: [{ name: 'params', logValue: NaN, reported: NaN, undefinedBecause: 'no margin' }],
    };
    const [row] = fragilityAudit([
      run('a', 1),
      run('a', 2),
      broken,
      run('b', -Infinity),
      run('b', 5),
      { configuration: 'c', measures: [] },
    ]);
    expect([row.runs, row.undefinedRuns, row.configurations]).toEqual([3, 3, 2]);
    expect(row.within).toBeCloseTo(Math.SQRT1_2, 12);
  });

  it('leave nothing to compare where there is one configuration, or no repeat', () => {
    const [alone] = fragilityAudit([run('a', 1), run('a', 2)]);
    expect(alone.undefinedBecause).toBe('there are values of 1 configurations, and no spread between fewer than 2');
    expect([alone.within, alone.ratio]).toEqual([Math.SQRT1_2, NaN]);
    const [once] = fragilityAudit([run('a', 1), run('b', 2)]);
    expect(once.undefinedBecause).toBe('no configuration has two values: there is nothing repeated');
    expect([once.within, once.between]).toEqual([NaN, NaN]);
  });

  it('and what cannot be is refused', () => {
    expect(() => fragilityAudit([])).toThrow(/runs must hold at least one run/);
    const twice = { configuration: 'a', measures: [...run('a', 1).measures, ...run('a', 2).measures] };
    expect(() => fragilityAudit([twice])).toThrow(/a run of a has the measure params twice/);
    expect(() => fragilityAudit([run('a', 1)], { of: 'value' as never })).toThrow(/of must be one of/);
  });
});
