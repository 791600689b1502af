import { describe, expect, it } from 'vitest';
import {
  conditionalInformation,
  granulatedKendall,
  hoeffdingWeight,
  judgeMeasures,
  kendallTau,
  signErrors,
} from '../../src/judge.js';

/** A factorial of three values and two; numbers below by a separate numpy program of the definitions. */
const settings = [0, 1].flatMap((b) => [0, 1, 2].map((a) => ({ a, b })));
const gaps = [0.1, 0.15, 0.22, 0.08, 0.16, 0.12];
const measure = [1, 2, 3, 1.5, 0.5, 2.5];
const runs = { settings, measure, gaps };

describe('judgements of a small factorial', () => {
  it('gives the published kinds of τ', () => {
    expect(kendallTau(measure, gaps)).toBeCloseTo(0.2, 14);
    const { value, axes } = granulatedKendall(runs);
    expect(axes.map(({ axis, cells, alone }) => [axis, cells, alone])).toEqual([
      ['a', 2, 0],
      ['b', 3, 0],
    ]);
    expect(axes[0].value).toBeCloseTo(1 / 3, 14);
    expect(axes[1].value).toBeCloseTo(-1 / 3, 14);
    expect(value).toBeCloseTo(0, 14);
  });

  it('gives the normalised conditional information, the least of it, and what says nothing', () => {
    const found = conditionalInformation(runs);
    expect(found.conditions.map(({ given }) => given)).toEqual([[], ['a'], ['b']]);
    expect(found.skipped).toBe(1);
    const values = [0.029049405545331346, 0.4285714285714286, 0.22749311428573987];
    found.conditions.forEach(({ value }, i) => expect(value).toBeCloseTo(values[i], 12));
    expect(found.value).toBeCloseTo(values[0], 12);
    expect(found.given).toEqual([]);
  });

  it('reads conditions in two ways', () => {
    // pairs that share b: within b = 0 all three agree, within b = 1 one of three
    const shared = conditionalInformation(runs, { condition: 'shared', axes: ['b'], largest: 1 });
    const bits = (agree: number, pairs: number): number => {
      const plogp = (p: number): number => (p > 0 ? p * Math.log2(p) : 0);
      return 1 + plogp(agree / pairs) + plogp(1 - agree / pairs);
    };
    expect(shared.conditions[1].value).toBeCloseTo((bits(3, 3) + bits(1, 3)) / 2, 12);
    expect(conditionalInformation(runs, { axes: ['b'], largest: 1 }).conditions[1].value).not.toBeCloseTo(
      shared.conditions[1].value,
      3,
    );
  });

  it("gives Hoeffding's weight as the authors' code has it", () => {
    const weights = [0, 0.531921422608486, 0.9560576530633774, 0.9999850934428636];
    [0.01, 0.02, 0.03, 0.05].forEach((difference, i) => {
      expect(hoeffdingWeight(difference, 10_000)).toBeCloseTo(weights[i], 12);
      expect(hoeffdingWeight(-difference, 10_000)).toBeCloseTo(weights[i], 12);
    });
  });

  it('weights pairs and leaves environments with few of them out', () => {
    // three repeats of two widths: gaps .2 and .1 differ surely; the measure is wrong in 3 of 9 pairs
    const own = [32, 64].flatMap((width) => [1, 2, 3].map((seed) => ({ width, seed })));
    const table = { settings: own, gaps: [0.2, 0.2, 0.2, 0.1, 0.1, 0.1], measure: [3, 3, 0, 1, 1, 1] };
    const found = signErrors(table, { leastPairs: 8 });
    expect(found.environments).toHaveLength(1);
    expect(found.environments[0]).toMatchObject({ axis: 'width', from: 32, to: 64 });
    expect(found.mean).toBeCloseTo(1 / 3, 14);
    expect(found.environments[0].effectivePairs).toBeCloseTo(9, 12);
    const none = signErrors(table);
    expect(none.environments).toEqual([]);
    expect(none.dropped).toBe(1);
    expect(none.mean).toBeNaN();
  });

  it('leaves out pairs whose gaps may differ by noise alone', () => {
    // differences of .1 and of .018, whose weight is below a half
    const own = [32, 64].map((width) => ({ width, seed: 1 }));
    const sure = signErrors({ settings: own, gaps: [0.2, 0.1], measure: [1, 2] }, { leastPairs: 1 });
    expect(sure.mean).toBe(1);
    const unsure = signErrors({ settings: own, gaps: [0.2, 0.182], measure: [1, 2] }, { leastPairs: 1 });
    expect(unsure).toMatchObject({ mean: NaN, dropped: 1 });
  });

  it('judges several measures with intervals, alike for a seed', async () => {
    const seeds = [1, 2, 3, 4];
    const own = [16, 32, 64].flatMap((width) => [0, 1].flatMap((b) => seeds.map((seed) => ({ width, b, seed }))));
    const ofGaps = own.map(({ width, b, seed }) => 3 / width + 0.02 * b + 0.001 * seed);
    const measures = { right: ofGaps, wrong: ofGaps.map((gap) => -gap), width: own.map(({ width }) => width) };
    const [right, wrong, width] = await judgeMeasures(
      { settings: own, gaps: ofGaps, measures },
      { draws: 40, seed: 3 },
    );
    expect(right.tau.value).toBe(1);
    expect([right.tau.low, right.tau.high]).toEqual([1, 1]);
    expect(right.information.value).toBeCloseTo(1, 12);
    expect(right.signError.worst).toBe(0);
    expect(wrong.granulated.value).toBe(-1);
    expect(wrong.signError.value).toBe(1);
    expect(width.tau.low).toBeLessThanOrEqual(width.tau.value);
    expect(right.information.chance).toBeLessThan(0.5);
    const again = await judgeMeasures({ settings: own, gaps: ofGaps, measures }, { draws: 40, seed: 3 });
    expect(again).toEqual([right, wrong, width]);
  });
});
