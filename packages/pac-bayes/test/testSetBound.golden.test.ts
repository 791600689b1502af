import { describe, expect, it } from 'vitest';
import { binaryKl, clopperPearsonUpper, testSetBound } from '@hyperribbon/pac-bayes';
import { compare, decimal, goldenTables, relativeError } from './golden.js';

const { rows } = goldenTables<{ rows: readonly [number, number, number, string][] }>('testSet.json');

describe('testSetBound', () => {
  it('is the binomial tail inversion of scipy and mpmath for few and many examples, any number of errors, any delta', () => {
    expect(rows.length).toBeGreaterThan(200);
    let exact = 0;
    for (const [errors, examples, delta, limit] of rows) {
      const { value, method } = testSetBound({ errors, examples }, delta);
      const known = limit.length > 24; // 25 digits of mpmath; scipy keeps 1e-9
      exact += Number(known);
      const what = `${errors} of ${examples} at ${delta}`;
      expect(method).toBe('binomial');
      expect(relativeError(value, limit), what).toBeLessThan(known ? 1e-12 : 1e-9);
      if (known) expect(compare(decimal(value), decimal(limit)), `${what} is on the safe side`).toBe(1);
      // one error more is another limit
      if (Number(limit) > 0.99) continue;
      const more = errors + 1 < examples ? testSetBound({ errors: errors + 1, examples }, delta).value : 1;
      expect(relativeError(more, limit), what).toBeGreaterThan(1e-9);
    }
    expect(exact).toBeGreaterThan(150);
  });

  it('is never below the closed forms: no errors, all but one, all', () => {
    for (const examples of [1, 2, 7, 1000, 30_000, 1e7])
      for (const delta of [0.5, 0.05, 1e-3, 1e-15, 1e-300]) {
        const none = -Math.expm1(Math.log(delta) / examples);
        const { value } = testSetBound({ errors: 0, examples }, delta);
        expect(value).toBeGreaterThanOrEqual(none * (1 - 1e-15));
        expect(value).toBeLessThan(none * (1 + 1e-11));
        const most = testSetBound({ errors: examples - 1, examples }, delta).value;
        const closed = Math.exp(Math.log1p(-delta) / examples);
        expect(Math.abs(most - closed)).toBeLessThan(1e-11);
        expect(testSetBound({ errors: examples, examples }, delta).value).toBe(1);
      }
  });

  it('one example: 1 - delta without an error, 1 with one', () => {
    expect(testSetBound({ errors: 0, examples: 1 }, 0.05).value).toBeCloseTo(0.95, 14);
    expect(testSetBound({ errors: 1, examples: 1 }, 0.05).value).toBe(1);
  });

  it('a mean of losses: kl(mean || value) = ln(1/delta)/m, above the mean, and looser than counting', () => {
    for (const [mean, examples] of [
      [0, 10],
      [0.02, 100],
      [0.5, 1],
      [0.999, 1e6],
    ]) {
      const { value, method } = testSetBound({ mean, examples }, 0.05);
      expect(method).toBe('chernoff');
      expect(value).toBeGreaterThan(mean);
      expect(binaryKl(mean, value) * examples).toBeCloseTo(Math.log(20), 9);
    }
    expect(testSetBound({ mean: 1, examples: 3 }, 0.05).value).toBe(1);
    expect(testSetBound({ mean: 0.02, examples: 100 }, 0.05).value).toBeGreaterThan(
      testSetBound({ errors: 2, examples: 100 }, 0.05).value,
    );
  });

  it('beyond 1e9 examples counted mistakes have the Chernoff form, which is no smaller than the tail', () => {
    const { value, method } = testSetBound({ errors: 2e9, examples: 1e12 }, 0.05);
    expect(method).toBe('chernoff');
    expect(value).toBeGreaterThan(2e-3);
    expect(value).toBeLessThan(2.0002e-3);
    const counted = testSetBound({ errors: 2e6, examples: 1e9 }, 0.05);
    expect(counted.value).toBe(clopperPearsonUpper(2e6, 1e9, 0.05));
    expect(testSetBound({ mean: 2e-3, examples: 1e9 }, 0.05).value).toBeGreaterThan(counted.value);
  });

  it('refuses what is no evidence, naming it', () => {
    const refused: [Parameters<typeof testSetBound>, RegExp][] = [
      [[{ errors: 0, examples: 0 }, 0.05], /^testSetBound: needs integer examples >= 1, got examples=0/],
      [[{ errors: 5, examples: 4 }, 0.05], /errors at most examples=4.*got errors=5/],
      [[{ errors: 1.5, examples: 4 }, 0.05], /integer errors/],
      [[{ errors: -1, examples: 4 }, 0.05], /integer errors/],
      [[{ mean: 1.1, examples: 4 }, 0.05], /mean in \[0, 1\]/],
      [[{ mean: NaN, examples: 4 }, 0.05], /mean in \[0, 1\]/],
      [[{ errors: 1, examples: 4 }, 0], /delta in \(0, 1\)/],
      [[{ errors: 1, examples: 4 }, 1], /delta in \(0, 1\)/],
    ];
    for (const [args, message] of refused) expect(() => testSetBound(...args)).toThrow(message);
  });
});
