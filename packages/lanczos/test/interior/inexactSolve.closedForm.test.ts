// Oracle: a diagonal operator whose spectrum is known, with solves that have errors of a known size. What is called converged is right, and the rest says what to do.
import { describe, expect, it } from 'vitest';
import { diagonal, eigshNear, fromMatvec, type InteriorReport } from '../../src/interior.js';
import { minres } from '../../src/solve.js';

const n = 400;
const values = Float64Array.from({ length: n }, (_, i) => i);
const sigma = 100.3;
const A = diagonal(values);
const exact = (b: Float64Array): Float64Array => b.map((x, i) => x / (values[i] - sigma));
const near = (inverse: (b: Float64Array) => Float64Array | Promise<Float64Array>, more = {}): Promise<InteriorReport> =>
  eigshNear(A, { k: 4, sigma, inverse, ...more });

/** An error that is another one at every call. */
function fresh(size: number): (b: Float64Array) => Float64Array {
  let calls = 0;
  return (b) => {
    calls += 1;
    return exact(b).map((x, i) => x * (1 + size * Math.sin(7 * i + calls)));
  };
}

function expectRight({ values: listed, clear, norm }: InteriorReport): void {
  [102, 101, 100, 99].forEach((value, i) => expect(Math.abs(listed[i] - value)).toBeLessThan(1e-8 * norm));
  expect(clear).toBeLessThanOrEqual(1.7 + 1e-9);
  expect(clear).toBeGreaterThan(1.69);
}

describe('a solve with an error', () => {
  it.each([1e-14, 1e-12, 1e-10, 1e-9])('of %d, another one at every call, is allowed for', async (size) => {
    const report = await near(fresh(size));
    expect(report.reason).toBe('converged');
    expectRight(report);
    expect(report.solveError).toBeGreaterThan(size);
  });

  it.each([1e-7, 1e-5, 1e-3])('of %d is told, with the error that would do', async (size) => {
    const { reason, message, converged, clear } = await near(fresh(size));
    expect([reason, converged, clear]).toEqual(['inexact-solve', false, 0]);
    const [, seen, wanted] = /show errors of ([\d.e-]+)\. .* more exactly, to about ([\d.e-]+):/u.exec(message)!;
    expect(Number(seen) / size).toBeGreaterThan(0.3);
    expect(Number(seen) / size).toBeLessThan(3);
    // one that is so exact is taken
    expectRight(await near(fresh(Number(wanted) / 2)));
  });

  it('is found out if it is fixed, not symmetric, rounded to float32, or stops early', async () => {
    for (const size of [1e-11, 1e-3]) {
      const solves = {
        skew: (b: Float64Array) => {
          const x = exact(b);
          return x.map((value, i) => value + size * (x[i - 1] ?? 0));
        },
        rankOne: (b: Float64Array) => {
          const mean = b.reduce((sum, x, i) => sum + x * Math.cos(i), 0) / n;
          return exact(b).map((x, i) => x + 10 * size * mean * Math.sin(3 * i));
        },
        scaled: (b: Float64Array) => exact(b).map((x) => x * (1 + size)),
        early: async (b: Float64Array) =>
          (await minres(A, b, { shift: sigma, tol: size, maxMatvecs: 4000 })).x as Float64Array,
      };
      for (const inverse of Object.values(solves)) {
        const report = await near(inverse);
        if (size < 1e-4) expectRight(report);
        expect(report.reason).toBe(size < 1e-4 ? 'converged' : 'inexact-solve');
      }
    }
    const rounded = await near((b) => Float64Array.from(Float32Array.from(exact(b))));
    expect([rounded.reason, rounded.clear]).toEqual(['inexact-solve', 0]);
    expect((await near((b) => Float64Array.from(Float32Array.from(exact(b))), { tol: 1e-4 })).reason).toBe('converged');
  });

  it('does not cover for an operator that is not symmetric', async () => {
    const B = fromMatvec(n, (x, out) => {
      for (let i = 0; i < n; i++) out[i] = values[i] * x[i] + 0.1 * (x[i - 1] ?? 0);
    });
    const inverse = (b: Float64Array): Float64Array => {
      const x = new Float64Array(n);
      for (let i = 0; i < n; i++) x[i] = (b[i] - 0.1 * (x[i - 1] ?? 0)) / (values[i] - sigma);
      return x;
    };
    const { reason, message } = await eigshNear(B, { k: 4, sigma, inverse });
    expect(reason).toBe('not-symmetric');
    expect(message).toMatch(/A is not symmetric.*verifyOperator/u);
    expect(message).not.toMatch(/with noise/u);
  });
});

describe('what is not finite or throws', () => {
  it('is told of A as of A, and of the solve as of the solve', async () => {
    const nan = fromMatvec(n, (_, out) => out.fill(Number.NaN));
    for (const how of [{ inverse: exact }, { solver: 'minres' }, { solver: 'filter' }, {}] as const)
      await expect(eigshNear(nan, { k: 4, sigma, ...how })).rejects.toThrow(
        /^eigshNear: product 1 has NaN at position 0 of 400; apply must write/u,
      );
    await expect(near((b) => b.map(() => Number.NaN))).rejects.toThrow(
      /^eigshNear: inverse: product 1 has NaN at position 0 of 400; it must give a finite x.*If sigma=100.3 is an eigenvalue.*If it is none the factorisation failed/u,
    );
    let solves = 0;
    const failing = (b: Float64Array): Float64Array => {
      if (++solves === 10) throw new RangeError('pivot 3 is zero');
      return exact(b);
    };
    await expect(near(failing)).rejects.toThrow(/^eigshNear: inverse threw at solve \d+: pivot 3 is zero/u);
    let products = 0;
    const late = fromMatvec(n, (x, out) => {
      if (++products === 300) throw new RangeError('lost');
      for (let i = 0; i < n; i++) out[i] = values[i] * x[i];
    });
    await expect(eigshNear(late, { k: 4, sigma, solver: 'filter' })).rejects.toThrow(
      /^eigshNear: the operator threw at product 300: lost/u,
    );
  });
});

describe('an abort', () => {
  const slow = (abortAt: number, controller: AbortController) => ({
    size: n,
    dtype: 'float64' as const,
    products: 0,
    async apply(x: Float64Array, out: Float64Array) {
      if (++this.products === abortAt) controller.abort();
      await Promise.resolve();
      for (let i = 0; i < n; i++) out[i] = values[i] * x[i];
    },
  });

  it('reports without another product, with a solve what was found', async () => {
    for (const how of ['inverse', 'minres', 'filter', 'square', 'auto'] as const) {
      const controller = new AbortController();
      const op = slow(40, controller);
      const by = how === 'inverse' ? { inverse: exact } : { solver: how, denseBelow: 0 };
      const report = await eigshNear(op as never, { k: 4, sigma, signal: controller.signal, ...by });
      expect([report.reason, report.converged, report.clear, op.products]).toEqual(['aborted', false, 0, 40]);
      if (how !== 'inverse') continue;
      // each as near to an eigenvalue as it says
      expect(report.values.length).toBeGreaterThan(0);
      report.values.forEach((value, i) =>
        expect(Math.abs(value - Math.round(value))).toBeLessThan(report.residualNorms[i]),
      );
    }
  });
});
