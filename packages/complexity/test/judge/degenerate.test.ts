import { describe, expect, it } from 'vitest';
import {
  conditionalInformation,
  gapRegression,
  granulatedKendall,
  judgeMeasures,
  kendallTau,
  signErrors,
} from '../../src/judge.js';

const settings = [{ width: 1 }, { width: 2 }, { width: 3 }];

describe('tables that are none', () => {
  it.each([
    ['one network', () => kendallTau([1], [1]), /kendallTau: a must hold at least two numbers, got 1/],
    ['lists of other lengths', () => kendallTau([1, 2], [1, 2, 3]), /kendallTau: b/],
    ['NaN', () => kendallTau([1, NaN], [1, 2]), /a\[1\] must be a number, got NaN: leave the network out/],
    [
      'infinite gaps',
      () => granulatedKendall({ settings, measure: [1, 2, 3], gaps: [1, 2, Infinity] }),
      /gaps\[2\] must be finite, got Infinity/,
    ],
    [
      'settings that differ in their names',
      () => signErrors({ settings: [{ width: 1 }, { depth: 1 }], measure: [1, 2], gaps: [1, 2] }),
      /settings\[1\] and settings\[0\] must have the same names, only one has "depth"/,
    ],
    [
      'an axis that is not there',
      () => granulatedKendall({ settings, measure: [1, 2, 3], gaps: [1, 2, 3] }, { axes: ['depth'] }),
      /axes: no setting is called "depth"; there are width/,
    ],
    [
      'an infinite measure on a line',
      () => gapRegression({ settings, measure: [1, 2, -Infinity], gaps: [1, 2, 3] }),
      /measure\[2\] must be finite/,
    ],
  ])('%s', (_, call, words) => {
    expect(call).toThrow(words);
  });

  it('a measure with one value, or none', async () => {
    const judged = judgeMeasures({ settings, gaps: [1, 2, 3], measures: { a: [NaN, NaN, 1] } });
    await expect(judged).rejects.toThrow(/measures\.a must have at least two values, got 1/);
  });
});

describe('judgements that there are none of', () => {
  it('are NaN where all gaps are equal, or nothing differs in one setting alone', () => {
    const equal = { settings, measure: [1, 2, 3], gaps: [0.1, 0.1, 0.1] };
    expect(conditionalInformation(equal)).toMatchObject({ value: NaN, skipped: 2 });
    expect(kendallTau(equal.measure, equal.gaps)).toBe(0);
    expect(signErrors(equal).mean).toBeNaN();
    expect(gapRegression(equal).rSquared).toBeNaN();
    const apart = { settings: [1, 2].map((i) => ({ a: i, b: i })), measure: [1, 2], gaps: [1, 2] };
    expect(granulatedKendall(apart)).toEqual({
      value: NaN,
      axes: ['a', 'b'].map((axis) => ({ axis, value: NaN, cells: 0, alone: 2 })),
    });
  });

  it('leave networks without a value out, and count them', async () => {
    const gaps = [0.1, 0.2, 0.3];
    const [judged] = await judgeMeasures({ settings, gaps, measures: { a: [1, NaN, 3] } }, { draws: 0 });
    expect(judged.networks).toBe(2);
    expect(judged.tau).toEqual({ value: 1, low: NaN, high: NaN });
  });

  it('know no options that there are not', async () => {
    const runs = { settings, measure: [1, 2, 3], gaps: [1, 2, 3] };
    const strange = { resamples: 200 } as object;
    for (const call of [granulatedKendall, conditionalInformation, signErrors, gapRegression])
      expect(() => call(runs, strange)).toThrow(/there is no option resamples/);
    expect(() => kendallTau([1, 2], [1, 2], strange)).toThrow(/there is no option resamples/);
    const judged = judgeMeasures({ settings, gaps: [1, 2, 3], measures: {} }, strange);
    await expect(judged).rejects.toThrow(/there is no option resamples/);
  });

  it('come to an end when asked to', async () => {
    const measures = { a: [1, 2, 3] };
    const judged = judgeMeasures({ settings, gaps: [1, 2, 3], measures }, { signal: AbortSignal.abort() });
    await expect(judged).rejects.toThrow(/judgeMeasures/);
  });
});

describe('a line from measure to gap', () => {
  it('has its errors where the setting has them', () => {
    const table = [1, 2, 3, 4].map((width) => ({ width, odd: width % 2 }));
    const { slope, intercept, rSquared, worst, environments } = gapRegression({
      settings: table,
      measure: [1, 2, 3, 4],
      gaps: [0.1, 0.2, 0.3, 0.4],
    });
    expect(rSquared).toBeCloseTo(1, 12);
    expect(intercept).toBeCloseTo(0.25, 12);
    expect(slope).toBeCloseTo(0.1 * Math.sqrt(1.25), 12);
    expect(worst).toBeLessThan(1e-30);
    expect(environments).toHaveLength(6);
  });
});
