import { describe, expect, it } from 'vitest';
import {
  analyticPosterior,
  binomialTails,
  catoniBound,
  clopperPearsonUpper,
  diagonalGaussianKl,
  klBound,
  mcAllesterBound,
  quadraticBound,
  thiemannBound,
} from '@hyperribbon/pac-bayes';
import { goldenTables, relativeError } from './golden.js';

interface BoundRow {
  readonly emp: number;
  readonly kl: number;
  readonly n: number;
  readonly delta: number;
  readonly C: number;
  readonly lambda: number;
  readonly maurer_kl: string;
  readonly mcallester: string;
  readonly catoni: string;
  readonly lambda_bound: string;
  readonly quadratic: string;
}
interface KlRow {
  readonly mu1: number[];
  readonly s1: number[];
  readonly mu0: number[];
  readonly s0: number[];
  readonly kl: string;
}
interface PosteriorRow {
  readonly p: number;
  readonly decades: number;
  readonly top: number;
  readonly n: number;
  readonly eps: number;
  readonly dist2: number;
  readonly lam: number[] | null;
  readonly kl: string;
  readonly n_above: number;
  readonly sum_ratio: string;
}
interface PacBayes {
  readonly bounds: readonly BoundRow[];
  readonly gaussian_kl_diag: { readonly rows: readonly KlRow[] };
  readonly hessian_posterior_kl: { readonly rows: readonly PosteriorRow[] };
}
interface Special {
  readonly betainc_inv: { readonly rows: readonly [number, number, number, string][] };
  readonly log_binom_tail: { readonly rows: readonly [number, number, number, string, string][] };
  readonly cp_exact_coverage: { readonly rows: readonly [number, number, number, string][] };
}
const pacBayes = goldenTables<PacBayes>('pacbayes.json');
const special = goldenTables<Special>('special.json');

/** On the safe side up to the last bit of the reference as a double, and within `tolerance` above it. */
function safelyAbove(x: number, reference: string, tolerance: number): boolean {
  const r = Number(reference);
  return x >= r && x - r <= tolerance * Math.abs(r);
}

describe('bounds, 8 rows', () => {
  it.each(pacBayes.bounds)('e=$emp KL=$kl n=$n delta=$delta', (row) => {
    const args = { empirical: row.emp, kl: row.kl, n: row.n, delta: row.delta };
    expect(safelyAbove(klBound(args).value, row.maurer_kl, 1e-13)).toBe(true);
    expect(safelyAbove(mcAllesterBound(args).value, row.mcallester, 1e-13)).toBe(true);
    expect(safelyAbove(catoniBound({ ...args, constant: row.C }).value, row.catoni, 1e-13)).toBe(true);
    expect(safelyAbove(thiemannBound({ ...args, lambda: row.lambda }).value, row.lambda_bound, 1e-13)).toBe(true);
    expect(safelyAbove(quadraticBound(args).value, row.quadratic, 1e-13)).toBe(true);
  });
  it('would notice ten tolerances, and one unit in the last place on the unsafe side', () => {
    expect(safelyAbove(1 + 1e-12, '1', 1e-13)).toBe(false);
    expect(safelyAbove(1 - 1.2e-16, '1', 1e-13)).toBe(false);
  });
});

describe('Gaussian KL in one basis', () => {
  it.each(pacBayes.gaussian_kl_diag.rows)('KL = $kl', (row) => {
    const { kl } = diagonalGaussianKl({
      posteriorMean: row.mu1,
      posteriorStd: row.s1,
      priorMean: row.mu0,
      priorStd: row.s0,
    });
    expect(safelyAbove(kl, row.kl, 1e-13)).toBe(true);
  });
});

describe('KL of the Hessian posterior', () => {
  it.each(pacBayes.hessian_posterior_kl.rows)('p = $p, n = $n', (row) => {
    const { p, top, decades } = row;
    const eigenvalues = row.lam ?? Array.from({ length: p }, (_, i) => top * 10 ** ((-decades * i) / (p - 1)));
    const posterior = analyticPosterior({ eigenvalues, displacementSquared: row.dist2, n: row.n, precision: row.eps });
    expect(relativeError(posterior.kl, row.kl)).toBeLessThanOrEqual(1e-13);
    expect(posterior.effectiveDimension.hard).toBe(row.n_above);
    expect(relativeError(posterior.effectiveDimension.soft, row.sum_ratio)).toBeLessThanOrEqual(1e-13);
  });
});

/** Two entries of the table are rounding noise of its 50 digits (see golden/README.md); these come from 120 digits. */
const corrected: Readonly<Record<string, string>> = {
  '6.372367644529809108115521591070847e-58': '0.0',
  '-4.631317322150930325857583926360459e-55': '-3.65366658034370026360247096571164e-69',
};

describe('logarithms of binomial tails', () => {
  it.each(special.log_binom_tail.rows)('n=%d k=%d p=%d', (n, k, p, atLeast, atMost) => {
    const tails = binomialTails(n, k, p);
    expect(relativeError(tails.logAtLeast, corrected[atLeast] ?? atLeast)).toBeLessThanOrEqual(1e-12);
    expect(relativeError(tails.logAtMost, corrected[atMost] ?? atMost)).toBeLessThanOrEqual(1e-12);
  });
  it('reach exp(-10^6)', () => {
    // P[X >= n] = p^n
    expect(
      relativeError(binomialTails(100_000, 100_000, 1e-5).logAtLeast, '-1151292.546497022842'),
    ).toBeLessThanOrEqual(1e-12);
  });
});

describe('Clopper-Pearson limits', () => {
  it.each(special.betainc_inv.rows)('n=%d k=%d delta=%d', (n, k, delta, upper) => {
    expect(safelyAbove(clopperPearsonUpper(k, n, delta), upper, 1e-12)).toBe(true);
  });
  it.each(special.cp_exact_coverage.rows)(
    'cover n=%d delta=%d p=%d exactly as often as they should',
    (n, delta, p, reference) => {
      let coverage = 0;
      for (let k = 0; k <= n; k++) {
        if (p > clopperPearsonUpper(k, n, delta)) continue;
        const { logAtMost, logAtLeast } = binomialTails(n, k, p);
        coverage += Math.exp(logAtMost) + Math.exp(logAtLeast) - 1;
      }
      expect(relativeError(coverage, reference)).toBeLessThanOrEqual(1e-12);
      expect(coverage).toBeGreaterThanOrEqual(1 - delta);
    },
  );
});
