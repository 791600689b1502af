// Oracle: what has a value has it, what has none is NaN with a sentence or is refused; symmetries of the estimator.
import {
  algorithmicStability,
  autocorrelationTime,
  autocovariance,
  stabilityCurve,
  stabilityGap,
  timeAverage,
  welchDensity,
} from '@hyperribbon/complexity';
import { describe, expect, it } from 'vitest';

const run = (k: number, T = 60): number[] =>
  Array.from({ length: T }, (_, t) => 1 + ((t * t + k * t) % 7) / 10 + k / 9);
const options = { burnIn: 10 };

describe('symmetries', () => {
  it('identical runs have β̂ = 0 and no error over runs', () => {
    const found = algorithmicStability([run(1), run(1), run(1)], options);
    expect([found.beta, found.largest, found.releasedError, found.runError]).toEqual([0, 0, 0, 0]);
    expect(found.noiseFloor).toBeGreaterThan(0);
  });

  it('the order of runs changes no bit of β̂ and its errors over runs', () => {
    const runs = [0, 1, 2, 3, 4].map((k) => run(k));
    const [one, two] = [runs, [3, 1, 4, 0, 2].map((k) => runs[k])].map((r) => algorithmicStability(r, options));
    for (const key of ['beta', 'largest', 'releasedError', 'runError', 'noiseFloor'] as const)
      expect(two[key]).toBe(one[key]);
    expect(two.averages[0].mean).toBe(one.averages[3].mean);
  });

  it('a common offset changes nothing, a factor multiplies all', () => {
    const runs = [0, 1, 2, 3].map((k) => run(k));
    const one = algorithmicStability(runs, options);
    const moved = algorithmicStability(
      runs.map((r) => r.map((x) => 4 * x + 8)),
      options,
    );
    for (const key of ['beta', 'largest', 'releasedError', 'runError', 'timeError', 'noiseFloor'] as const)
      expect(Math.abs(moved[key] / one[key] - 4)).toBeLessThan(1e-9);
  });
});

describe('degenerate runs', () => {
  it('one run, a burn-in beyond the run, runs of different length are refused with a remedy', () => {
    expect(() => algorithmicStability([run(0)], options)).toThrow(/runs must be two or more, got 1/);
    expect(() => algorithmicStability([], options)).toThrow(/two or more/);
    expect(() => algorithmicStability([run(0), run(1)])).toThrow(/burnIn=200 and 60 numbers; train longer/);
    expect(() => algorithmicStability([run(0), run(1)], { burnIn: 60 })).toThrow(/burnIn/);
    expect(() => algorithmicStability([run(0), run(1, 50)], options)).toThrow(/got 60 and 50 in runs\[1\]; cut/);
    expect(() => stabilityCurve([run(0)], options)).toThrow(/two or more/);
    expect(() => algorithmicStability([run(0), run(1)], { burnin: 3 } as never)).toThrow(/no option burnin/);
  });

  it('two runs have a β̂; its error over runs is NaN, and said to be unknown', () => {
    const found = algorithmicStability([run(0), run(3)], options);
    expect(found.beta).toBeGreaterThan(0);
    expect(found.releasedError).toBe(0);
    expect(found.runError).toBeNaN();
    expect(found.timeError).toBeGreaterThan(0);
    expect(found.caveats.join()).toMatch(/two runs make one difference/);
  });

  it('constant losses have averages without error', () => {
    const flat = [0.1, 0.3, 0.7].map((x) => Array.from({ length: 40 }, () => x));
    const found = algorithmicStability(flat, options);
    expect(found.beta).toBeCloseTo(0.4, 12);
    expect([found.timeError, found.noiseFloor]).toEqual([0, 0]);
    expect(found.averages.map(({ mean }) => mean)).toEqual([0.1, 0.3, 0.7]);
    expect(found.stationary).toBe(true);
    expect(found.averages[0].autocorrelation?.undefinedBecause).toMatch(/constant/);
  });

  it.each([NaN, Infinity])('a run that diverged to %d makes β̂ NaN, and is named', (bad) => {
    const broken = run(1).map((x, t) => (t > 30 ? bad : x));
    const found = algorithmicStability([run(0), broken, run(2)], options);
    expect(found.beta).toBeNaN();
    expect(found.standardError).toBeNaN();
    expect(found.largest).toBeNaN();
    expect(found.diverged).toEqual([1]);
    expect(found.caveats.join()).toMatch(/runs 1 have losses that are not finite/);
    expect(stabilityCurve([run(0), broken], options).findIndex(Number.isNaN)).toBe(21);
    // before the window it does not count
    expect(algorithmicStability([run(0), run(1).map((x, t) => (t < 10 ? bad : x))], options).diverged).toEqual([]);
  });

  it('a window of three has a β̂ and no errors of its averages', () => {
    const found = algorithmicStability([run(0), run(1), run(2)], { burnIn: 57 });
    expect(found.beta).toBeGreaterThan(0);
    expect(found.timeError).toBeNaN();
    expect(found.runError).toBeGreaterThan(0);
    expect(found.caveats.join()).toMatch(/window is too short/);
    expect(found.stationary).toBe(undefined);
  });

  it('huge and tiny losses neither overflow nor vanish', () => {
    const one = algorithmicStability([run(0), run(1), run(2)], options);
    for (const scale of [2 ** 490, 2 ** -490]) {
      const found = algorithmicStability(
        [0, 1, 2].map((k) => run(k).map((x) => x * scale)),
        options,
      );
      expect(found.beta / scale).toBe(one.beta);
      expect(Math.abs(found.timeError / scale / one.timeError - 1)).toBeLessThan(1e-9);
    }
  });
});

describe('degenerate series', () => {
  it('alternating numbers cancel: a time near 0, and a small error', () => {
    const found = autocorrelationTime(Array.from({ length: 400 }, (_, t) => t % 2));
    expect(found.time).toBeGreaterThan(0);
    expect(found.time).toBeLessThan(0.02);
    expect(Number.isFinite(found.effective)).toBe(true);
  });

  it('series too short, empty or not finite', () => {
    expect(() => autocorrelationTime([1, 2, 3])).toThrow(/series must hold at least 4 numbers, got 3/);
    expect(() => autocovariance([])).toThrow(/at least 1/);
    expect(() => autocovariance([1, 2], { lags: 3 })).toThrow(/lags/);
    expect(() => welchDensity([1, 2, 3, 4], { overlap: 4 })).toThrow(/overlap/);
    expect(() => timeAverage([1, 2], { burnIn: 2 })).toThrow(/burnIn/);
    expect(autocovariance([3])).toEqual(Float64Array.of(0));
    expect(autocorrelationTime([1, NaN, 2, 3]).undefinedBecause).toMatch(/not finite/);
    expect(autocovariance([1, NaN, 2]).every(Number.isNaN)).toBe(true);
    expect(timeAverage([1, NaN]).mean).toBeNaN();
    expect(timeAverage([1, NaN]).notes.join()).toMatch(/diverged/);
    expect(timeAverage([1, 2, 3]).notes.join()).toMatch(/too few/);
    expect(timeAverage([5]).mean).toBe(5);
    expect(welchDensity([1, 1, 1, 1, 1]).density.every((p) => p === 0)).toBe(true);
  });

  it('the recalled bound refuses what is out of range', () => {
    const good = { beta: 0.1, count: 10, largestLoss: 1 };
    expect(() => stabilityGap({ ...good, beta: -1 })).toThrow(/beta/);
    expect(() => stabilityGap({ ...good, count: 0 })).toThrow(/count/);
    expect(() => stabilityGap({ ...good, largestLoss: 0 })).toThrow(/largestLoss/);
    expect(() => stabilityGap({ ...good, delta: 1 })).toThrow(/delta/);
    expect(stabilityGap({ ...good, beta: 0 }).value).toBeGreaterThan(0);
  });
});
