// Oracle: exact enumeration of sums of independent trials with unequal probabilities (Poisson-binomial laws).
import { stream } from '@hyperribbon/random';
import { clopperPearsonUpper, monteCarloLimit, monteCarloLowerLimit } from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';

/** P[S = k] for S a sum of independent trials, by adding one trial after the other. */
function law(probabilities: ArrayLike<number>): Float64Array {
  let mass = Float64Array.of(1);
  for (let i = 0; i < probabilities.length; i++) {
    const next = new Float64Array(mass.length + 1);
    for (let k = 0; k < mass.length; k++) {
      next[k] += mass[k] * (1 - probabilities[i]);
      next[k + 1] += mass[k] * probabilities[i];
    }
    mass = next;
  }
  return mass;
}
const mean = (p: ArrayLike<number>): number => Array.from(p).reduce((s, x) => s + x, 0) / p.length;

/** Probability that a limit from the number of errors fails to cover the mean probability. */
function failure(probabilities: ArrayLike<number>, limit: (errors: number) => number): number {
  const target = mean(probabilities);
  let sum = 0;
  // equality up to the last digits is coverage
  law(probabilities).forEach((mass, errors) => (sum += limit(errors) < target * (1 - 1e-12) ? mass : 0));
  return sum;
}

const random = stream({ seed: 8, purpose: 'unequal trials', index: 0 });
const vectors = Array.from({ length: 150 }, (_, i) => {
  const n = 1 + random.integer(24);
  const u = random.uniform(new Float64Array(n));
  // all easy, all hard, some certain, some impossible, alternating
  return u.map(
    (x, j) =>
      [x * 0.1, 1 - x * 0.1, j % 3 === 0 ? 1 : x, j % 2 === 0 ? 0 : x, x > 0.5 ? 1 - 1e-3 * x : 1e-3 * x][i % 5],
  );
});

describe('limits from trials of unequal probability', () => {
  it.each([0.5, 0.3, 0.1, 0.01, 1e-4])(
    'binomial: at most delta = %d is missed, whatever the probabilities',
    (delta) => {
      for (const p of vectors) {
        const n = p.length;
        const upper = Array.from({ length: n + 1 }, (_, errors) => monteCarloLimit({ errors, trials: n }, delta).upper);
        expect(failure(p, (errors) => upper[errors])).toBeLessThanOrEqual(delta * (1 + 1e-12));
      }
    },
  );
  it.each([0.5, 0.1, 0.01])('chernoff: ln(1/delta) is enough for delta = %d', (delta) => {
    for (const p of vectors) {
      const draws = p.length;
      const limits = Array.from(
        { length: draws + 1 },
        (_, k) => monteCarloLimit({ mean: k / draws, draws }, delta, { method: 'chernoff' }).upper,
      );
      expect(failure(p, (errors) => limits[errors])).toBeLessThanOrEqual(delta * (1 + 1e-12));
    }
  });
  it('from below: mirrored', () => {
    for (const p of vectors.slice(0, 60)) {
      const trials = p.length;
      const target = mean(p);
      let missed = 0;
      law(p).forEach((mass, errors) => {
        const { lower } = monteCarloLowerLimit({ errors, trials }, 0.05);
        if (lower > target * (1 + 1e-12)) missed += mass;
        const { upper } = monteCarloLimit({ errors: trials - errors, trials }, 0.05);
        expect(Math.abs(lower - (1 - upper))).toBeLessThanOrEqual(1e-12);
      });
      expect(missed).toBeLessThanOrEqual(0.05);
    }
  });
  it('Clopper-Pearson alone misses more than delta: one uncertain trial among certain ones', () => {
    const n = 20;
    const delta = 0.3;
    // just above the limit for n - 1 errors, where all the doubt sits in one trial
    const target = clopperPearsonUpper(n - 1, n, delta) * (1 + 1e-6);
    const p = Float64Array.from({ length: n }, (_, i) => (i === 0 ? 1 - n * (1 - target) : 1));
    expect(failure(p, (errors) => clopperPearsonUpper(errors, n, delta))).toBeGreaterThan(delta * 1.1);
    expect(failure(p, (errors) => monteCarloLimit({ errors, trials: n }, delta).upper)).toBeLessThanOrEqual(delta);
  });
  it('the maximum with (errors + 1)/trials changes nothing for delta <= 1/4 and two trials or more that were right', () => {
    for (const trials of [2, 3, 10, 57, 400])
      for (const delta of [0.25, 0.05, 1e-6])
        for (let errors = 0; errors <= trials - 2; errors += Math.max(1, Math.floor(trials / 25)))
          expect(monteCarloLimit({ errors, trials }, delta).upper).toBe(clopperPearsonUpper(errors, trials, delta));
  });
  it('kl-inverse charges ln 2 more than chernoff, and is the default', () => {
    const evidence = { mean: 0.1, draws: 50 };
    const two = monteCarloLimit(evidence, 0.02);
    expect(two.method).toBe('kl-inverse');
    const one = monteCarloLimit(evidence, 0.01, { method: 'chernoff' });
    expect(Math.abs(two.upper - one.upper)).toBeLessThanOrEqual(1e-14);
  });
});
