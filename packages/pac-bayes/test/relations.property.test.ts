import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  binaryKl,
  clopperPearsonLower,
  clopperPearsonUpper,
  catoniBound,
  klBound,
  klInverseLower,
  klInverseUpper,
  klInverseUpperComplement,
  mcAllesterBound,
  monteCarloLimit,
  quadraticBound,
  splitKlBound,
  thiemannBound,
} from '@hyperribbon/pac-bayes';

const settings = {
  seed: 20220711,
  numRuns: 300,
  endOnFailure: false,
  interruptAfterTimeLimit: 20_000,
  markInterruptAsFailure: true,
};
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const rate = fc.double({ min: 0, max: 800, noNaN: true });
const args = fc.record({
  empirical: unit,
  kl: fc.double({ min: 0, max: 1e6, noNaN: true }),
  n: fc.integer({ min: 8, max: 10 ** 9 }),
  delta: fc.double({ min: 1e-300, max: 0.999, noNaN: true }),
});
const bounds = {
  klBound,
  klBoundExact: (a: Parameters<typeof klBound>[0]) => klBound({ ...a, theorem: 'kl-exact' }),
  splitKlBound: ({ empirical, ...a }: Parameters<typeof klBound>[0]) =>
    splitKlBound({ ...a, middle: 0, above: empirical as number, below: 0 }),
  mcAllesterBound,
  quadraticBound,
  catoniBound: (a: Parameters<typeof klBound>[0]) => catoniBound({ ...a, constant: 1 }),
};

describe('kl inverse', () => {
  it('holds q in [lower, upper], and kl at the upper end reaches c', () => {
    fc.assert(
      fc.property(unit, rate, (q, c) => {
        const upper = klInverseUpper(q, c);
        const lower = klInverseLower(q, c);
        expect(lower).toBeLessThanOrEqual(q);
        expect(upper).toBeGreaterThanOrEqual(q);
        expect(upper).toBeLessThanOrEqual(1);
        expect(lower).toBeGreaterThanOrEqual(0);
        if (c > 1e-290 && upper < 1) expect(binaryKl(q, upper)).toBeGreaterThanOrEqual(c * (1 - 1e-15));
        if (c > 1e-290 && lower > 0) expect(binaryKl(q, lower)).toBeGreaterThanOrEqual(c * (1 - 1e-15));
      }),
      settings,
    );
  });
  it('is monotone in both arguments up to the last digits it may round', () => {
    fc.assert(
      fc.property(unit, unit, rate, rate, (q1, q2, c1, c2) => {
        const [q, r] = q1 < q2 ? [q1, q2] : [q2, q1];
        const [c, d] = c1 < c2 ? [c1, c2] : [c2, c1];
        expect(klInverseUpper(q, c)).toBeLessThanOrEqual(klInverseUpper(r, d) * (1 + 1e-13));
        expect(klInverseLower(q, d)).toBeLessThanOrEqual(klInverseLower(r, c) * (1 + 1e-13));
      }),
      settings,
    );
  });
  it('is symmetric: what is certain from above for q is certain from below for 1 - q', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1024 }), rate, (k, c) => {
        const q = k / 1024; // 1 - q is exact
        expect(klInverseUpperComplement(q, c)).toBe(klInverseLower(1 - q, c));
      }),
      settings,
    );
  });
  it('survives the ends of the range of doubles', () => {
    const ends = [0, 5e-324, 1e-310, 1e-300, 1e-280, 1e-16, 0.5, 1 - 1.2e-16, 1];
    const rates = [0, 5e-324, 1e-300, 1e-250, 1e-240, 1e-16, 1, 745, 1e10, 1e308, Infinity];
    for (const q of ends)
      for (const c of rates) {
        expect(klInverseUpper(q, c)).toBeGreaterThanOrEqual(q);
        expect(klInverseUpper(q, c)).toBeLessThanOrEqual(1);
        expect(klInverseLower(q, c)).toBeLessThanOrEqual(q);
        expect(klInverseLower(q, c)).toBeGreaterThanOrEqual(0);
        expect(klInverseUpper(0, c)).toBeGreaterThanOrEqual(c > 40 ? 1 - 1e-15 : c * (1 - c / 2) * (1 - 1e-15));
      }
  });
});

describe('bounds', () => {
  it.each(Object.entries(bounds))(
    '%s grows with risk and KL, falls with n and delta, and is never below the risk',
    (_name, bound) => {
      const slack = 1 + 1e-13;
      fc.assert(
        fc.property(args, args, (a, b) => {
          const least = {
            empirical: Math.min(a.empirical, b.empirical),
            kl: Math.min(a.kl, b.kl),
            n: Math.max(a.n, b.n),
            delta: Math.max(a.delta, b.delta),
          };
          const most = {
            empirical: Math.max(a.empirical, b.empirical),
            kl: Math.max(a.kl, b.kl),
            n: Math.min(a.n, b.n),
            delta: Math.min(a.delta, b.delta),
          };
          expect(bound(least).value).toBeLessThanOrEqual(bound(most).value * slack);
          expect(bound(a).value).toBeGreaterThanOrEqual(a.empirical * (1 - 1e-13));
          expect(bound(a).vacuous).toBe(bound(a).value >= 1);
        }),
        settings,
      );
    },
  );
  it('Thiemann at its best lambda is the quadratic bound, and no lambda beats it', () => {
    fc.assert(
      fc.property(args, fc.double({ min: 1e-6, max: 1.999999, noNaN: true }), (a, lambda) => {
        const quadratic = quadraticBound(a).value;
        const best = thiemannBound(a).value;
        expect(Math.abs(best - quadratic)).toBeLessThanOrEqual(1e-12 * quadratic);
        expect(thiemannBound({ ...a, lambda }).value).toBeGreaterThanOrEqual(quadratic * (1 - 1e-12));
      }),
      settings,
    );
  });
  it('kl bound is the tightest of the kl family', () => {
    fc.assert(
      fc.property(args, (a) => {
        const tightest = klBound(a).value;
        expect(tightest).toBeLessThanOrEqual(mcAllesterBound(a).value * (1 + 1e-13));
        expect(tightest).toBeLessThanOrEqual(quadraticBound(a).value * (1 + 1e-13));
        expect(tightest).toBeLessThanOrEqual(klBound({ ...a, theorem: 'langford-seeger' }).value * (1 + 1e-13));
      }),
      settings,
    );
  });
});

describe('Clopper-Pearson', () => {
  const trial = fc
    .integer({ min: 1, max: 3000 })
    .chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 0, max: n })));
  it('lies between the frequency and the Chernoff limit, upper and lower mirrored', () => {
    fc.assert(
      fc.property(trial, fc.double({ min: 1e-12, max: 0.4, noNaN: true }), ([n, k], delta) => {
        const upper = clopperPearsonUpper(k, n, delta);
        expect(upper).toBeGreaterThanOrEqual(k / n);
        expect(upper).toBeLessThanOrEqual(monteCarloLimit({ mean: k / n, draws: n }, delta).upper * (1 + 1e-12));
        const mirrored = 1 - clopperPearsonLower(n - k, n, delta);
        expect(Math.abs(upper - mirrored)).toBeLessThanOrEqual(1e-13);
      }),
      { ...settings, numRuns: 60 },
    );
  });
});
