import { stream } from '@hyperribbon/random';
import { klBound } from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';
import { goldenTables } from './golden.js';

interface Simulation {
  readonly K: number;
  readonly n: number;
  readonly delta: number;
  readonly beta: number;
  readonly r0: number;
  readonly r1: number;
  readonly mean_bound: number;
  readonly se_bound: number;
  readonly mean_emp: number;
  readonly mean_kl: number;
}
const { sim } = goldenTables<{ sim: Simulation }>('pacbayes.json');
/** `node packages/pac-bayes/test/soak/soak.mjs` runs the 20,000 of gate P5. */
const REPEATS = Number(process.env['HYPERRIBBON_SOAK_SETS'] ?? 2000);

/** Binomial quantiles by inversion of a table of cumulative probabilities. */
function binomialTable(n: number, p: number): Float64Array {
  const cdf = new Float64Array(n + 1);
  let mass = (1 - p) ** n;
  let sum = mass;
  cdf[0] = sum;
  for (let k = 1; k <= n; k++) {
    mass *= ((n - k + 1) * p) / (k * (1 - p));
    sum += mass;
    cdf[k] = sum;
  }
  return cdf;
}

describe('finite class with a Gibbs posterior, Maurer form', () => {
  it('has the mean bound, risk and KL of an independent simulation within 5 standard errors, and few violations', () => {
    const { K, n, delta, beta, r0, r1 } = sim;
    const risks = Array.from({ length: K }, (_, h) => r0 + ((r1 - r0) * h) / (K - 1));
    const tables = risks.map((r) => binomialTable(n, r));
    const uniform = stream({
      seed: Number(process.env['HYPERRIBBON_SOAK_SEED'] ?? 11),
      purpose: 'pac-bayes simulation',
      index: 0,
    }).uniform(new Float64Array(REPEATS * K));
    const bounds: number[] = [];
    const empiricals: number[] = [];
    const divergences: number[] = [];
    let violations = 0;
    for (let r = 0; r < REPEATS; r++) {
      const losses = tables.map((cdf, h) => {
        const u = uniform[r * K + h];
        let k = 0;
        while (k < n && cdf[k] < u) k++;
        return k / n;
      });
      const least = Math.min(...losses);
      const weights = losses.map((l) => Math.exp(-beta * (l - least)));
      const total = weights.reduce((s, w) => s + w, 0);
      const posterior = weights.map((w) => w / total);
      const empirical = posterior.reduce((s, w, h) => s + w * losses[h], 0);
      const risk = posterior.reduce((s, w, h) => s + w * risks[h], 0);
      const kl = posterior.reduce((s, w) => s + (w > 0 ? w * Math.log(w * K) : 0), 0);
      const { value } = klBound({ empirical, kl: Math.max(0, kl), n, delta });
      if (risk > value) violations++;
      bounds.push(value);
      empiricals.push(empirical);
      divergences.push(kl);
    }
    expect(standardErrors(bounds, sim.mean_bound, sim.se_bound)).toBeLessThanOrEqual(5);
    expect(standardErrors(empiricals, sim.mean_emp, 1e-4)).toBeLessThanOrEqual(5);
    expect(standardErrors(divergences, sim.mean_kl, 3e-3)).toBeLessThanOrEqual(5);
    expect(standardErrors(bounds, sim.mean_bound * 1.03, sim.se_bound)).toBeGreaterThan(5);
    expect(violations).toBeLessThanOrEqual(delta * REPEATS);
  });
});

/** |mean - reference| in units of the combined standard error. */
function standardErrors(values: readonly number[], reference: number, referenceError: number): number {
  const mean = values.reduce((s, x) => s + x, 0) / values.length;
  const variance = values.reduce((s, x) => s + (x - mean) ** 2, 0) / (values.length - 1);
  return Math.abs(mean - reference) / Math.sqrt(variance / values.length + referenceError ** 2);
}
