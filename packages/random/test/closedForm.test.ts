/**
 * Distributions against their closed forms. Every limit below is a bound (Dvoretzky-Kiefer-Wolfowitz, Laurent-Massart, or
 * a normal quantile) with false-alarm probability ALPHA for fresh seeds; the seeds are fixed. Each limit has a control:
 * a distribution ten limits away must fail it.
 */
import { describe, expect, it } from 'vitest';
import { cos, log, sin } from '@hyperribbon/kernels';
import { type RandomStream, stream } from '@hyperribbon/random';
import { cosOctant, logUnit, sinOctant } from '../src/boxMuller.js';

const ALPHA = 1e-9;
/** two-sided normal quantile of ALPHA */
const Z = 6.11;
const N = 200_000;

/** Φ(x) = 1/2 + φ(x) Σ x^(2k+1)/(2k+1)!!, for |x| < 9: another route than the generator's. */
function normalCdf(x: number): number {
  if (x < -6.5) return 0;
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) sum += term *= (x * x) / k;
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** sup |empirical − F| · √n; by Dvoretzky-Kiefer-Wolfowitz it exceeds √(ln(2/α)/2) with probability at most α. */
function kolmogorovSmirnov(sample: ArrayLike<number>, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(sample).sort();
  const n = sorted.length;
  let distance = 0;
  sorted.forEach((x, i) => {
    const p = cdf(x);
    distance = Math.max(distance, p - i / n, (i + 1) / n - p);
  });
  return distance * Math.sqrt(n);
}
const KS_LIMIT = Math.sqrt(Math.log(2 / ALPHA) / 2);

function chiSquare(counts: ArrayLike<number>, expected: number): number {
  return Array.from(counts).reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
/** P(χ²(df) ≥ df + 2√(df x) + 2x) ≤ e^−x */
const chiSquareLimit = (df: number): number => df + 2 * Math.sqrt(df * -Math.log(ALPHA)) - 2 * Math.log(ALPHA);

const moment = (sample: Float64Array, power: number): number =>
  sample.reduce((sum, x) => sum + x ** power, 0) / sample.length;
const open = (purpose: string, index = 0): RandomStream => stream({ seed: 20261122, purpose, index });

describe('uniform', () => {
  it('has the uniform distribution function in both precisions', () => {
    for (const out of [new Float64Array(N), new Float32Array(N)]) {
      open('uniform').uniform(out);
      expect(kolmogorovSmirnov(out, (x) => x)).toBeLessThan(KS_LIMIT);
      const shift = (10 * KS_LIMIT) / Math.sqrt(N);
      expect(kolmogorovSmirnov(out, (x) => Math.min(1, x + shift))).toBeGreaterThan(KS_LIMIT);
    }
  });

  it('fills every bit of 53 and of 24 evenly, and stays in [0, 1)', () => {
    for (const [out, bits] of [
      [new Float64Array(20_000), 53],
      [new Float32Array(20_000), 24],
    ] as const) {
      open('bits').uniform(out);
      const ones = new Float64Array(bits);
      expect(out.every((u) => u >= 0 && u < 1 && Number.isInteger(u * 2 ** bits))).toBe(true);
      for (const u of out) {
        for (let b = 0; b < bits; b++) ones[b] += Math.floor(u * 2 ** (b + 1)) % 2;
      }
      for (const count of ones) {
        expect(Math.abs(count - out.length / 2)).toBeLessThan(Z * Math.sqrt(out.length / 4));
        expect(Math.abs(count - out.length)).toBeGreaterThan(Z * Math.sqrt(out.length / 4));
      }
    }
  });
});

describe('the functions under the normals', () => {
  /** largest |a − b| in units of 2⁻⁵² |b| */
  const distance = (f: (i: number) => number, g: (i: number) => number): number => {
    let worst = 0;
    for (let i = 1; i <= 4000; i++) worst = Math.max(worst, Math.abs(f(i) - g(i)) / Math.abs(g(i)) / 2 ** -52);
    return worst;
  };
  it('agree with those of @hyperribbon/kernels to 1.5 epsilon', () => {
    const angle = (i: number): number => (0.7853981633974483 * i) / 4000;
    const pairs: [(i: number) => number, (i: number) => number][] = [
      [(i) => sinOctant(angle(i)), (i) => sin(angle(i))],
      [(i) => cosOctant(angle(i)), (i) => cos(angle(i))],
      [logUnit, (i) => log(i * 2 ** -53)],
      [(i) => logUnit(2 ** 53 - i), (i) => log(1 - i * 2 ** -53)],
      [(i) => logUnit(2 ** 41 * i), (i) => log(i * 2 ** -12)],
    ];
    for (const [own, reference] of pairs) {
      expect(distance(own, (i) => reference(i) || 2 ** -1074)).toBeLessThan(1.5);
      expect(distance(own, (i) => (reference(i) || 2 ** -1074) * (1 + 15 * 2 ** -52))).toBeGreaterThan(1.5);
    }
    expect(Math.abs(logUnit(2 ** 53))).toBe(0);
  });
});

describe('normal', () => {
  it('has the normal distribution function', () => {
    const out = open('normal').normal(new Float64Array(N));
    expect(kolmogorovSmirnov(out, normalCdf)).toBeLessThan(KS_LIMIT);
    expect(kolmogorovSmirnov(out, (x) => normalCdf(x + 0.2))).toBeGreaterThan(KS_LIMIT);
  });

  it('has moments 0, 1, 0, 3, 0, 15 within their standard errors', () => {
    const out = open('moments').normal(new Float64Array(N));
    const doubleFactorial = [1, 0, 1, 0, 3, 0, 15, 0, 105, 0, 945, 0, 10395];
    for (let power = 1; power <= 6; power++) {
      const exact = doubleFactorial[power];
      const limit = Z * Math.sqrt((doubleFactorial[2 * power] - exact ** 2) / N);
      expect(Math.abs(moment(out, power) - exact)).toBeLessThan(limit);
      expect(Math.abs(moment(out, power) - (exact + 10 * limit))).toBeGreaterThan(limit);
    }
  });

  it('has the right mass beyond 4 standard deviations', () => {
    const out = open('tail').normal(new Float64Array(2_000_000));
    const p = 6.334248366623996e-5; // 2 (1 − Φ(4))
    const tail = out.reduce((count, x) => count + (Math.abs(x) > 4 ? 1 : 0), 0);
    expect(Math.abs(tail - p * out.length)).toBeLessThan(7 * Math.sqrt(p * out.length));
  });

  it('gives pairs whose numbers are independent and whose direction is uniform', () => {
    const out = open('pairs').normal(new Float64Array(2 * N));
    const counts = new Float64Array(64);
    let product = 0;
    let squares = 0;
    for (let i = 0; i < out.length; i += 2) {
      product += out[i] * out[i + 1];
      squares += (out[i] ** 2 - 1) * (out[i + 1] ** 2 - 1);
      counts[Math.floor(((Math.atan2(out[i], out[i + 1]) / Math.PI + 1) / 2) * 64) & 63]++;
    }
    expect(Math.abs(product)).toBeLessThan(Z * Math.sqrt(N));
    expect(Math.abs(squares)).toBeLessThan(Z * 2 * Math.sqrt(N));
    expect(chiSquare(counts, N / 64)).toBeLessThan(chiSquareLimit(63));
    counts[0] += 0.1 * counts[1];
    expect(
      chiSquare(
        counts.map((count, i) => (i % 2 ? 0.9 : 1.1) * count),
        N / 64,
      ),
    ).toBeGreaterThan(chiSquareLimit(63));
  });
});

describe('rademacher, integer, permutation, sphere', () => {
  it('rademacher bytes are uniform', () => {
    const out = open('signs').rademacher(new Float32Array(8 * 100_000));
    const counts = new Float64Array(256);
    expect(out.every((sign) => Math.abs(sign) === 1)).toBe(true);
    for (let i = 0; i < out.length; i += 8) {
      let byte = 0;
      for (let b = 0; b < 8; b++) byte = 2 * byte + (out[i + b] > 0 ? 1 : 0);
      counts[byte]++;
    }
    expect(chiSquare(counts, 100_000 / 256)).toBeLessThan(chiSquareLimit(255));
    expect(
      chiSquare(
        counts.map((c, i) => (i & 1 ? 1.15 : 0.85) * c),
        100_000 / 256,
      ),
    ).toBeGreaterThan(chiSquareLimit(255));
  });

  it('integers are uniform, also where 2³² is far from a multiple', () => {
    for (const below of [1, 2, 3, 10, 1000, 3 * 2 ** 30, 2 ** 32, 2 ** 32 + 1, 3 * 2 ** 51, Number.MAX_SAFE_INTEGER]) {
      const s = open('integer', below);
      const bins = Math.min(below, 6);
      const counts = new Float64Array(bins);
      const draws = 30_000;
      let outside = 0;
      for (let i = 0; i < draws; i++) {
        const value = s.integer(below);
        if (!Number.isInteger(value) || value < 0 || value >= below) outside++;
        counts[below <= 1000 ? value % bins : Math.floor((value / below) * bins)]++;
      }
      expect(outside).toBe(0);
      const share = Float64Array.from({ length: bins }, (_, b) =>
        below <= 1000 ? Math.ceil((below - b) / bins) / below : 1 / bins,
      );
      const statistic = counts.reduce((sum, c, b) => sum + (c - draws * share[b]) ** 2 / (draws * share[b]), 0);
      expect(statistic).toBeLessThan(chiSquareLimit(Math.max(1, bins - 1)));
    }
  });

  it('a biased way to draw from 3·2³⁰ would be seen', () => {
    const s = open('bias');
    const counts = new Float64Array(6);
    for (let i = 0; i < 30_000; i++) counts[Math.floor(((s.nextUint32() % (3 * 2 ** 30)) / (3 * 2 ** 30)) * 6)]++;
    expect(chiSquare(counts, 5000)).toBeGreaterThan(chiSquareLimit(5));
  });

  it('all 24 orders of 4 things are equally likely', () => {
    const counts = new Map<string, number>();
    const s = open('orders');
    for (let i = 0; i < 48_000; i++) {
      const order = s.permutation(4).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(chiSquare([...counts.values()], 2000)).toBeLessThan(chiSquareLimit(23));
  });

  it('a coordinate of the sphere in three dimensions is uniform on [−1, 1]', () => {
    const s = open('sphere');
    const first = Float64Array.from({ length: 50_000 }, () => s.sphere(new Float64Array(3))[0]);
    expect(kolmogorovSmirnov(first, (x) => (x + 1) / 2)).toBeLessThan(KS_LIMIT);
    expect(kolmogorovSmirnov(first, (x) => (1.3 * x + 1) / 2)).toBeGreaterThan(KS_LIMIT);
  });
});

describe('neighbouring streams', () => {
  const base = { seed: 1000, purpose: 'probe', index: 5 };
  const neighbours = [
    { ...base, seed: 1001 },
    { ...base, index: 6 },
    { ...base, purpose: 'probf' },
    { ...base, purpose: 'probe ' },
    { ...base, seed: base.seed + 2 ** 32 },
    { ...base, seed: base.seed + 2 ** 52 },
    { ...base, index: base.index + 2 ** 32 },
    { ...base, seed: 5, index: 1000 },
  ];

  it('are uncorrelated at lags −3 to 3', () => {
    const n = 50_000;
    const x = stream(base).normal(new Float64Array(n));
    const correlation = (y: Float64Array, lag: number): number => {
      let sum = 0;
      for (let i = Math.max(0, -lag); i < n - Math.max(0, lag); i++) sum += x[i] * y[i + lag];
      return sum / Math.sqrt(n);
    };
    for (const other of neighbours) {
      const y = stream(other).normal(new Float64Array(n));
      for (let lag = -3; lag <= 3; lag++) expect(Math.abs(correlation(y, lag))).toBeLessThan(Z);
    }
    for (let lag = 1; lag <= 5; lag++) expect(Math.abs(correlation(x, lag))).toBeLessThan(Z);
    const mixed = x.map((value, i) => 0.3 * value + 0.95 * stream(base).uniform(new Float64Array(1))[0] * (i % 2));
    expect(Math.abs(correlation(mixed, 0))).toBeGreaterThan(Z);
  });

  it('fill the unit square evenly when drawn side by side', () => {
    for (const other of neighbours) {
      const x = stream(base).uniform(new Float64Array(N / 2));
      const y = stream(other).uniform(new Float64Array(N / 2));
      const counts = new Float64Array(256);
      for (let i = 0; i < x.length; i++) counts[16 * Math.floor(16 * x[i]) + Math.floor(16 * y[i])]++;
      expect(chiSquare(counts, x.length / 256)).toBeLessThan(chiSquareLimit(255));
    }
  });

  it('every one of the 53 bits of the seed and of the index changes half of the bits drawn', () => {
    const words = 256;
    const draw = (name: { seed: number; index: number }): Uint32Array => {
      const s = stream({ ...name, purpose: 'avalanche' });
      return Uint32Array.from({ length: words }, () => s.nextUint32());
    };
    const reference = draw({ seed: 0, index: 0 });
    for (let bit = 0; bit < 53; bit++) {
      for (const other of [draw({ seed: 2 ** bit, index: 0 }), draw({ seed: 0, index: 2 ** bit })]) {
        let distance = 0;
        for (let i = 0; i < words; i++) {
          for (let x = other[i] ^ reference[i]; x !== 0; x &= x - 1) distance++;
        }
        expect(Math.abs(distance - 16 * words)).toBeLessThan(Z * Math.sqrt(8 * words));
      }
    }
  });
});
