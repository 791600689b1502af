import { describe, expect, it } from 'vitest';
import {
  binaryKl,
  klInverseLower,
  klInverseLowerComplement,
  klInverseUpper,
  klInverseUpperComplement,
} from '@hyperribbon/pac-bayes';
import { compare, decimal, goldenTables, relativeError } from './golden.js';

interface Tables {
  readonly kl: { readonly rows: readonly [number, number, string][] };
  readonly kl_inverse: { readonly rows: readonly [number, number, string, string, string, string][] };
}
const tables = goldenTables<Tables>('pacbayes.json');

/** Is x >= reference (1 - 1e-33), and within 1e-13 above it (or one subnormal step)? */
function onUpperSide(x: number, reference: string, slack = 1e-13): boolean {
  const r = Number(reference);
  return !below(x, reference) && x <= r * (1 + slack) + 1e-323;
}
function onLowerSide(x: number, reference: string, slack = 1e-13): boolean {
  const r = Number(reference);
  return !above(x, reference) && x >= r * (1 - slack) - 1e-323;
}
/** x below the reference by more than its own last digit; all in exact decimal arithmetic. */
function below(x: number, reference: string): boolean {
  const r = decimal(reference);
  const floor = { digits: r.digits * (10n ** 33n - 1n), exponent: r.exponent - 33 };
  return compare(decimal(x), floor) < 0;
}
function above(x: number, reference: string): boolean {
  const r = decimal(reference);
  const ceiling = { digits: r.digits * (10n ** 33n + 1n), exponent: r.exponent - 33 };
  return compare(decimal(x), ceiling) > 0;
}

describe('binaryKl', () => {
  it('agrees with 34-digit values of kl(q||p) to 1e-14', () => {
    expect(tables.kl.rows.length).toBe(91);
    const worst = Math.max(...tables.kl.rows.map(([q, p, ref]) => relativeError(binaryKl(q, p), ref)));
    expect(worst).toBeLessThanOrEqual(5e-16);
  });
});

describe('kl inverse, 156 rows', () => {
  const rows = tables.kl_inverse.rows;
  it('has all rows', () => expect(rows.length).toBe(156));

  it.each(rows)('upper side of q=%d, c=%d is at or above the exact value, within 1e-13', (q, c, upper) => {
    expect(onUpperSide(klInverseUpper(q, c), upper)).toBe(true);
  });
  it.each(rows)('complement of the upper side of q=%d, c=%d is at or below', (q, c, _u, complement) => {
    expect(onLowerSide(klInverseUpperComplement(q, c), complement)).toBe(true);
  });
  it.each(rows)('lower side of q=%d, c=%d is at or below', (q, c, _u, _uc, lower) => {
    expect(onLowerSide(klInverseLower(q, c), lower)).toBe(true);
  });
  it.each(rows)('complement of the lower side of q=%d, c=%d is at or above', (q, c, _u, _uc, _l, complement) => {
    expect(onUpperSide(klInverseLowerComplement(q, c), complement)).toBe(true);
  });
});

describe('the matchers of this file', () => {
  const row = tables.kl_inverse.rows.find(([q, c]) => q === 0.013 && c === 0.1)!;
  const x = klInverseUpper(0.013, 0.1);
  const ulp = 2.7755575615628914e-17;
  it('reject one or two units in the last place on the wrong side', () => {
    expect(onUpperSide(x, row[2])).toBe(true);
    expect(onUpperSide(x - 2 * ulp, row[2])).toBe(false);
    expect(onLowerSide(x, row[2])).toBe(false);
  });
  it('reject ten tolerances on the right side', () => {
    expect(onUpperSide(x * (1 + 1e-12), row[2])).toBe(false);
    expect(onLowerSide(x * (1 - 1e-12), row[2])).toBe(false);
  });
  it('read 34 digits', () => {
    expect(below(0.5, '0.5')).toBe(false);
    expect(above(0.5, '0.5')).toBe(false);
    expect(below(0.5, '0.50000000000000000000000001')).toBe(true);
  });
});
