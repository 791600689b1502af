import { describe, expect, it } from 'vitest';
import type { AbortError, Progress, WatchOptions } from '@hyperribbon/contract';
import { eigsh } from '@hyperribbon/lanczos';
import { bulkEdge, spectralDensity, type DensityReport } from '@hyperribbon/lanczos/density';
import {
  estimateEffectiveDimension,
  estimateDiagonal,
  logdet,
  schattenNorm,
  estimateTrace,
} from '@hyperribbon/lanczos/trace';
import { diagonal, fromDense, fromMatvec, materialize, type LinearOperator } from '@hyperribbon/linop';
import { assertAtMost } from './goldenData.js';
import { dyadics, householderProduct } from './goldenOperators.js';

const n = 300;
const d = Float64Array.from({ length: n }, (_, i) => 2 ** (-i / 20));
const op = fromMatvec(n, householderProduct(d, 2, 9));

describe('one evidence record', () => {
  it('is in every estimate: level, probes, products, seed, kernels, and value, errors, interval', async () => {
    const settings = { steps: 30, probes: 5, seed: 4, level: 0.9 } as const;
    const report = await spectralDensity(op, settings);
    const numbers = [
      await bulkEdge(op, settings),
      await logdet(op, settings),
      await estimateEffectiveDimension(op, 0.1, settings),
      await schattenNorm(op, 2, settings),
      report.trace((x) => x),
      report.count(0.1, 1),
      report.density([0.1, 0.5]),
      report.cdf([0.1, 0.5]),
      report.cdf([0.1, 0.5], { axis: 'log' }),
    ];
    for (const e of numbers) {
      expect([e.level, e.probes, e.matvecs, e.seed]).toEqual([0.9, 5, 150, 4]);
      expect(e.kernels).toEqual(report.kernels);
    }
    for (const e of [
      ...numbers,
      await estimateTrace(op, { samples: 5, seed: 4, level: 0.9 }),
      await estimateDiagonal(op, { samples: 5, seed: 4, level: 0.9 }),
    ]) {
      const { value, standardError, truncationBias, low, high } = e;
      const all = [value, standardError, truncationBias, low, high].map((x) =>
        typeof x === 'number' ? [x] : Array.from(x),
      );
      expect(new Set(all.map((x) => x.length)).size).toBe(1);
      all[0].forEach((v, i) => expect(all[3][i] <= v && v <= all[4][i]).toBe(true));
      expect([e.level, e.seed]).toEqual([0.9, 4]);
    }
  });
});

describe('truncation', () => {
  it('too few steps show in the bias of density and trace, which widens the interval; enough steps take it away', async () => {
    const few = await spectralDensity(op, { steps: 4, probes: 30, seed: 1, level: 0.999999 });
    const many = await spectralDensity(op, { steps: 60, probes: 30, seed: 1, level: 0.999999 });
    const exact = d.reduce((s, x) => s + Math.log(x + 1e-3), 0);
    const f = (x: number): number => Math.log(Math.max(x, 0) + 1e-3);
    const [rough, fine] = [few.trace(f), many.trace(f)];
    expect(rough.truncationBias).toBeGreaterThan(10 * fine.truncationBias);
    expect(fine.low <= exact && exact <= fine.high, `${exact} in [${fine.low}, ${fine.high}]`).toBe(true);
    // gate S5: a bias below a tenth of the half width needs no more steps
    assertAtMost(fine.truncationBias, 0.1 * (fine.high - fine.low) * 0.5, 'bias against half width');
    const points = Float64Array.from({ length: 9 }, (_, i) => 0.1 + i / 10);
    const bias = (r: typeof few): number => Math.max(...r.density(points, { width: 0.1 }).truncationBias);
    expect(bias(few)).toBeGreaterThan(10 * bias(many));
    const curve = few.density(points, { width: 0.1 });
    curve.high.forEach((h, i) => expect(h).toBeGreaterThanOrEqual(curve.value[i] + curve.truncationBias[i]));
  });
});

describe('truncation of functions that converge slowly', () => {
  // a diagonal: Rademacher probes have no variance, so that all of the error is truncation
  const values = Float64Array.from({ length: 600 }, (_, i) => 1e-6 + ((i + 1) / 600) ** 4);
  const steep = diagonal(values);
  const functions: [name: string, f: (x: number) => number][] = [
    ['logarithm', (x) => Math.log(x)],
    ['fourth root', (x) => Math.sqrt(Math.sqrt(x))],
    ['square root', (x) => Math.sqrt(x)],
  ];
  for (const [name, f] of functions) {
    it(`${name}: the error is at most twice the bias, and at least a tenth of it, in every method`, async () => {
      const exact = values.reduce((sum, x) => sum + f(x), 0);
      for (const steps of [24, 48]) {
        const shared = { f, steps, seed: 1 };
        const one = await estimateTrace(steep, { ...shared, samples: 2 });
        const error = Math.abs(one.value - exact);
        assertAtMost(error, 2 * one.truncationBias, `${name}, ${steps} steps`);
        assertAtMost(one.truncationBias, 10 * error, `${name}, ${steps} steps`);
        expect(one.high - one.low).toBeGreaterThan(2 * one.truncationBias - 1e-9);
        // the sketching methods see the same spectrum through the same functions
        for (const method of ['hutch++', 'xtrace'] as const) {
          const { truncationBias } = await estimateTrace(steep, { ...shared, method, samples: 6 });
          expect(Math.abs(truncationBias / one.truncationBias - 1)).toBeLessThan(1e-6);
        }
      }
    });
  }
  it('a polynomial of low degree has none, also where the space is exhausted early and products are fewer than asked for', async () => {
    const square = (x: number): number => x * x;
    const exact = values.reduce((sum, x) => sum + x * x, 0);
    for (const method of ['hutchinson', 'hutch++', 'xtrace'] as const) {
      const full = await estimateTrace(steep, { method, f: square, steps: 12, samples: 6, seed: 1 });
      assertAtMost(full.truncationBias, 1e-10 * exact, method);
      expect(full.matvecs).toBe(72);
      const two = diagonal(Float64Array.from({ length: 50 }, (_, i) => 1 + (i % 2)));
      const early = await estimateTrace(two, { method, f: square, steps: 12, samples: 6, seed: 1 });
      expect([early.matvecs, early.truncationBias < 1e-12]).toEqual([12, true]);
    }
  });
});

describe('trace', () => {
  it('throws what f is not defined at as a DomainError, in every method', async () => {
    for (const method of ['hutchinson', 'hutch++', 'xtrace'] as const) {
      const run = estimateTrace(diagonal(Float64Array.of(-1, 2, 3, 4, 5, 6)), { method, f: Math.log, samples: 6 });
      await expect(run).rejects.toMatchObject({ name: 'DomainError', at: expect.any(Number) });
    }
  });
  it('takes blocks where the operator does, with the same estimate', async () => {
    for (const method of ['hutchinson', 'hutch++', 'xtrace'] as const) {
      const widths: number[] = [];
      const block: LinearOperator = {
        ...op,
        async applyBlock(x, out, columns) {
          widths.push(columns);
          for (let j = 0; j < columns; j++)
            await op.apply(x.subarray(j * n, (j + 1) * n), out.subarray(j * n, (j + 1) * n));
        },
      };
      const [one, many] = [
        await estimateTrace(op, { method, samples: 30 }),
        await estimateTrace(block, { method, samples: 30 }),
      ];
      expect([many.value, many.matvecs]).toEqual([one.value, 30]);
      expect(widths).toEqual({ hutchinson: [], 'hutch++': [8, 2, 8, 2], xtrace: [8, 7, 8, 7] }[method]);
    }
  });
});

describe('runs that are watched, ended and gone on with', () => {
  const settings = { steps: 20, probes: 6, seed: 3 } as const;
  const slow = (between: (call: number) => void): LinearOperator => {
    let call = 0;
    return fromMatvec(n, async (x, out) => {
      between(++call);
      if (call % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 12));
      await op.apply(x, out);
    });
  };
  it('an aborted density carries the report of its finished probes, and going on from there is the whole run, bit for bit', async () => {
    const whole = await spectralDensity(op, settings);
    const controller = new AbortController();
    const stopping = slow((call) => void (call === 70 && controller.abort('enough')));
    const run = spectralDensity(stopping, { ...settings, signal: controller.signal });
    const error = (await run.catch((e: unknown) => e)) as AbortError<DensityReport>;
    expect([error.name, error.cause]).toEqual(['AbortError', 'enough']);
    const partial = error.partial!;
    expect([partial.probes, partial.jacobi.length]).toEqual([3, 3]);
    const [few, all] = [partial.trace((x) => x), whole.trace((x) => x)];
    expect(few.standardError).toBeGreaterThan(0);
    expect([few.probes, all.probes]).toEqual([3, 6]);
    let calls = 0;
    const rest = await spectralDensity(
      slow(() => void calls++),
      { ...settings, resume: partial.jacobi },
    );
    // one of them to see that the probes are of this operator
    expect(calls).toBe(61);
    expect(rest.matvecs).toBe(whole.matvecs + 1);
    expect(rest.jacobi).toEqual(whole.jacobi);
    const { matvecs } = rest;
    expect(rest.cdf([0.2], { axis: 'log' })).toEqual({ ...whole.cdf([0.2], { axis: 'log' }), matvecs });
  });
  it('probes of another operator, seed, step count, distribution or deflation are not gone on from', async () => {
    for (const size of [1, 1e150, 1e-150]) {
      const scaled = fromMatvec(n, (x, out) => {
        void op.apply(x, out);
        for (let i = 0; i < n; i++) out[i] *= size;
      });
      const { jacobi: resume } = await spectralDensity(scaled, { ...settings, probes: 2 });
      const same = { ...settings, resume };
      expect((await spectralDensity(scaled, { ...same, probes: 2 })).jacobi).toEqual(resume);
      const twice = fromMatvec(n, (x, out) => {
        void scaled.apply(x, out);
        for (let i = 0; i < n; i++) out[i] *= 2;
      });
      const known = await eigsh(scaled, { k: 2, tol: 1e-10 });
      for (const other of [
        () => spectralDensity(twice, same),
        () => spectralDensity(diagonal(new Float64Array(n)), same),
        () => spectralDensity(scaled, { ...same, seed: 4 }),
        () => spectralDensity(scaled, { ...same, steps: 21 }),
        () => spectralDensity(scaled, { ...same, steps: 19 }),
        () => spectralDensity(scaled, { ...same, distribution: 'gaussian' }),
        () => spectralDensity(scaled, { ...same, deflate: known }),
        () => spectralDensity(scaled, { ...same, resume: resume.toReversed() }),
      ])
        await expect(other()).rejects.toThrow(/^spectralDensity: resume holds probes of another run/);
    }
  });
  it('probes that ended early are gone on from: order 1, zeros', async () => {
    for (const d of [Float64Array.of(3), new Float64Array(40)]) {
      const { jacobi: resume } = await spectralDensity(diagonal(d), { probes: 2 });
      expect((await spectralDensity(diagonal(d), { probes: 4, resume })).jacobi.length).toBe(4);
    }
  });
  it('an abort before two probes are done has no report; one in a trace comes within a product', async () => {
    for (const run of [
      (signal: AbortSignal, a: LinearOperator) => spectralDensity(a, { ...settings, signal }),
      (signal: AbortSignal, a: LinearOperator) => estimateTrace(a, { signal }),
      (signal: AbortSignal, a: LinearOperator) =>
        estimateTrace(a, { signal, method: 'xtrace', f: (x) => x, steps: 50 }),
      (signal: AbortSignal, a: LinearOperator) => estimateDiagonal(a, { signal }),
    ]) {
      const controller = new AbortController();
      let calls = 0;
      const a = fromMatvec(n, (x, out) => {
        if (++calls === 7) controller.abort();
        return op.apply(x, out) as void;
      });
      const error = (await run(controller.signal, a).catch((e: unknown) => e)) as AbortError;
      expect([error.name, calls]).toEqual(['AbortError', 7]);
      expect(error.partial).toBeUndefined();
    }
  });
  it('progress says how many products and how much time are left', async () => {
    for (const [total, run] of [
      [
        120,
        (w: WatchOptions) =>
          spectralDensity(
            slow(() => undefined),
            { ...settings, ...w },
          ),
      ],
      [
        60,
        (w: WatchOptions) =>
          estimateTrace(
            slow(() => undefined),
            { samples: 60, ...w },
          ),
      ],
      [
        60,
        (w: WatchOptions) =>
          estimateDiagonal(
            slow(() => undefined),
            { samples: 60, ...w },
          ),
      ],
    ] as const) {
      const seen: Progress[] = [];
      await run({ onProgress: (progress) => seen.push(progress) });
      expect(seen.length).toBeGreaterThan(0);
      for (const p of seen) {
        expect([p.of, p.done > 0 && p.done <= total]).toEqual([total, true]);
        expect(p.secondsLeft! > 0).toBe(p.done < total);
      }
    }
  });
});

describe('distribution functions', () => {
  it('count eigenvalues of the sign of x up to its magnitude', async () => {
    const mixed = diagonal(Float64Array.of(-4, -2, -1, 0, 0.5, 1, 8, 8));
    const report = await spectralDensity(mixed, { steps: 8, probes: 6, seed: 1 });
    const { value } = report.cdf([0.25, 0.75, 2, 10, -0.5, -1.5, -10], { axis: 'log' });
    [0, 1, 2, 4, 0, 1, 3].forEach((count, i) => assertAtMost(Math.abs(value[i] - count / 8), 1e-9, `point ${i}`));
    const linear = report.cdf([-3, 0.25, 2]).value;
    [1, 4, 6].forEach((count, i) => assertAtMost(Math.abs(linear[i] - count / 8), 1e-9, `linear ${i}`));
  });
  it('deflated values are counted without error', async () => {
    const top = await eigsh(op, { k: 6, tol: 1e-12 });
    const report = await spectralDensity(op, { steps: 40, probes: 4, seed: 1, deflate: top });
    const x = (d[5] + d[6]) / 2;
    const above = 1 - report.cdf([x]).value[0];
    assertAtMost(Math.abs(above - 6 / n), 1e-6, 'share above');
  });
});

describe('XDiag', () => {
  it('of order one is exact, without error: no NaN from a single sample', async () => {
    for (const method of ['hutchinson', 'xdiag'] as const) {
      const { value, standardError, low, high } = await estimateDiagonal(diagonal(Float64Array.of(7)), { method });
      expect([value[0], standardError[0], low[0], high[0]]).toEqual([7, 0, 7, 7]);
    }
  });
  it('is exact when the rank is below the sketch, where Hutchinson is not', async () => {
    const low = fromMatvec(
      n,
      householderProduct(
        Float64Array.from({ length: n }, (_, i) => (i < 5 ? 5 - i : 0)),
        2,
        3,
      ),
    );
    const matrix = await materialize(low);
    const exact = Float64Array.from({ length: n }, (_, i) => matrix[i * n + i]);
    const x = await estimateDiagonal(low, { method: 'xdiag', samples: 30, seed: 2 });
    const plain = await estimateDiagonal(low, { samples: 30, seed: 2 });
    x.value.forEach((v, i) => assertAtMost(Math.abs(v - exact[i]), 1e-11, `entry ${i}`));
    expect(Math.max(...plain.standardError)).toBeGreaterThan(1e-3);
    expect([x.probes, x.matvecs]).toEqual([15, 30]);
  });
  it('covers the diagonal of a full matrix, with smaller errors where the spectrum decays', async () => {
    const steep = fromMatvec(
      n,
      householderProduct(
        d.map((x) => x ** 4),
        2,
        9,
      ),
    );
    const matrix = await materialize(steep);
    const exact = Float64Array.from({ length: n }, (_, i) => matrix[i * n + i]);
    const x = await estimateDiagonal(steep, { method: 'xdiag', samples: 120, seed: 2 });
    const plain = await estimateDiagonal(steep, { samples: 120, seed: 2 });
    x.value.forEach((v, i) => assertAtMost(Math.abs(v - exact[i]), 7 * x.standardError[i] + 1e-13, `entry ${i}`));
    const mean = (a: Float64Array): number => a.reduce((s, v) => s + v, 0) / n;
    const rms = Math.sqrt(mean(x.value.map((v, i) => ((v - exact[i]) / x.standardError[i]) ** 2)));
    assertAtMost(rms, 2, 'errors in units of their standard error');
    expect(mean(x.standardError)).toBeLessThan(0.5 * mean(plain.standardError));
  });
  it('is unbiased: the mean of 300 runs is within 5 of its standard errors', async () => {
    const m = 12;
    const s = dyadics(8, m * m, 12);
    const a = new Float64Array(m * m);
    for (let i = 0; i < m; i++) for (let j = 0; j <= i; j++) a[i * m + j] = a[j * m + i] = s[i * m + j];
    const small = fromDense(a, m);
    const values = await Promise.all(
      Array.from({ length: 300 }, (_, seed) => estimateDiagonal(small, { method: 'xdiag', samples: 8, seed })),
    );
    for (let i = 0; i < m; i++) {
      const list = values.map((e) => e.value[i]);
      const mean = list.reduce((t, v) => t + v, 0) / 300;
      const error = Math.sqrt(list.reduce((t, v) => t + (v - mean) ** 2, 0) / 299 / 300);
      assertAtMost(Math.abs(mean - a[i * m + i]), 5 * error, `entry ${i}`);
    }
    await expect(estimateDiagonal(small, { method: 'xdiag', samples: 3 })).rejects.toThrow(/>= 4, got samples=3/);
  });
});
