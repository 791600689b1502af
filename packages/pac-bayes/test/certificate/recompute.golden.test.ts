// Oracle: 34-digit reference values for the second implementation, and intervals that must contain them.
import {
  binomialTails,
  clopperPearsonUpper,
  divergenceMoment,
  gridPrice,
  klInverseUpper,
  monteCarloLimit,
} from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';
import {
  belowBinomialLimit,
  recomputeBinomialLimit,
  recomputeLogTail,
} from '../../src/verification/recomputeBinomial.js';
import {
  add,
  divide,
  expMinus,
  interval,
  ln,
  lnNumber,
  multiply,
  pi,
  squareRoot,
  subtract,
  toNumberUp,
  whole,
  type Interval,
} from '../../src/verification/recomputeInterval.js';
import { belowKlInverse, recomputeDivergence, recomputeKlInverse } from '../../src/verification/recomputeKl.js';
import { recomputeMoment, recomputeUnion } from '../../src/verification/recomputePenalty.js';
import { decimal, goldenTables } from '../golden.js';

interface PacBayes {
  readonly kl: { readonly rows: readonly [number, number, string][] };
  readonly kl_inverse: { readonly rows: readonly [number, number, string, string, string, string][] };
  readonly xi: { readonly rows: readonly [number, string][] };
}
interface Special {
  readonly betainc_inv: { readonly rows: readonly [number, number, number, string][] };
  readonly log_binom_tail: { readonly rows: readonly [number, number, number, string, string][] };
}
const golden = goldenTables<PacBayes>('pacbayes.json');
const special = goldenTables<Special>('special.json');

/** A decimal as an interval of width 10^-32 of it: the digits that the tables have. */
function reference(text: string): Interval {
  const { digits, exponent } = decimal(text);
  const unit = 1n << 192n;
  const scaled = exponent >= 0 ? digits * 10n ** BigInt(exponent) * unit : (digits * unit) / 10n ** BigInt(-exponent);
  const size = scaled < 0n ? -scaled : scaled;
  const slack = size / 10n ** 32n + 2n;
  return { lo: scaled - slack, hi: scaled + slack };
}

/** The intervals have a number in common, and ours is narrow. */
function contains(x: Interval, text: string): boolean {
  const r = reference(text);
  return x.lo <= r.hi && r.lo <= x.hi;
}
const narrow = (x: Interval): boolean => x.hi - x.lo < 1n << 40n; // 2^-152

describe('interval arithmetic in whole numbers', () => {
  it('contains constants to 60 digits', () => {
    const ln2 = lnNumber(2);
    expect(contains(ln2, '0.69314718055994530941723212145817656807550013436026')).toBe(true);
    expect(contains(pi, '3.14159265358979323846264338327950288419716939937511')).toBe(true);
    expect(contains(squareRoot(whole(2)), '1.41421356237309504880168872420969807856967187537694')).toBe(true);
    expect(contains(expMinus(whole(1)), '0.36787944117144232159552377016146086744581113103177')).toBe(true);
    expect(contains(lnNumber(2 ** -1000), '-693.14718055994530941723212145817656807550013436026')).toBe(true);
    expect([ln2, pi, expMinus(whole(1)), lnNumber(2 ** -1000)].every(narrow)).toBe(true);
    // negative control: one unit of the 31st digit
    expect(contains(ln2, '0.6931471805599453094172321214591')).toBe(false);
  });
  it('encloses: (a/b) b holds a, exp(-ln x) holds 1/x, sqrt(x)^2 holds x', () => {
    for (const [a, b] of [
      [1, 3],
      [-7, 11],
      [1e-9, 123.456],
      [5e-324, 1],
      [1e300, 7],
    ] as const) {
      const back = multiply(divide(interval(a), interval(b)), interval(b));
      expect(back.lo <= interval(a).hi && back.hi >= interval(a).lo).toBe(true);
    }
    for (const x of [1.5, 2, 17.25, 1e6]) {
      const one = multiply(expMinus(ln(interval(x))), interval(x));
      expect(one.lo <= 1n << 192n && one.hi >= 1n << 192n).toBe(true);
      const square = multiply(squareRoot(interval(x)), squareRoot(interval(x)));
      expect(square.lo <= interval(x).lo && square.hi >= interval(x).hi).toBe(true);
    }
    const difference = subtract(add(interval(0.1), interval(0.2)), interval(0.3));
    expect(toNumberUp(difference)).toBe(2.7755575615628914e-17);
  });
  it.each([0.1, 1, 123456.789, 2 ** -60, 1e200])('rounds %d up to itself', (x) =>
    expect(toNumberUp(interval(x))).toBe(x),
  );
});

describe('kl, a second time', () => {
  it('holds all 91 reference values', () => {
    const rows = golden.kl.rows.filter(([, p]) => p > 0 && p < 1);
    expect(rows.length).toBeGreaterThan(80);
    for (const [q, p, text] of rows) expect(contains(recomputeDivergence(interval(q), p), text)).toBe(true);
  });
  it('inverts all 156 rows to the reference, from above and within 1e-12', () => {
    for (const [q, c, text] of golden.kl_inverse.rows) {
      const upper = recomputeKlInverse(interval(q), interval(c));
      const exact = Number(text);
      // rates below 1e-40 are beyond 192 bits; no certificate has them, since ln(1/delta)/n > 1e-19
      if (c !== 0 && c < 1e-40) continue;
      expect(upper).toBeGreaterThanOrEqual(exact);
      expect(upper - exact).toBeLessThanOrEqual(1e-12 * exact + 1e-50);
    }
  });
  it('finds no fault with the first implementation, and one with a value 3 units in the last place smaller', () => {
    let checked = 0;
    for (const [q, c] of golden.kl_inverse.rows) {
      const upper = klInverseUpper(q, c);
      expect(belowKlInverse(interval(q), interval(c), upper)).toBe(false);
      if (upper >= 1 || c < 1e-15 || upper === q) continue;
      expect(belowKlInverse(interval(q), interval(c), upper * (1 - 1e-14))).toBe(true);
      checked++;
    }
    expect(checked).toBeGreaterThan(60);
  });
});

describe('binomial tails, a second time', () => {
  it('hold the reference wherever k is below the mean', () => {
    let held = 0;
    for (const [n, k, p, , atMost] of special.log_binom_tail.rows) {
      if (!(k < n * p) || !(Number(atMost) < -1e-3)) continue;
      const tail = recomputeLogTail(n, k, p);
      const exact = Number(atMost);
      expect(Math.abs(toNumberUp(tail) - exact)).toBeLessThanOrEqual(1e-13 * Math.abs(exact));
      held++;
    }
    expect(held).toBeGreaterThanOrEqual(3);
  });
  it('give the reference limits', () => {
    for (const [n, k, delta, text] of special.betainc_inv.rows) {
      if (k >= n - 1 || Number(text) < (k + 1) / n) continue;
      expect(Math.abs(recomputeBinomialLimit(k, n, delta) - Number(text))).toBeLessThanOrEqual(1e-12 * Number(text));
    }
  });
  it.each([
    [1_000, 37, 0.01],
    [55_000, 1500, 0.01],
    [1_100_000, 30_800, 0.01],
    [5_500_000, 0, 0.01],
    [600_000, 599_000, 1e-6],
  ])('n = %d, k = %d, delta = %d: the limit that is issued stands, 1e-11 less does not', (n, k, delta) => {
    const { upper } = monteCarloLimit({ errors: k, trials: n }, delta);
    expect(belowBinomialLimit(k, n, delta, upper)).toBe(false);
    expect(belowBinomialLimit(k, n, delta, upper * (1 - 1e-11))).toBe(true);
    expect(upper).toBe(clopperPearsonUpper(k, n, delta));
  });
  it('agree with the first implementation on the tail itself', () => {
    for (const [n, k, p] of [
      [300, 3, 0.05],
      [255, 100, 0.6],
      [256, 100, 0.6],
      [40_000, 900, 0.03],
    ] as const) {
      const first = binomialTails(n, k, p).logAtMost;
      expect(Math.abs(toNumberUp(recomputeLogTail(n, k, p)) - first)).toBeLessThanOrEqual(1e-12 * Math.abs(first));
    }
  });
});

describe('the constant xi(n)', () => {
  it.each(golden.xi.rows)('n = %d: %s, from above, within 1e-11, by both routes', (n, text) => {
    const exact = Number(text);
    for (const x of [divergenceMoment(n), toNumberUp(recomputeMoment(n))]) {
      expect(x).toBeGreaterThanOrEqual(exact);
      expect(x - exact).toBeLessThanOrEqual(1e-11 * exact);
    }
  });
  it('lies between sqrt(n) and 2 sqrt(n) for n >= 8, and above 2 sqrt(n) for some n < 8', () => {
    for (const n of [8, 9, 100, 12345, 10 ** 6]) {
      expect(divergenceMoment(n)).toBeLessThanOrEqual(2 * Math.sqrt(n));
      expect(divergenceMoment(n)).toBeGreaterThanOrEqual(Math.sqrt(n));
    }
    expect(divergenceMoment(1)).toBeGreaterThanOrEqual(2);
    expect(divergenceMoment(2 * 10 ** 9)).toBeGreaterThanOrEqual(2 * Math.sqrt(2 * 10 ** 9));
  });
  it('is near sqrt(pi n/2) + 2/3', () => {
    const n = 250_000;
    expect(Math.abs(divergenceMoment(n) - Math.sqrt((Math.PI * n) / 2) - 2 / 3)).toBeLessThan(1 / Math.sqrt(n));
  });
});

describe('Langford-Seeger from the exact constant', () => {
  it('holds for every n >= 2: (x + ln n)/(n-1) >= (x + ln xi(n))/n at x = KL + ln(1/delta) = 0, and grows faster', () => {
    for (let n = 2; n <= 3000; n++) expect(Math.log(n) / (n - 1)).toBeGreaterThan(Math.log(divergenceMoment(n)) / n);
    // negative control: with 2 sqrt(n) in place of xi(n) the comparison fails for small n
    expect(Math.log(2) / 1).toBeLessThan(Math.log(2 * Math.sqrt(2)) / 1);
  });
});

describe('the price of grids, a second time', () => {
  it.each([[[37]], [[300]], [[3, 5]], [[1, 1, 1]], [[12, 7, 40]]])('of indices %j', (indices) => {
    const scales = indices.map(
      (index) => ({ kind: 'grid', name: 's', value: 1, index, b: 1, c: 1, as: 'variance' }) as const,
    );
    const exact = recomputeUnion(scales);
    const { nats } = gridPrice(indices);
    expect(interval(nats).lo >= exact.lo).toBe(true);
    expect(nats - toNumberUp(exact)).toBeLessThanOrEqual(4e-15 * nats);
  });
});
