import { ArgumentError } from '@hyperribbon/contract';
import { describe, expect, it } from 'vitest';
import { eigsh } from '@hyperribbon/lanczos';
import { bulkEdge, DomainError, spectralDensity } from '@hyperribbon/lanczos/density';
import {
  estimateEffectiveDimension,
  eigenvalueCount,
  estimateDiagonal,
  logdet,
  matrixFunction,
  schattenNorm,
  estimateTrace,
} from '@hyperribbon/lanczos/trace';
import { diagonal, fromDense, fromMatvec, materialize, type LinearOperator } from '@hyperribbon/linop';
import { exp, log } from '@hyperribbon/kernels';
import { estimate, meanAndError } from '../src/density/estimate.js';
import { studentCentral, studentQuantile } from '../src/density/studentT.js';
import { assertAtMost, readGolden } from './goldenData.js';
import { dyadics, householderProduct, implicitCases, implicitOperator } from './goldenOperators.js';

interface SlqCase {
  name: string;
  n: number;
  m: number;
  D: number[];
  params: { reflectors: number; seed: number };
  variance: Record<string, { trace: string; rademacher_var: string; gaussian_var: string }>;
}
const slq = readGolden<{ cases: SlqCase[] }>('slq.json').cases;
const operatorOf = (c: SlqCase): LinearOperator =>
  fromMatvec(c.n, householderProduct(Float64Array.from(c.D), c.params.reflectors, c.params.seed));
const implicit = (name: string) => implicitCases.find((c) => c.name === name)!;

describe("Student's t", () => {
  it('quantiles of tables, to 4 digits', () => {
    for (const [level, nu, t] of [
      [0.95, 1, 12.7062],
      [0.95, 2, 4.30265],
      [0.95, 7, 2.36462],
      [0.95, 29, 2.04523],
      [0.99, 10, 3.16927],
      [0.5, 4, 0.740697],
    ] as const) {
      assertAtMost(Math.abs(studentQuantile(level, nu) / t - 1), 1e-5, `nu=${nu}`);
    }
  });
  it('nu = 1 is the arctangent, nu = 2 is t/√(2 + t²)', () => {
    for (const t of [0.1, 1, 7]) {
      assertAtMost(Math.abs(studentCentral(t, 1) - (2 / Math.PI) * Math.atan(t)), 1e-14, 'nu=1');
      assertAtMost(Math.abs(studentCentral(t, 2) - t / Math.sqrt(2 + t * t)), 1e-14, 'nu=2');
    }
  });
});

describe('the standard error of a mean', () => {
  it('is s/√N with N − 1 in s: samples 1, 2, 4, 5 give √(10/3)/2', () => {
    const [mean, error] = meanAndError([1, 2, 4, 5]);
    expect(mean).toBe(3);
    assertAtMost(Math.abs(error - Math.sqrt(10 / 3) / 2), 1e-15, 'standard error');
  });
  it('and the interval adds the truncation bias to t standard errors', () => {
    const kernels = { flavour: 'deterministic', engine: 'wasm' } as const;
    const e = estimate([1, 2, 4, 5], 10, 0.25, { level: 0.95, matvecs: 4, seed: 0, kernels });
    expect(e.value).toBe(13);
    assertAtMost(Math.abs(e.high - (13 + 3.182446 * e.standardError + 0.25)), 1e-5, 'high');
    assertAtMost(Math.abs(e.low - (13 - 3.182446 * e.standardError - 0.25)), 1e-5, 'low');
  });
});

describe('exhausted Krylov spaces are exact', () => {
  for (const [name, d] of [
    ['identity', [2, 2, 2, 2, 2]],
    ['zero', [0, 0, 0, 0]],
    ['two values', [1, 1, 1, 5, 5, 5, 5]],
    ['one', [-3]],
  ] as [string, number[]][]) {
    it(`${name}: trace of x² without error, no NaN`, async () => {
      const report = await spectralDensity(diagonal(Float64Array.from(d)), { steps: 10, probes: 3 });
      const square = report.trace((x) => x * x);
      const exact = d.reduce((s, x) => s + x * x, 0);
      assertAtMost(Math.abs(square.value - exact), 1e-12 * (exact || 1), 'trace');
      assertAtMost(square.truncationBias, 1e-12 * (exact || 1), 'bias');
      expect(report.quadratures.every((q) => q.nodes.length <= new Set(d).size)).toBe(true);
    });
  }
});

describe('variance and confidence', () => {
  it('sample variances of 20 000 Rademacher and Gaussian probes are the exact ones within 10 %', async () => {
    const c = slq[0];
    const op = fromDense(await materialize(operatorOf(c)), c.n);
    for (const distribution of ['rademacher', 'gaussian'] as const) {
      const count = 20000;
      const { standardError } = await estimateTrace(op, { samples: count, seed: 5, distribution });
      const exact = Number(c.variance.x[distribution === 'rademacher' ? 'rademacher_var' : 'gaussian_var']);
      const ratio = (standardError ** 2 * count) / exact;
      expect(ratio).toBeGreaterThan(0.9);
      expect(ratio).toBeLessThan(1.1);
    }
  });
  it('95 % intervals of 30 probes cover the truth 903 to 986 times in 1000 (false alarm 1e-9)', async () => {
    const c = slq[0];
    const exact = Number(c.variance['x^2'].trace);
    const squares = fromDense(await materialize(operatorOf(c)), c.n);
    const square = fromDense(
      await materialize(
        fromMatvec(c.n, async (x, out) => {
          const y = new Float64Array(c.n);
          await squares.apply(x, y);
          await squares.apply(y, out);
        }),
      ),
      c.n,
    );
    let covered = 0;
    let short = 0;
    for (let run = 0; run < 1000; run++) {
      const e = await estimateTrace(square, { samples: 30, seed: run });
      if (e.low <= exact && exact <= e.high) covered++;
      // an interval built with the normal quantile and N in place of N − 1 at 80 % must fail the same gate
      if (Math.abs(e.value - exact) <= 1.28 * e.standardError) short++;
    }
    expect(covered).toBeGreaterThanOrEqual(903);
    expect(covered).toBeLessThanOrEqual(986);
    expect(short).toBeLessThan(903);
  });
  it('probes are independent of how many there are, and seeds of 53 bits differ', async () => {
    const op = operatorOf(slq[0]);
    const few = await spectralDensity(op, { probes: 2, steps: 6, seed: 9 });
    const many = await spectralDensity(op, { probes: 5, steps: 6, seed: 9 });
    const other = await spectralDensity(op, { probes: 2, steps: 6, seed: 9 + 2 ** 32 });
    expect(Array.from(many.quadratures[1].nodes)).toEqual(Array.from(few.quadratures[1].nodes));
    expect(Array.from(other.quadratures[0].nodes)).not.toEqual(Array.from(few.quadratures[0].nodes));
  });
});

describe('golden spectral sums', () => {
  for (const name of ['minij_800', 'kronprod_pd', 'lap2d_40x71', 'pwtk_cluster_h_800']) {
    const c = implicit(name);
    it(`${name}: ln det, exp(−x), x², effective dimension, counts lie in their intervals`, async () => {
      const report = await spectralDensity(implicitOperator(c), { steps: 120, probes: 12, seed: 2, level: 0.999999 });
      const within = (e: { low: number; high: number; standardError: number }, exact: number, what: string): void => {
        expect(e.low <= exact && exact <= e.high, `${what}: ${exact} not in [${e.low}, ${e.high}]`).toBe(true);
        expect(e.standardError / (Math.abs(exact) + c.n)).toBeLessThan(0.3);
      };
      within(
        report.trace((x) => log(x)),
        Number(c.traces.log),
        'log',
      );
      within(
        report.trace((x) => x * x),
        Number(c.traces['x^2']),
        'x^2',
      );
      within(
        report.trace((x) => exp(-x)),
        Number(c.traces['exp(-x)']),
        'exp(-x)',
      );
      for (const [a, exact] of c.eff_dim ?? [])
        within(
          report.trace((x) => x / (x + a)),
          Number(exact),
          `dimension at ${a}`,
        );
      for (const [x, count] of c.count_above.slice(0, 2)) {
        const above = report.count(x, Infinity);
        expect(
          above.low <= count + 1e-9 && count - 1e-9 <= above.high,
          `count above ${x}: ${count} not in [${above.low}, ${above.high}]`,
        ).toBe(true);
      }
    });
  }
  it('logdet, estimateEffectiveDimension, eigenvalueCount are those traces', async () => {
    const op = operatorOf(slq[0]);
    const report = await spectralDensity(op, { steps: 10, probes: 4, seed: 1 });
    expect((await logdet(op, { steps: 10, probes: 4, seed: 1 })).value).toBe(report.trace((x) => log(x)).value);
    expect((await estimateEffectiveDimension(op, 0.1, { steps: 10, probes: 4, seed: 1 })).value).toBe(
      report.trace((x) => x / (x + 0.1)).value,
    );
    expect((await eigenvalueCount(op, 0.2, 0.9, { steps: 10, probes: 4, seed: 1 })).value).toBe(
      report.count(0.2, 0.9).value,
    );
  });
  it('logarithms and inverses outside their domain are DomainErrors, never NaN', async () => {
    const indefinite = diagonal(Float64Array.of(1, 2, 3, -1, 4, 5));
    await expect(logdet(indefinite, { probes: 2 })).rejects.toThrow(DomainError);
    await expect(logdet(diagonal(new Float64Array(5)), { probes: 2 })).rejects.toThrow(DomainError);
    await expect(estimateEffectiveDimension(indefinite, 0.5, { probes: 2 })).rejects.toThrow(DomainError);
    const report = await spectralDensity(diagonal(Float64Array.of(0, 0, 0)), { probes: 2 });
    expect(() => report.trace((x) => 1 / x)).toThrow(DomainError);
    await expect(estimateTrace(indefinite, { f: (x) => Math.sqrt(x), samples: 4 })).rejects.toThrow(DomainError);
    await expect(estimateTrace(indefinite, { f: (x) => Math.sqrt(x), samples: 8, method: 'xtrace' })).rejects.toThrow(
      /f\(/,
    );
  });
});

describe('density and distribution function', () => {
  const c = implicit('deepnet_h_2000');
  it('the density integrates to one on both axes, and its band contains it', async () => {
    const report = await spectralDensity(implicitOperator(implicit('minij_800')), { steps: 60, probes: 4, seed: 1 });
    const [low, high] = report.support;
    const linear = Float64Array.from(
      { length: 4001 },
      (_, i) => low - 0.1 * (high - low) + (1.2 * (high - low) * i) / 4000,
    );
    const curve = report.density(linear, { width: (high - low) / 200 });
    assertAtMost(
      Math.abs(curve.value.reduce((s, v) => s + v, 0) * (linear[1] - linear[0]) - 1),
      1e-6,
      'linear integral',
    );
    const decades = Float64Array.from({ length: 4001 }, (_, i) => -4 + (12 * i) / 4000);
    const logCurve = report.density(
      decades.map((x) => 10 ** x),
      { axis: 'log', width: 0.05 },
    );
    assertAtMost(Math.abs(logCurve.value.reduce((s, v) => s + v, 0) * (12 / 4000) - 1), 1e-6, 'log integral');
    curve.value.forEach((v, i) => expect(curve.low[i] <= v && v <= curve.high[i]).toBe(true));
  });
  it('takes more points than a call has room for arguments, and none', async () => {
    const report = await spectralDensity(diagonal(Float64Array.of(1, 2)), { steps: 2, probes: 2 });
    const many = Float64Array.from({ length: 200_001 }, (_, i) => -2 + (7 * i) / 200_000);
    const { value, width } = report.density(many);
    expect(width).toBe(7 / 50);
    assertAtMost(Math.abs(value.reduce((s, v) => s + v, 0) * (7 / 200_000) - 1), 1e-9, 'integral');
    expect(report.density([]).value.length).toBe(0);
  });
  it('deflated outliers are counted exactly, and the rest has less variance', async () => {
    const op = implicitOperator(c);
    const top = await eigsh(op, { k: 12, tol: 1e-10, seed: 1 });
    const plain = await spectralDensity(op, { steps: 40, probes: 6, seed: 1 });
    const deflated = await spectralDensity(op, { steps: 40, probes: 6, seed: 1, deflate: top });
    const exact = Number(c.traces['x^2']);
    const [a, b] = [plain.trace((x) => x * x), deflated.trace((x) => x * x)];
    expect(b.standardError).toBeLessThan(0.05 * a.standardError);
    expect(Math.abs(b.value - exact)).toBeLessThan(5 * b.standardError + 1e-6 * exact);
    const count = deflated.count(4, Infinity);
    assertAtMost(Math.abs(count.value - top.values.filter((v) => v > 4).length), 1e-6, 'count above 4');
    expect(count.high - count.low).toBeLessThan(1e-6);
  });
  it('the distribution function lies between its moment bounds and rises from 0 to 1', async () => {
    const op = diagonal(Float64Array.from({ length: 300 }, (_, i) => i / 299));
    const report = await spectralDensity(op, { steps: 40, probes: 10, seed: 4, level: 0.999 });
    const x = Float64Array.from({ length: 41 }, (_, i) => -0.01 + (i * 1.02) / 40);
    const { value, low, high } = report.cdf(x);
    assertAtMost(value[0], 1e-6, 'start');
    assertAtMost(Math.abs(value[40] - 1), 1e-6, 'end');
    x.forEach((t, i) => {
      const truth = Math.min(300, Math.max(0, Math.floor(t * 299 + 1e-9) + 1)) / 300;
      const exact = t < 0 ? 0 : truth;
      expect(low[i] <= exact + 1e-12 && exact <= high[i] + 1e-12, `at ${t}: ${exact} in [${low[i]}, ${high[i]}]`).toBe(
        true,
      );
      expect(high[i] - low[i]).toBeLessThan(0.25);
    });
  });
  it('options out of range are refused', async () => {
    const op = diagonal(new Float64Array(5));
    await expect(spectralDensity(op, { probes: 1 })).rejects.toThrow(/probes .*got probes=1/);
    await expect(spectralDensity(op, { level: 1 })).rejects.toThrow(/level .*got level=1/);
    await expect(spectralDensity(op, { deflate: { values: [1], vectors: new Float64Array(3) } })).rejects.toThrow(
      /deflate/,
    );
    await expect(estimateTrace(op, { method: 'xtrace', samples: 3 })).rejects.toThrow(/samples .*got samples=3/);
    await expect(estimateTrace(op, { method: 'girard' as 'xtrace' })).rejects.toThrow(/girard/);
  });
  it('seeds out of range are refused in the name of the function that was called', async () => {
    const op = diagonal(new Float64Array(5).fill(1));
    const options = { seed: -1, probes: 2 };
    const calls: Record<string, () => Promise<unknown>> = {
      spectralDensity: () => spectralDensity(op, options),
      bulkEdge: () => bulkEdge(op, options),
      logdet: () => logdet(op, options),
      eigenvalueCount: () => eigenvalueCount(op, 0, 1, options),
      estimateEffectiveDimension: () => estimateEffectiveDimension(op, 1, options),
      schattenNorm: () => schattenNorm(op, 1, options),
      estimateDiagonal: () => estimateDiagonal(op, { seed: -1 }),
      estimateTrace: () => estimateTrace(op, { seed: -1 }),
    };
    for (const [name, call] of Object.entries(calls))
      await expect(call()).rejects.toThrow(
        new ArgumentError(`${name}: seed must be an integer in [0, 2^53 - 1], got seed=-1`),
      );
    await expect(estimateTrace(op, { seed: -1, f: (x) => x })).rejects.toThrow(/^estimateTrace: seed/);
    await expect(logdet(op, { probes: 1 })).rejects.toThrow(/^logdet: probes .*got probes=1/);
  });
});

describe('trace estimators', () => {
  it('hutch++ and xtrace are exact when the rank is below the sketch', async () => {
    const op = implicitOperator(implicit('rank5_h_300'));
    for (const method of ['hutch++', 'xtrace'] as const) {
      const e = await estimateTrace(op, { method, samples: 30, seed: 3 });
      assertAtMost(Math.abs(e.value - 6.875), 1e-11, method);
      assertAtMost(e.standardError, 1e-11, `${method} error`);
    }
  });
  it('all three lie within 5 standard errors, and the low-rank ones have smaller ones on a decaying spectrum', async () => {
    const c = implicit('knee_f_4096');
    const exact = Number(c.traces.x);
    const errors: Record<string, number> = {};
    for (const method of ['hutchinson', 'hutch++', 'xtrace'] as const) {
      const e = await estimateTrace(implicitOperator(c), { method, samples: 120, seed: 8 });
      assertAtMost(Math.abs(e.value - exact), 5 * e.standardError, method);
      errors[method] = e.standardError;
      expect(e.matvecs).toBe(120);
    }
    expect(errors['hutch++']).toBeLessThan(0.5 * errors.hutchinson);
    expect(errors.xtrace).toBeLessThan(0.5 * errors.hutchinson);
  });
  it('are unbiased: the mean of 400 runs is within 5 of its own standard errors', async () => {
    const c = slq[0];
    const op = fromDense(await materialize(operatorOf(c)), c.n);
    const exact = Number(c.variance.x.trace);
    for (const method of ['hutchinson', 'hutch++', 'xtrace'] as const) {
      const values = await Promise.all(
        Array.from({ length: 400 }, (_, seed) => estimateTrace(op, { method, samples: 12, seed }).then((e) => e.value)),
      );
      const mean = values.reduce((s, v) => s + v, 0) / 400;
      const error = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / 399 / 400);
      assertAtMost(Math.abs(mean - exact), 5 * error, method);
    }
  });
  it('with f they estimate tr f(A)', async () => {
    const c = slq[0];
    const exact = c.D.reduce((s, x) => s + Math.sqrt(x), 0);
    for (const method of ['hutchinson', 'hutch++', 'xtrace'] as const) {
      const e = await estimateTrace(operatorOf(c), { method, samples: 40, seed: 1, f: (x) => Math.sqrt(x), steps: 48 });
      assertAtMost(Math.abs(e.value - exact), 5 * e.standardError + e.truncationBias + 1e-9, method);
    }
  });
  it('matrixFunction of x² is the square', async () => {
    const op = diagonal(Float64Array.of(1, 2, 3, 4));
    const square = await materialize(matrixFunction(op, (x) => x * x, 4));
    square.forEach((v, p) => assertAtMost(Math.abs(v - (p % 5 === 0 ? (p / 5 + 1) ** 2 : 0)), 1e-13, `entry ${p}`));
  });
  it('estimateDiagonal is exact for a diagonal, and covers a full matrix', async () => {
    const exact = await estimateDiagonal(diagonal(Float64Array.of(1, -2, 3)), { samples: 3 });
    expect(Array.from(exact.value)).toEqual([1, -2, 3]);
    expect(Math.max(...exact.standardError)).toBe(0);
    const n = 30;
    const a = new Float64Array(n * n);
    const s = dyadics(3, n * n, 12);
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = s[i * n + j];
    const e = await estimateDiagonal(fromDense(a, n), { samples: 400, seed: 2 });
    e.value.forEach((v, i) => assertAtMost(Math.abs(v - a[i * n + i]), 5 * e.standardError[i], `entry ${i}`));
  });
});
