import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cos, createWorkspace, erf, erfc, exp, expm1, log, log1p, normalCdf, normalQuantile, pow, sech2, sigmoid, sin, softplus, tanh } from '@hyperribbon/kernels'; // prettier-ignore

const settings = { seed: 20240229, numRuns: 500 };
const within = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });
const near = (value: number, reference: number, relative: number): boolean =>
  Math.abs(value - reference) <= relative * Math.abs(reference);

const holds = (arbitrary: fc.Arbitrary<number>, property: (x: number) => boolean): void =>
  fc.assert(fc.property(arbitrary, property), settings);

describe('identities', () => {
  test('odd and even', () => {
    holds(fc.double({ noNaN: true }), (x) =>
      [tanh, sin, erf].every((f) => Object.is(f(-x), -f(x)) || Number.isNaN(f(x))),
    );
    holds(fc.double({ noNaN: true }), (x) => [cos, sech2].every((f) => Object.is(f(-x), f(x)) || Number.isNaN(f(x))));
  });

  test('sin² + cos² = 1 for every finite x', () => {
    holds(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) =>
      near(sin(x) * sin(x) + cos(x) * cos(x), 1, 4e-16),
    );
  });

  test('inverses: log exp, expm1 log1p, normalQuantile normalCdf', () => {
    holds(within(-700, 700), (x) => Math.abs(log(exp(x)) - x) <= 2e-16 * (1 + Math.abs(x)));
    holds(within(-0.9, 1e6), (x) => near(expm1(log1p(x)), x, 3e-15));
    holds(
      within(-30, 5),
      (x) => Math.abs(normalQuantile(normalCdf(x)) - x) <= (x > 0 ? 2e-10 : 1e-14 * (1 + Math.abs(x))),
    );
  });

  test('sech² + tanh² = 1, sigmoid(x) + sigmoid(−x) = 1, erf + erfc = 1', () => {
    holds(within(-30, 30), (x) => near(sech2(x) + tanh(x) * tanh(x), 1, 1e-15));
    holds(within(-800, 800), (x) => near(sigmoid(x) + sigmoid(-x), 1, 4e-16));
    holds(within(-10, 10), (x) => near(erf(x) + erfc(x), 1, 4e-16));
    holds(within(-700, 700), (x) => Math.abs(softplus(x) - softplus(-x) - x) <= 4e-16 * (1 + Math.abs(x)));
  });

  test('monotone: neighbours keep their order', () => {
    const number = new Float64Array(1);
    const bits = new BigInt64Array(number.buffer);
    const next = (x: number): number => {
      number[0] = x;
      bits[0]! += x > 0 ? 1000n : -1000n;
      return number[0]!;
    };
    // 1000 doubles further on, errors of at most 3 ulp cannot turn the order around where the function is steep
    holds(within(1e-3, 700), (x) => exp(next(x)) >= exp(x) && log(next(x)) >= log(x) - 2e-16 * Math.abs(log(x)));
  });

  test('pow(x, n) is the product for small integers n, exactly where the product is exact', () => {
    fc.assert(
      fc.property(fc.integer({ min: -2000, max: 2000 }), fc.integer({ min: 0, max: 4 }), (x, n) => {
        let product = 1;
        for (let i = 0; i < n; i++) product *= x;
        return pow(x, n) === product;
      }),
      settings,
    );
  });

  test('a wrong identity fails', () => {
    expect(() => holds(within(-30, 30), (x) => near(sech2(x) + tanh(x) * tanh(x), 1 + 1e-14, 1e-15))).toThrow();
  });
});

describe('softmax rows', () => {
  test('add up to 1 and do not notice a shift that is exact', () => {
    const space = createWorkspace({ bytes: 1 << 14, deterministic: true });
    const [x, y, z] = [space.allocate(800), space.allocate(800), space.allocate(800)];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2000, max: 2000 }), { minLength: 1, maxLength: 90 }), (row) => {
        const n = row.length;
        const input = space.float64View(x, n);
        // multiples of 1/16: differences and shifts by 100 are exact
        row.forEach((value, i) => (input[i] = value / 16));
        space.float64.softmaxRows(1, n, x, y);
        space.float64.binaryScalar.add(n, x, 100, x);
        space.float64.softmaxRows(1, n, x, z);
        const [a, b] = [space.float64View(y, n), space.float64View(z, n)];
        const sum = a.reduce((total, value) => total + value, 0);
        return near(sum, 1, 1e-14) && a.every((value, i) => Object.is(value, b[i]));
      }),
      settings,
    );
  });
});
