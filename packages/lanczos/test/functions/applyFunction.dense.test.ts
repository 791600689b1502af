// Oracle: f of the eigen-decomposition that the matrix was made from, and closed forms of diagonal operators.
import { describe, expect, it } from 'vitest';
import { stream } from '@hyperribbon/random';
import { applyFunction, diagonal, fromMatvec, type FunctionName } from '../../src/functions.js';

const fs: Readonly<Record<FunctionName, (x: number) => number>> = {
  exp: Math.exp,
  sqrt: Math.sqrt,
  inverse: (x) => 1 / x,
  'inverse-sqrt': (x) => 1 / Math.sqrt(x),
  log: Math.log,
};
const length = (x: ArrayLike<number>): number => Math.hypot(...Array.from(x));

/** A random problem: H diag(values) H with a reflection H, and the exact f(A) b. */
function problem(seed: number, name: FunctionName) {
  const draw = stream({ seed, purpose: 'test/applyFunction' });
  const unit = new Float64Array(4);
  draw.uniform(unit);
  const n = 5 + Math.floor(unit[0] * 200);
  const kind = Math.floor(unit[1] * 4);
  const spread = 10 ** (4 * unit[2]);
  const values = Float64Array.from({ length: n }, (_, i) => {
    const t = i / Math.max(1, n - 1);
    if (kind === 0) return 1 + (spread - 1) * t;
    if (kind === 1) return spread ** t;
    if (kind === 2) return 1 + Math.floor(t * 6);
    return 1 + spread * t * t * t;
  });
  if (name === 'exp') {
    const largest = Math.max(...values);
    const scale = (20 * unit[3] - 10) / largest;
    values.forEach((value, i) => (values[i] = value * scale));
  }
  if (name === 'sqrt' && seed % 2 === 0) for (let i = 0; i < n; i += 3) values[i] = 0;
  const [h, b] = [new Float64Array(n), new Float64Array(n)];
  draw.normal(h);
  draw.normal(b);
  const reflect = (x: Float64Array): Float64Array => {
    const share =
      (2 * h.reduce((sum, value, i) => sum + value * x[i], 0)) / h.reduce((sum, value) => sum + value * value, 0);
    return x.map((value, i) => value - share * h[i]);
  };
  const through = (of: (x: number) => number, x: Float64Array): Float64Array =>
    reflect(reflect(x).map((value, i) => of(values[i]) * value));
  const A = fromMatvec(n, (x) => through((value) => value, x));
  return { A, b, exact: through(fs[name], b), values };
}

describe('f(A) b is within the tolerance asked for', () => {
  for (const name of ['exp', 'sqrt', 'inverse', 'log', 'inverse-sqrt'] as const)
    for (const tol of [1e-3, 1e-8])
      it(`${name}, to ${tol}, of 25 random problems`, async () => {
        for (let seed = 0; seed < 25; seed++) {
          const { A, b, exact, values } = problem(seed, name);
          const report = await applyFunction(A, b, name, { tol });
          const off = length(exact.map((value, i) => value - report.y[i]));
          // roots of values that are zero to rounding are known to half the digits
          const floor = name === 'sqrt' && tol < 1e-6 && values.includes(0);
          expect(report.reason, `seed ${seed}`).toBe(floor ? 'noise-floor' : 'converged');
          if (!floor) expect(off, `seed ${seed}`).toBeLessThanOrEqual(tol * length(exact));
          expect(off, `seed ${seed}`).toBeLessThanOrEqual(report.error + 1e-12 * length(exact));
          expect(report.norm / length(exact)).toBeCloseTo(1, 2);
          const slack = 1e-10 * Math.max(...values.map(Math.abs));
          expect(report.range[0]).toBeGreaterThanOrEqual(Math.min(...values) - slack);
          expect(report.range[1]).toBeLessThanOrEqual(Math.max(...values) + slack);
        }
      });
});

describe('what is unusual', () => {
  it('functions of one’s own, zero vectors, order 1, a vector in few directions', async () => {
    const A = diagonal(Float64Array.from({ length: 40 }, (_, i) => i));
    const cube = await applyFunction(A, new Float64Array(40).fill(1), (x) => x ** 3 - x);
    cube.y.forEach((value, i) => expect(Math.abs(value - (i ** 3 - i))).toBeLessThan(1e-8 * cube.norm));
    const zero = await applyFunction(A, new Float64Array(40), 'exp');
    expect([length(zero.y), zero.converged, zero.matvecs]).toEqual([0, true, 0]);
    const one = await applyFunction(diagonal(Float64Array.of(4)), [3], 'sqrt');
    expect([one.y[0], one.matvecs]).toEqual([6, 1]);
    const few = new Float64Array(40);
    [few[3], few[7]] = [1, 2];
    const two = await applyFunction(A, few, 'sqrt');
    expect(two.matvecs).toBe(2);
    expect(two.y[7]).toBeCloseTo(2 * Math.sqrt(7), 13);
    expect((await applyFunction(diagonal(new Float64Array(5)), [1, 2, 3, 4, 5], 'exp')).y[4]).toBeCloseTo(5, 12);
  });

  it.each([1e-150, 1e150, 1e-300, 1e300])('vectors and operators of size %d', async (size) => {
    const values = Float64Array.from({ length: 60 }, (_, i) => 1 + i);
    const large = await applyFunction(
      diagonal(values),
      values.map((x) => x * size),
      'sqrt',
    );
    large.y.forEach((y, i) => expect(y / size / values[i] ** 1.5).toBeCloseTo(1, 7));
    const operator = await applyFunction(diagonal(values.map((x) => x * size)), values, 'inverse');
    operator.y.forEach((y) => expect(y * size).toBeCloseTo(1, 6));
  });

  it('a domain that the spectrum leaves is an error with the place', async () => {
    const A = diagonal(Float64Array.from({ length: 30 }, (_, i) => i - 3));
    const b = new Float64Array(30).fill(1);
    await expect(applyFunction(A, b, 'sqrt')).rejects.toThrow(/applyFunction: f\(-.*f must be finite there/u);
    await expect(applyFunction(A, b, 'inverse')).rejects.toThrow(/f must be finite there/u);
    const semidefinite = diagonal(Float64Array.from({ length: 30 }, (_, i) => Math.max(0, i - 3)));
    await expect(applyFunction(semidefinite, b, 'log')).rejects.toThrow(/f must be finite there/u);
    expect((await applyFunction(semidefinite, b, 'sqrt', { tol: 1e-6 })).converged).toBe(true);
    expect((await applyFunction(semidefinite, b, 'sqrt')).reason).toBe('noise-floor');
    await expect(applyFunction(diagonal(Float64Array.of(800, 1)), [1, 1], 'exp')).rejects.toThrow(/Infinity/u);
  });

  it('too few products, float32, operators that are not symmetric', async () => {
    const wide = diagonal(Float64Array.from({ length: 400 }, (_, i) => 1 + i * i));
    const b = new Float64Array(400).fill(1);
    const short = await applyFunction(wide, b, 'inverse', { maxMatvecs: 20 });
    expect([short.reason, short.matvecs]).toEqual(['max-matvecs', 20]);
    const off = length(b.map((_, i) => 1 / (1 + i * i) - short.y[i]));
    expect(short.error).toBeGreaterThan(off / 10);
    const single = diagonal(Float32Array.from({ length: 100 }, (_, i) => 1 + i));
    expect((await applyFunction(single, new Float64Array(100).fill(1), 'sqrt')).converged).toBe(true);
    const beyond = await applyFunction(single, new Float64Array(100).fill(1), 'sqrt', { tol: 1e-9 });
    expect([beyond.reason, beyond.converged]).toEqual(['noise-floor', false]);
    const skew = fromMatvec(50, (x, out) => {
      for (let i = 0; i < 50; i++) out[i] = 3 * x[i] + (x[i + 1] ?? 0) - (x[i - 1] ?? 0);
    });
    expect((await applyFunction(skew, new Float64Array(50).fill(1), 'exp')).reason).toBe('not-symmetric');
  });

  it('an aborted run returns what its steps gave; bad arguments are named', async () => {
    const end = new AbortController();
    let made = 0;
    const slow = fromMatvec(300, (x, out) => {
      if (++made === 12) end.abort();
      for (let i = 0; i < 300; i++) out[i] = (1 + i) * x[i];
    });
    const b = new Float64Array(300).fill(1);
    const report = await applyFunction(slow, b, 'sqrt', { signal: end.signal });
    expect([report.reason, report.converged]).toEqual(['aborted', false]);
    expect(length(report.y)).toBeGreaterThan(0);
    const A = diagonal(Float64Array.of(1, 2));
    await expect(applyFunction(A, [1], 'exp')).rejects.toThrow(/applyFunction: b must have length 2, got 1/u);
    await expect(applyFunction(A, [1, Number.NaN], 'exp')).rejects.toThrow(/b\[1\]=NaN/u);
    await expect(applyFunction(A, [1, 1], 'sine' as never)).rejects.toThrow(/f must be one of 'exp', 'sqrt'/u);
    await expect(applyFunction(A, [1, 1], 3 as never)).rejects.toThrow(/f must be a function of a number/u);
    await expect(applyFunction(A, [1, 1], 'exp', { tol: -1 })).rejects.toThrow(/applyFunction: tol/u);
    await expect(applyFunction(A, [1, 1], 'exp', { steps: 3 } as never)).rejects.toThrow(/there is no option steps/u);
  });
});
