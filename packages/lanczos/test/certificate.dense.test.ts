import { describe, expect, it } from 'vitest';
import { eigvalsh } from '@hyperribbon/lanczos';
import { stream } from '@hyperribbon/random';
import { certified, thresholdLift, type Claim } from '../src/eigsh/verification/certificate.js';
import { claimsOf, isProven, provenCount } from '../src/eigsh/verification/claims.js';
import { planSearch } from '../src/eigsh/verification/planSearch.js';
import { probabilisticBound } from '../src/eigsh/verification/probabilisticBound.js';
import { log } from '@hyperribbon/kernels';
import { initialize, ritzPairs } from '@hyperribbon/lanczos';
import { diagonal } from '@hyperribbon/linop';
import { dyadics } from './goldenOperators.js';

/** [[Θ, Bᵀ], [B, C]] with Θ (5,) descending, C (4, 4) and B, of a given size, at the first p rows of C only. */
function bordered(trial: number, size: number, spread: number, shift: number) {
  const [m, q, p] = [5, 4, 1 + (trial % 2)];
  const r = dyadics(trial + 1, 80, 12);
  const theta = Float64Array.from({ length: m }, (_, i) => r[i])
    .sort()
    .toReversed();
  const n = m + q;
  const a = new Float64Array(n * n);
  const coupling = new Float64Array(p * m);
  for (let i = 0; i < m; i++) {
    a[i * n + i] = theta[i];
    for (let c = 0; c < p; c++) {
      coupling[c * m + i] = size * r[8 + c * m + i];
      a[(m + c) * n + i] = a[i * n + m + c] = coupling[c * m + i];
    }
  }
  const block = new Float64Array(q * q);
  for (let i = 0; i < q; i++)
    for (let j = 0; j <= i; j++)
      block[i * q + j] = block[j * q + i] = spread * r[24 + i * q + j] - (i === j ? shift : 0);
  for (let i = 0; i < q; i++) for (let j = 0; j < q; j++) a[(m + i) * n + m + j] = block[i * q + j];
  return { a, n, theta, coupling, p, block, q };
}

describe('the Schur complement at a threshold', () => {
  it('has an eigenvalue above t exactly when the list misses one: counted on dense matrices', () => {
    const seen = { missed: 0, complete: 0, certified: 0 };
    for (let trial = 0; trial < 600; trial++) {
      const { a, n, theta, coupling, p, block, q } = bordered(trial, [1, 0.3, 0.05][trial % 3], 0.6, 0.4);
      const all = eigvalsh(a, n);
      const wanted = 2;
      const claims = Array.from({ length: wanted }, (_, i) => ({ threshold: theta[i] + 0.06, side: 1 as const }));
      const lift = thresholdLift(theta, coupling, p, theta[wanted - 1] + 0.06)!;
      const lifted = block.slice();
      for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) lifted[i * q + j] += lift[i * p + j];
      const top = eigvalsh(lifted, q)[0];
      const above = (list: ArrayLike<number>, t: number): number => Array.from(list).filter((x) => x > t).length;
      // at the lowest threshold the statement is exact in both directions
      const t = claims[wanted - 1].threshold;
      const complete = above(all, t) === above(theta, t);
      if (Math.abs(top - t) > 1e-12) expect(top < t).toBe(complete);
      if (complete) seen.complete++;
      else seen.missed++;
      // and for all claims together it is never wrong
      if (certified(theta, coupling, p, claims, lift, top, -Infinity)) {
        seen.certified++;
        for (const { threshold } of claims) expect(above(all, threshold)).toBe(above(theta, threshold));
      }
    }
    expect(Math.min(seen.missed, seen.complete)).toBeGreaterThan(60);
    expect(seen.certified).toBeGreaterThan(10);
  });
  it('at both ends: what follows from the extremes of the planned complements is true, in one search or two', () => {
    const seen = { once: 0, twice: 0, refused: 0 };
    for (let trial = 0; trial < 400; trial++) {
      const [m, q, p] = [5, 4, 1 + ((trial >> 2) % 2)];
      const r = dyadics(trial + 1, 80, 12);
      const theta = Float64Array.from([1, 0.7, 0.1, -0.6, -1], (x, i) => x + 0.1 * r[i]);
      const coupling = Float64Array.from({ length: p * m }, (_, i) => [0.3, 0.1, 0.03, 0.005][trial % 4] * r[8 + i]);
      const block = new Float64Array(q * q);
      for (let i = 0; i < q; i++)
        for (let j = 0; j <= i; j++) block[i * q + j] = block[j * q + i] = 0.3 * r[24 + i * q + j];
      const n = m + q;
      const a = new Float64Array(n * n);
      for (let i = 0; i < m; i++) {
        a[i * n + i] = theta[i];
        for (let c = 0; c < p; c++) a[(m + c) * n + i] = a[i * n + m + c] = coupling[c * m + i];
      }
      for (let i = 0; i < q; i++) for (let j = 0; j < q; j++) a[(m + i) * n + m + j] = block[i * q + j];
      const all = eigvalsh(a, n);
      const claims = claimsOf(theta, { top: 2, bottom: 2 }, 'BE', () => 0.03, null);
      let [open, searches]: [readonly Claim[], number] = [claims, 0];
      while (open.length > 0) {
        const plan = planSearch({ values: theta, coupling, vectors: theta, residualNorms: theta }, p, open)!;
        const c = block.slice();
        for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) c[i * q + j] += plan.lift[i * p + j];
        const extremes = eigvalsh(c, q);
        searches++;
        if (!certified(theta, coupling, p, plan.claims, plan.lift, extremes[0], extremes[q - 1])) break;
        open = plan.rest;
        for (const { threshold, side } of plan.claims) {
          const beyond = (list: Float64Array): number => list.filter((x) => side * x > side * threshold).length;
          expect(beyond(all)).toBe(beyond(theta));
        }
      }
      seen[open.length > 0 ? 'refused' : searches === 1 ? 'once' : 'twice']++;
    }
    expect(Math.min(seen.once, seen.twice, seen.refused)).toBeGreaterThan(20);
  });
  it('a count that was proven stays so for Ritz values that rose, and says nothing once one more is listed or the other end is meant', () => {
    const claim = { threshold: 0.9, side: 1 } as const;
    const fact = provenCount(claim, Float64Array.of(1, 0.5, 0));
    expect(fact.count).toBe(1);
    expect(isProven({ threshold: 0.91, side: 1 }, Float64Array.of(1.01, 0.5, 0), [fact])).toBe(true);
    expect(isProven({ threshold: 0.89, side: 1 }, Float64Array.of(1.01, 0.5, 0), [fact])).toBe(false);
    // listing fewer than were proven is not complete
    expect(isProven({ threshold: 1.1, side: 1 }, Float64Array.of(1.01, 0.5, 0), [fact])).toBe(false);
    expect(isProven({ threshold: 0.91, side: -1 }, Float64Array.of(1.01, 0.5, 0), [fact])).toBe(false);
  });
});

describe('the bound from a random start', () => {
  // one eigenvalue at 1 above a uniform rest in [−1, 0.5]: how often does the bound say there is none above 0.9?
  const n = 120;
  const d = Float64Array.from({ length: n }, (_, i) => (i === 0 ? 1 : -1 + (1.5 * i) / n));
  it('fails no oftener than it says, and not never: it is a bound, not a guess', async () => {
    const op = diagonal(d);
    const runs = 150;
    const wrong = { 0.3: 0, 0.01: 0 };
    for (let seed = 0; seed < runs; seed++) {
      const f = initialize(op, {
        capacity: 40,
        v0: stream({ seed, purpose: 'test' }).normal(new Float64Array(n)),
      });
      let logBetas = 0;
      const done = { 0.3: false, 0.01: false };
      for (let step = 0; step < 25; step++) {
        logBetas += log(await f.expand());
        if (step < 9) continue;
        const { values } = ritzPairs(f);
        for (const delta of [0.3, 0.01] as const) {
          if (done[delta] || values[0] > 0.9) continue;
          if (probabilisticBound(Array.from(values), logBetas, n, delta, 1, 1) < 0.9) {
            done[delta] = true;
            wrong[delta]++;
          }
        }
      }
    }
    // binomial tails of 1e-6 at the stated rates
    expect(wrong[0.3]).toBeLessThan(0.3 * runs + 5 * Math.sqrt(0.21 * runs));
    expect(wrong[0.01]).toBeLessThan(0.01 * runs + 6 * Math.sqrt(0.01 * runs));
    expect(wrong[0.3]).toBeGreaterThan(0);
  });
});

describe('the certificate against dense eigenvalues', () => {
  it('never certifies a wrong count, and certifies right ones when the coupling is small', () => {
    let accepted = 0;
    for (let trial = 0; trial < 400; trial++) {
      const { a, n, theta, coupling, p, block, q } = bordered(trial, trial % 3 === 0 ? 1 : 0.05, 0.4, 0.3);
      const outer = eigvalsh(block, q);
      const all = eigvalsh(a, n);
      for (const threshold of [theta[0] + 0.02, theta[1] + 0.02, theta[2] + 0.02]) {
        const claimed = certified(
          theta,
          coupling,
          p,
          [{ threshold, side: 1 }],
          new Float64Array(p * p),
          outer[0],
          -Infinity,
        );
        const counts = [all, theta].map((list) => list.filter((x) => x > threshold).length);
        if (claimed) {
          accepted++;
          expect(counts[0]).toBe(counts[1]);
        }
        const mirrored = certified(
          theta.map((x) => -x),
          coupling,
          p,
          [{ threshold: -threshold, side: -1 }],
          new Float64Array(p * p),
          Infinity,
          -outer[0],
        );
        expect(mirrored).toBe(claimed);
      }
    }
    expect(accepted).toBeGreaterThan(200);
  });
});
