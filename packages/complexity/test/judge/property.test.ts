import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { conditionalInformation, granulatedKendall, kendallTau, signErrors } from '../../src/judge.js';

function bruteTau(a: readonly number[], b: readonly number[]): { tauA: number; tauB: number } {
  let [score, onlyA, onlyB, pairs] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < i; j++) {
      const [s, t] = [Math.sign(a[i] - a[j]), Math.sign(b[i] - b[j])];
      pairs++;
      score += s * t;
      onlyA += s * s;
      onlyB += t * t;
    }
  return { tauA: score / pairs, tauB: score / Math.sqrt(onlyA * onlyB) };
}

const draw = stream({ seed: 4, purpose: 'test', index: 0 });
const settings = [1, 2, 3].flatMap((seed) =>
  [1, 2, 3].flatMap((depth) => [16, 32].map((width) => ({ depth, width, seed }))),
);
const noise = (): number[] => Array.from(draw.normal(new Float64Array(settings.length)));

describe("Kendall's τ", () => {
  it('is that of all pairs, with ties and without', () => {
    for (let n = 2; n < 40; n++) {
      const a = Array.from({ length: n }, () => draw.integer(n < 20 ? 4 : 1000));
      const b = Array.from({ length: n }, () => draw.integer(n < 20 ? 4 : 1000));
      const { tauA, tauB } = bruteTau(a, b);
      expect(kendallTau(a, b)).toBeCloseTo(tauA, 13);
      const found = kendallTau(a, b, { ties: 'b' });
      if (Number.isNaN(tauB)) expect(found).toBeNaN();
      else expect(found).toBeCloseTo(tauB, 13);
    }
  });

  it('counts a list that is constant as no order, and infinities as values', () => {
    expect(kendallTau([1, 1, 1], [1, 2, 3])).toBe(0);
    expect(kendallTau([1, 1, 1], [1, 2, 3], { ties: 'b' })).toBeNaN();
    expect(kendallTau([-Infinity, 0, Infinity], [1, 2, 3])).toBe(1);
    expect(kendallTau([-Infinity, -Infinity], [1, 2])).toBe(0);
  });
});

describe('every judgement', () => {
  it('depends on the order of the measure alone', () => {
    const gaps = noise().map((z) => 0.05 * z);
    const measure = noise();
    const runs = { settings, gaps, measure };
    const turned = { settings, gaps, measure: measure.map((x) => x * x * x + 5) };
    const all = (own: typeof runs): unknown => [
      kendallTau(own.measure, own.gaps),
      granulatedKendall(own, { axes: ['depth', 'width'] }),
      conditionalInformation(own, { axes: ['depth', 'width'] }),
      signErrors(own, { leastPairs: 1 }),
    ];
    expect(all(turned)).toEqual(all(runs));
  });

  it('is best for the gap itself and worst for its opposite', () => {
    const gaps = noise().map((z) => 0.05 * z);
    const best = { settings, gaps, measure: gaps };
    const worst = { settings, gaps, measure: gaps.map((gap) => -gap) };
    expect(kendallTau(best.measure, gaps)).toBe(1);
    expect(granulatedKendall(best).value).toBe(1);
    expect(conditionalInformation(best).value).toBeCloseTo(1, 12);
    expect(signErrors(best, { leastPairs: 1 }).worst).toBe(0);
    expect(kendallTau(worst.measure, gaps)).toBe(-1);
    expect(granulatedKendall(worst).value).toBe(-1);
    // information has no sign
    expect(conditionalInformation(worst).value).toBeCloseTo(1, 12);
    expect(signErrors(worst, { leastPairs: 1 }).mean).toBe(1);
  });

  it('does not depend on the order of the networks', () => {
    const runs = { settings, gaps: noise().map((z) => 0.05 * z), measure: noise() };
    const order = draw.permutation(settings.length);
    const pick = <T>(list: readonly T[]): T[] => Array.from(order, (i) => list[i]);
    const turned = { settings: pick(settings), gaps: pick(runs.gaps), measure: pick(runs.measure) };
    expect(kendallTau(turned.measure, turned.gaps)).toBeCloseTo(kendallTau(runs.measure, runs.gaps), 13);
    expect(conditionalInformation(turned).value).toBeCloseTo(conditionalInformation(runs).value, 12);
    const [a, b] = [runs, turned].map((own) => signErrors(own, { leastPairs: 1 }));
    expect(b.mean).toBeCloseTo(a.mean, 12);
    expect(b.environments).toHaveLength(a.environments.length);
  });

  it('sees through a measure that follows one setting only', () => {
    const gaps = settings.map(({ depth, seed }) => 0.1 * depth + 0.001 * seed);
    const measure = settings.map(({ depth }) => depth);
    const { axes } = granulatedKendall({ settings, gaps, measure }, { axes: ['depth', 'width'] });
    expect(axes.map(({ value }) => value)).toEqual([1, 0]);
    expect(conditionalInformation({ settings, gaps, measure }, { axes: ['depth', 'width'] }).value).toBeLessThan(1e-12);
  });
});
