// Oracle: operators whose whole spectrum is known in closed form, with solves that a user would write; and dense spectra of random matrices.
import { describe, expect, it } from 'vitest';
import { stream } from '@hyperribbon/random';
import { eigh } from '../../src/index.js';
import {
  diagonal,
  eigshNear,
  fromDense,
  fromMatvec,
  type InteriorReport,
  type LinearOperator,
} from '../../src/interior.js';

/** The k of all that are nearest to sigma, descending. */
function nearest(all: ArrayLike<number>, k: number, sigma: number): number[] {
  return Array.from(all)
    .sort((a, b) => Math.abs(a - sigma) - Math.abs(b - sigma))
    .slice(0, k)
    .sort((a, b) => b - a);
}

/** What is claimed is true: values with multiplicity, each in its radius, and nothing else nearer than `clear`. */
function expectRight(report: InteriorReport, all: ArrayLike<number>, k: number, sigma: number): void {
  const wanted = nearest(all, k, sigma);
  expect(report.converged).toBe(true);
  expect(report.values).toHaveLength(k);
  report.values.forEach((value, i) => {
    expect(Math.abs(value - wanted[i])).toBeLessThanOrEqual(Math.max(report.radius[i], 1e-8 * report.norm));
  });
  const unlisted = nearest(all, k + 1, sigma).length > k ? Math.abs(distances(all, sigma)[k]) : Infinity;
  expect(report.clear).toBeLessThanOrEqual(unlisted * (1 + 1e-9));
}

const distances = (all: ArrayLike<number>, sigma: number): number[] =>
  Array.from(all, (value) => Math.abs(value - sigma)).sort((a, b) => a - b);

/** Either right, or not called converged. */
function expectHonest(report: InteriorReport, all: ArrayLike<number>, k: number, sigma: number): void {
  if (report.converged) expectRight(report, all, k, sigma);
  else expect(['max-matvecs', 'unresolved', 'unverified']).toContain(report.reason);
}

/** x ← T⁻¹ b for a tridiagonal matrix with constant off-diagonal. */
function tridiagonalSolve(main: Float64Array, off: number): (b: ArrayLike<number>) => Float64Array {
  const [pivots, factors] = [main.slice(), new Float64Array(main.length)];
  for (let i = 1; i < main.length; i++) {
    factors[i] = off / pivots[i - 1];
    pivots[i] -= factors[i] * off;
  }
  return (b) => {
    const x = Float64Array.from(b);
    for (let i = 1; i < x.length; i++) x[i] -= factors[i] * x[i - 1];
    for (let i = 0; i < x.length; i++) x[i] /= pivots[i];
    for (let i = x.length - 2; i >= 0; i--) x[i] -= factors[i + 1] * x[i + 1];
    return x;
  };
}

/** The cycle of n and a solve of it without sigma, by a tridiagonal matrix and a correction of rank one. */
function cycle(n: number): {
  A: LinearOperator;
  all: Float64Array;
  solve: (sigma: number) => (b: Float64Array) => Float64Array;
} {
  const A = fromMatvec(n, (x, out) => {
    for (let i = 0; i < n; i++) out[i] = 2 * x[i] - x[(i + n - 1) % n] - x[(i + 1) % n];
  });
  const all = Float64Array.from({ length: n }, (_, i) => 4 * Math.sin((Math.PI * i) / n) ** 2);
  const solve = (sigma: number): ((b: Float64Array) => Float64Array) => {
    const a = 2 - sigma;
    const main = new Float64Array(n).fill(a);
    [main[0], main[n - 1]] = [2 * a, a + 1 / a];
    const T = tridiagonalSolve(main, -1);
    const corner = new Float64Array(n);
    [corner[0], corner[n - 1]] = [-a, -1];
    const q = T(corner);
    return (b) => {
      const y = T(b);
      const f = (y[0] + y[n - 1] / a) / (1 + q[0] + q[n - 1] / a);
      return y.map((value, i) => value - f * q[i]);
    };
  };
  return { A, all, solve };
}

describe('with a solve', () => {
  it('10 values around any number of the 100 × 100 grid Laplacian take as many solves as ARPACK', async () => {
    const m = 100;
    const A = fromMatvec(m * m, (x, out) => {
      for (let p = 0; p < m * m; p++) {
        const [i, j] = [Math.floor(p / m), p % m];
        out[p] =
          4 * x[p] -
          (i > 0 ? x[p - m] : 0) -
          (i < m - 1 ? x[p + m] : 0) -
          (j > 0 ? x[p - 1] : 0) -
          (j < m - 1 ? x[p + 1] : 0);
      }
    });
    const one = Float64Array.from({ length: m }, (_, i) => 4 * Math.sin((Math.PI * (i + 1)) / (2 * (m + 1))) ** 2);
    const sines = Float64Array.from(
      { length: m * m },
      (_, p) => Math.sqrt(2 / (m + 1)) * Math.sin((Math.PI * (Math.floor(p / m) + 1) * ((p % m) + 1)) / (m + 1)),
    );
    const times = (x: ArrayLike<number>, y: ArrayLike<number>): Float64Array => {
      const z = new Float64Array(m * m);
      for (let i = 0; i < m; i++)
        for (let l = 0; l < m; l++) for (let j = 0, a = x[i * m + l]; j < m; j++) z[i * m + j] += a * y[l * m + j];
      return z;
    };
    const all = Float64Array.from({ length: m * m }, (_, p) => one[Math.floor(p / m)] + one[p % m]);
    // SciPy 1.x eigsh(L, k=10, sigma=s) with its default tolerance, from a normal start: calls of OPinv
    for (const [sigma, arpack] of [
      [0, 73],
      [1.0001, 61],
      [4.01, 68],
    ] as const) {
      const inverse = (b: Float64Array): Float64Array => {
        const t = times(times(sines, b), sines);
        return times(
          times(
            sines,
            t.map((value, p) => value / (all[p] - sigma)),
          ),
          sines,
        );
      };
      const report = await eigshNear(A, { k: 10, sigma, inverse });
      expectRight(report, all, 10, sigma);
      expect(report.solves).toBeLessThanOrEqual(1.2 * arpack);
      expect(report.solveError).toBeLessThan(1e-6);
    }
  });

  it('the smallest of the cycle of 1,500, doubles all of them, and values inside', async () => {
    const { A, all, solve } = cycle(1500);
    for (const [k, sigma] of [
      [8, -1e-3],
      [9, -1e-3],
      [6, 1.234],
      [7, 4.1],
    ] as const)
      expectRight(await eigshNear(A, { k, sigma, inverse: solve(sigma) }), all, k, sigma);
  });

  it('the smallest of minij 1,234, whose inverse is a second difference, and of a sloppy spectrum', async () => {
    const n = 1234;
    const A = fromMatvec(n, (x, out) => {
      // min(i, j) is a sum of sums
      let sum = 0;
      for (let i = n - 1; i >= 0; i--) out[i] = sum += x[i];
      for (let i = 1; i < n; i++) out[i] += out[i - 1];
    });
    const all = Float64Array.from(
      { length: n },
      (_, i) => 1 / (4 * Math.sin((Math.PI * (i + 0.5)) / (2 * n + 1)) ** 2),
    );
    const inverse = (b: Float64Array): Float64Array =>
      b.map((value, i) => (i < n - 1 ? 2 * value - b[i + 1] : value) - (i > 0 ? b[i - 1] : 0));
    expectRight(await eigshNear(A, { k: 8, sigma: 0, inverse, tol: 1e-10 }), all, 8, 0);
    const sloppy = Float64Array.from({ length: 1500 }, (_, i) => 10 ** (-i / 150));
    const report = await eigshNear(diagonal(sloppy), {
      k: 8,
      sigma: 0,
      inverse: (b: Float64Array) => b.map((x, i) => x / sloppy[i]),
    });
    expectRight(report, sloppy, 8, 0);
    for (let i = 0; i < 8; i++) expect(report.values[i] / sloppy[1492 + i]).toBeCloseTo(1, 4);
  });

  it('random matrices with eigenvalues that repeat', async () => {
    for (let seed = 0; seed < 40; seed++) {
      const draw = stream({ seed, purpose: 'test/eigshNear' });
      const n = 2 + (seed % 20) * 3;
      const g = new Float64Array(n * n);
      draw.normal(g);
      const { vectors } = eigh(
        g.map((value, at) => value + g[(at % n) * n + Math.floor(at / n)]),
        n,
        { vectors: true },
      );
      const all = Float64Array.from({ length: n }, (_, i) => (seed % 3 === 0 ? Math.floor(i / 2) : i + Math.sin(i)));
      const sigma = 0.37 * n + 0.213;
      const k = 1 + (seed % Math.min(n, 5));
      const build = (of: (value: number) => number): Float64Array => {
        const a = new Float64Array(n * n);
        for (let e = 0; e < n; e++)
          for (let i = 0; i < n; i++)
            for (let j = 0; j < n; j++) a[i * n + j] += of(all[e]) * vectors[e * n + i] * vectors[e * n + j];
        return a;
      };
      const solve = build((value) => 1 / (value - sigma));
      const inverse = (b: Float64Array): Float64Array =>
        b.map((_, i) => b.reduce((sum, x, j) => sum + solve[i * n + j] * x, 0));
      const report = await eigshNear(
        fromDense(
          build((value) => value),
          n,
        ),
        { k, sigma, inverse, seed, denseBelow: seed % 2 === 0 ? 0 : 1024 },
      );
      // of two at one distance from sigma either may be listed
      expect(report.converged).toBe(true);
      const apart = distances(report.values, sigma);
      distances(all, sigma)
        .slice(0, k)
        .forEach((distance, i) => expect(apart[i]).toBeCloseTo(distance, 9));
    }
  });
});

describe('a solve that is not one', () => {
  const { A, solve } = cycle(400);

  it('of another sigma, of another matrix, with noise: told, and nothing is called converged', async () => {
    const wrong = await eigshNear(A, { k: 5, sigma: 1.1, inverse: solve(1.13) });
    expect([wrong.reason, wrong.clear, wrong.converged]).toEqual(['inexact-solve', 0, false]);
    const scaled = await eigshNear(A, { k: 5, sigma: 1.1, inverse: (b: Float64Array) => b.map((x) => x / 3) });
    expect(scaled.converged).toBe(false);
    const good = solve(1.1);
    let calls = 0;
    const noisy = await eigshNear(A, {
      k: 5,
      sigma: 1.1,
      inverse: (b: Float64Array) => {
        calls += 1;
        return good(b).map((x, i) => x * (1 + 1e-2 * Math.sin(i * 7 + calls)));
      },
    });
    expect(noisy.converged).toBe(false);
    expect(noisy.solveError).toBeGreaterThan(0.5);
  });

  it('that gets worse after it was tried out: told', async () => {
    const values = Float64Array.from({ length: 1500 }, (_, i) => i);
    let calls = 0;
    const report = await eigshNear(diagonal(values), {
      k: 3,
      sigma: 700.2,
      inverse: (b: Float64Array) => {
        calls += 1;
        return b.map((x, i) => (i === 700 && calls > 3 ? 0 : x / (values[i] - 700.2)));
      },
    });
    expect([report.reason, report.converged, report.clear]).toEqual(['inexact-solve', false, 0]);
    expect(report.solveError).toBeGreaterThan(0.01);
  });

  it('a small error of the solve is allowed for', async () => {
    const good = solve(1.1);
    const report = await eigshNear(A, {
      k: 4,
      sigma: 1.1,
      inverse: (b: Float64Array) => good(b).map((x) => x * (1 + 1e-12)),
    });
    expect(report.converged).toBe(true);
    // what is seen of random vectors, times √n and more: other directions may have all of it
    expect(report.solveError).toBeGreaterThan(1e-10);
  });

  it('of a sigma that differs by less than the solve shows, where that changes which is nearest', async () => {
    const values = Float64Array.from({ length: 300 }, (_, i) => (i === 100 ? 700 : i));
    const at = (sigma: number) => (b: Float64Array) => b.map((x, i) => x / (values[i] - sigma));
    const sigma = 100 + 1e-6;
    const right = await eigshNear(diagonal(values), { k: 1, sigma, inverse: at(sigma), tol: 1e-11 });
    expect([Math.round(right.values[0]), right.converged]).toEqual([101, true]);
    const other = await eigshNear(diagonal(values), { k: 1, sigma, inverse: at(100 - 1e-6), tol: 1e-11 });
    expect(other.solveError).toBeLessThan(0.5);
    expect([Math.round(other.values[0]), other.reason]).toEqual([99, 'inexact-solve']);
  });

  it('at an eigenvalue: what is not finite is refused with what to do, what is huge is not believed', async () => {
    const values = Float64Array.from({ length: 300 }, (_, i) => i);
    const at = (sigma: number) => (b: Float64Array) => b.map((x, i) => x / (i - sigma));
    await expect(eigshNear(diagonal(values), { k: 3, sigma: 100, inverse: at(100) })).rejects.toThrow(
      /^eigshNear: inverse: product 1 has .*If sigma=100 is an eigenvalue.*move sigma/u,
    );
    const near = await eigshNear(diagonal(values), { k: 3, sigma: 100, inverse: at(100 + 1e-14) });
    expect(near.converged).toBe(false);
    const apart = await eigshNear(diagonal(values), { k: 3, sigma: 100 + 1e-5, inverse: at(100 + 1e-5) });
    expectRight(apart, values, 3, 100 + 1e-5);
  });
});

describe('without a solve', () => {
  it('is right where it can be', async () => {
    const values = Float64Array.from({ length: 200 }, (_, i) => i);
    for (const sigma of [-3, 57.2, 100.4, 250]) {
      const report = await eigshNear(diagonal(values), { k: 3, sigma });
      expectRight(report, values, 3, sigma);
      expect([report.solves, report.solveError]).toEqual([0, 0]);
    }
    const long = Float64Array.from({ length: 1200 }, (_, i) => (i < 5 ? 10 + i : 100 + (i % 37)));
    expectRight(await eigshNear(diagonal(long), { k: 5, sigma: 9 }), long, 5, 9);
  });

  it('is right or says that it is not: the cycle, minij, a sloppy spectrum', async () => {
    const { A, all } = cycle(1500);
    expectHonest(await eigshNear(A, { k: 8, sigma: -1e-3, maxMatvecs: 1500 }), all, 8, -1e-3);
    const sloppy = Float64Array.from({ length: 1500 }, (_, i) => 10 ** (-i / 150));
    expectHonest(await eigshNear(diagonal(sloppy), { k: 8, sigma: 0, maxMatvecs: 1500 }), sloppy, 8, 0);
    const n = 1234;
    const minij = fromMatvec(n, (x, out) => {
      let sum = 0;
      for (let i = n - 1; i >= 0; i--) out[i] = sum += x[i];
      for (let i = 1; i < n; i++) out[i] += out[i - 1];
    });
    const of = Float64Array.from({ length: n }, (_, i) => 1 / (4 * Math.sin((Math.PI * (i + 0.5)) / (2 * n + 1)) ** 2));
    expectHonest(await eigshNear(minij, { k: 8, sigma: 0, maxMatvecs: 1500 }), of, 8, 0);
  });

  it('does not take a mixture of two at one distance for one of them', async () => {
    const values = Float64Array.from({ length: 150 }, (_, i) => (i === 100 ? 400 : i));
    const of = { sigma: 100, denseBelow: 0 } as const;
    const report = await eigshNear(diagonal(values), { ...of, k: 1, solver: 'square' });
    expect([report.reason, report.converged]).toEqual(['unresolved', false]);
    expectRight(await eigshNear(diagonal(values), { ...of, k: 2, solver: 'square' }), values, 2, 100);
    // more than k are found near the peak of a polynomial, so that either of the two may be listed
    const one = await eigshNear(diagonal(values), { ...of, k: 1, solver: 'filter' });
    expect([Math.abs(one.values[0] - 100), one.method, one.converged]).toEqual([expect.closeTo(1, 9), 'filter', true]);
  });

  it('by solves of minres, for values far inside', async () => {
    const { A, all } = cycle(300);
    const report = await eigshNear(A, { k: 4, sigma: 1.234, solver: 'minres', maxMatvecs: 60_000 });
    expectRight(report, all, 4, 1.234);
    expect(report.matvecs).toBeGreaterThan(report.solves);
    const short = await eigshNear(A, { k: 4, sigma: 1.234, solver: 'minres', maxMatvecs: 300 });
    expect(short.converged).toBe(false);
  });
});

describe('what is unusual', () => {
  it.each([1e-150, 1e150])('operators of size %d', async (size) => {
    const values = Float64Array.from({ length: 120 }, (_, i) => i * size);
    const sigma = 40.2 * size;
    const inverse = (b: Float64Array): Float64Array => b.map((x, i) => x / (values[i] - sigma));
    expectRight(await eigshNear(diagonal(values), { k: 3, sigma, inverse }), values, 3, sigma);
    expectRight(await eigshNear(diagonal(values), { k: 3, sigma }), values, 3, sigma);
  });

  it('order 1, all of them, zero, float32', async () => {
    const one = await eigshNear(diagonal(Float64Array.of(5)), {
      k: 1,
      sigma: 1,
      inverse: (b: Float64Array) => b.map((x) => x / 4),
    });
    expect([one.values[0], one.clear]).toEqual([5, Infinity]);
    const values = Float64Array.of(3, 1, 2, 2);
    const whole = await eigshNear(diagonal(values), {
      k: 4,
      sigma: 0.5,
      inverse: (b: Float64Array) => b.map((x, i) => x / (values[i] - 0.5)),
    });
    expect([...whole.values].map((x) => Math.round(x * 1e9) / 1e9)).toEqual([3, 2, 2, 1]);
    const zero = await eigshNear(diagonal(new Float64Array(6)), {
      k: 2,
      sigma: 1,
      inverse: (b: Float64Array) => b.map((x) => -x),
    });
    expect([...zero.values]).toEqual([0, 0]);
    const single = Float32Array.from({ length: 200 }, (_, i) => i);
    const report = await eigshNear(diagonal(single), {
      k: 3,
      sigma: 100.2,
      inverse: (b: Float32Array) => b.map((x, i) => x / (i - 100.2)),
    });
    expect(report.vectors).toBeInstanceOf(Float32Array);
    expectRight(report, single, 3, 100.2);
  });

  it('an aborted search reports; bad arguments are named', async () => {
    const A = diagonal(Float64Array.from({ length: 100 }, (_, i) => i));
    await expect(eigshNear(A, { k: 0, sigma: 1 })).rejects.toThrow(/eigshNear: k must be an integer in \[1, 100\]/u);
    await expect(eigshNear(A, { k: 1, sigma: Number.NaN })).rejects.toThrow(/eigshNear: sigma must be finite/u);
    await expect(eigshNear(A, { k: 1, sigma: 1, inverse: 3 as never })).rejects.toThrow(
      /eigshNear: inverse must be a function/u,
    );
    await expect(eigshNear(A, { k: 1, sigma: 1, which: 'LA' } as never)).rejects.toThrow(
      /which is no option of eigshNear/u,
    );
    await expect(eigshNear(A, { k: 1, sigma: 1, inverse: (b: Float64Array) => b, solver: 'minres' })).rejects.toThrow(
      /solver is for searches without inverse/u,
    );
  });
});
