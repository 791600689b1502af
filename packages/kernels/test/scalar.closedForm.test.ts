import { describe, expect, test } from 'vitest';
import {
  asinh,
  atan,
  cos,
  createWorkspace,
  digamma,
  erf,
  erfc,
  erfinv,
  exp,
  expm1,
  gaussian,
  gelu,
  lgamma,
  log,
  log1mexp,
  log1p,
  logcosh,
  logNormalCdf,
  logsigmoid,
  normalCdf,
  normalPdf,
  normalQuantile,
  pow,
  sech2,
  sigmoid,
  sin,
  softplus,
  tanh,
  trigamma,
} from '@hyperribbon/kernels';
import { spacing, ulpError } from './ulp.js';

type Case = readonly [name: string, f: (x: number) => number, x: number, y: number];

/** exact values at the ends of the range, zeros with their signs, poles */
const cases: readonly Case[] = [
  ['exp', exp, 0, 1],
  ['exp', exp, -0, 1],
  ['exp', exp, 1, Math.E],
  ['exp', exp, Infinity, Infinity],
  ['exp', exp, -Infinity, 0],
  ['exp', exp, NaN, NaN],
  ['exp', exp, 709.782712893384, 1.7976931348622732e308],
  ['exp', exp, 709.7827128933841, Infinity],
  ['exp', exp, -745.1332191019411, 5e-324],
  ['exp', exp, -745.1332191019412, 0],
  ['expm1', expm1, 0, 0],
  ['expm1', expm1, -0, -0],
  ['expm1', expm1, 5e-324, 5e-324],
  ['expm1', expm1, -5e-324, -5e-324],
  ['expm1', expm1, Infinity, Infinity],
  ['expm1', expm1, -Infinity, -1],
  ['expm1', expm1, NaN, NaN],
  ['log', log, 1, 0],
  ['log', log, 0, -Infinity],
  ['log', log, -0, -Infinity],
  ['log', log, -1, NaN],
  ['log', log, -5e-324, NaN],
  ['log', log, Infinity, Infinity],
  ['log', log, -Infinity, NaN],
  ['log', log, NaN, NaN],
  ['log', log, 5e-324, -744.4400719213812],
  ['log', log, Number.MAX_VALUE, 709.782712893384],
  ['log1p', log1p, 0, 0],
  ['log1p', log1p, -0, -0],
  ['log1p', log1p, -1, -Infinity],
  ['log1p', log1p, -1.5, NaN],
  ['log1p', log1p, Infinity, Infinity],
  ['log1p', log1p, -5e-324, -5e-324],
  ['log1p', log1p, NaN, NaN],
  ['sin', sin, 0, 0],
  ['sin', sin, -0, -0],
  ['sin', sin, 5e-324, 5e-324],
  ['sin', sin, Infinity, NaN],
  ['sin', sin, NaN, NaN],
  ['sin', sin, Math.PI, 1.2246467991473532e-16],
  ['sin', sin, 1e22, -0.8522008497671888],
  ['cos', cos, 0, 1],
  ['cos', cos, -Infinity, NaN],
  ['cos', cos, Math.PI / 2, 6.123233995736766e-17],
  ['cos', cos, 1e22, 0.5232147853951389],
  // the double closest to a multiple of π/2
  ['cos', cos, 5.319372648326541e255, -4.687165924254628e-19],
  ['atan', atan, -0, -0],
  ['atan', atan, 5e-324, 5e-324],
  ['atan', atan, 1, Math.PI / 4],
  ['atan', atan, Infinity, Math.PI / 2],
  ['atan', atan, -Infinity, -Math.PI / 2],
  ['atan', atan, NaN, NaN],
  ['asinh', asinh, -0, -0],
  ['asinh', asinh, 5e-324, 5e-324],
  ['asinh', asinh, -Infinity, -Infinity],
  ['asinh', asinh, Number.MAX_VALUE, 710.4758600739439],
  ['asinh', asinh, NaN, NaN],
  ['tanh', tanh, 0, 0],
  ['tanh', tanh, -0, -0],
  ['tanh', tanh, -5e-324, -5e-324],
  ['tanh', tanh, Infinity, 1],
  ['tanh', tanh, -Infinity, -1],
  ['tanh', tanh, 25, 1],
  ['tanh', tanh, NaN, NaN],
  ['sech2', sech2, 0, 1],
  ['sech2', sech2, Infinity, 0],
  ['sech2', sech2, -Infinity, 0],
  ['sech2', sech2, NaN, NaN],
  ['sigmoid', sigmoid, 0, 0.5],
  ['sigmoid', sigmoid, Infinity, 1],
  ['sigmoid', sigmoid, -Infinity, 0],
  ['sigmoid', sigmoid, -745.1332191019411, 5e-324],
  ['sigmoid', sigmoid, NaN, NaN],
  ['softplus', softplus, 0, Math.LN2],
  ['softplus', softplus, Infinity, Infinity],
  ['softplus', softplus, -Infinity, 0],
  ['softplus', softplus, 1e300, 1e300],
  ['softplus', softplus, NaN, NaN],
  ['logsigmoid', logsigmoid, -Infinity, -Infinity],
  ['logsigmoid', logsigmoid, Infinity, -0],
  ['logsigmoid', logsigmoid, NaN, NaN],
  ['logcosh', logcosh, 0, 0],
  ['logcosh', logcosh, -Infinity, Infinity],
  ['logcosh', logcosh, 1e300, 1e300],
  ['logcosh', logcosh, NaN, NaN],
  ['erf', erf, -0, -0],
  ['erf', erf, Infinity, 1],
  ['erf', erf, -Infinity, -1],
  ['erf', erf, NaN, NaN],
  ['erfc', erfc, 0, 1],
  ['erfc', erfc, Infinity, 0],
  ['erfc', erfc, -Infinity, 2],
  ['erfc', erfc, NaN, NaN],
  ['gaussian', gaussian, 0, 1],
  ['gaussian', gaussian, Infinity, 0],
  ['gaussian', gaussian, NaN, NaN],
  ['normalCdf', normalCdf, 0, 0.5],
  ['normalCdf', normalCdf, Infinity, 1],
  ['normalCdf', normalCdf, -Infinity, 0],
  ['normalCdf', normalCdf, NaN, NaN],
  ['normalPdf', normalPdf, -Infinity, 0],
  ['normalPdf', normalPdf, NaN, NaN],
  ['logNormalCdf', logNormalCdf, -Infinity, -Infinity],
  ['logNormalCdf', logNormalCdf, Infinity, -0],
  ['logNormalCdf', logNormalCdf, -1e10, -5e19],
  ['logNormalCdf', logNormalCdf, NaN, NaN],
  ['gelu', gelu, 0, 0],
  ['gelu', gelu, Infinity, Infinity],
  ['gelu', gelu, -Infinity, -0],
  ['gelu', gelu, NaN, NaN],
  ['log1mexp', log1mexp, 0, -Infinity],
  ['log1mexp', log1mexp, -1, NaN],
  ['log1mexp', log1mexp, Infinity, -0],
  ['log1mexp', log1mexp, NaN, NaN],
  ['lgamma', lgamma, 1, 0],
  ['lgamma', lgamma, 2, 0],
  ['lgamma', lgamma, 0, Infinity],
  ['lgamma', lgamma, -3, Infinity],
  ['lgamma', lgamma, Infinity, Infinity],
  ['lgamma', lgamma, NaN, NaN],
  ['digamma', digamma, 0, NaN],
  ['digamma', digamma, -1, NaN],
  ['digamma', digamma, Infinity, Infinity],
  ['digamma', digamma, NaN, NaN],
  ['trigamma', trigamma, -1, Infinity],
  ['trigamma', trigamma, Infinity, 0],
  ['trigamma', trigamma, NaN, NaN],
  ['erfinv', erfinv, 1, Infinity],
  ['erfinv', erfinv, -1, -Infinity],
  ['erfinv', erfinv, 0, 0],
  ['erfinv', erfinv, 1.5, NaN],
  ['erfinv', erfinv, NaN, NaN],
  ['normalQuantile', normalQuantile, 0, -Infinity],
  ['normalQuantile', normalQuantile, 1, Infinity],
  ['normalQuantile', normalQuantile, 0.5, 0],
  ['normalQuantile', normalQuantile, -0.1, NaN],
  ['normalQuantile', normalQuantile, NaN, NaN],
];

test.each(cases)('%s: %o at %d is %d', (_, f, x, y) => {
  const value = f(x);
  if (Number.isFinite(y) && y !== 0) expect(ulpError(value, y)).toBeLessThanOrEqual(1);
  else expect(value).toBe(y);
});

describe('pow follows IEEE 754', () => {
  test.each([
    [NaN, 0, 1],
    [1, NaN, 1],
    [-1, Infinity, 1],
    [NaN, 1, NaN],
    [2, NaN, NaN],
    [0, -1, Infinity],
    [-0, -1, -Infinity],
    [-0, -2, Infinity],
    [-0, 3, -0],
    [-0, 2, 0],
    [0, 0.5, 0],
    [-0, 0.5, 0],
    [0.5, Infinity, 0],
    [0.5, -Infinity, Infinity],
    [-2, Infinity, Infinity],
    [-Infinity, 3, -Infinity],
    [-Infinity, -3, -0],
    [-Infinity, 2, Infinity],
    [Infinity, -1, 0],
    [-2, 0.5, NaN],
    [-2, 3, -8],
    [-2, 2, 4],
    [2, 1023, 8.98846567431158e307],
    [2, 1024, Infinity],
    [2, -1074, 5e-324],
    [2, -1075, 0],
    [-2, 1025, -Infinity],
    [10, 22, 1e22],
    [10, -5, 1e-5],
    [5, -4, 0.0016],
    [3, 33, 5559060566555523],
    [-3, 33, -5559060566555523],
    [-1, 9007199254740992, 1],
    [-1, 9007199254740991, -1],
    [1e308, -1, 1e-308],
  ])('%d ^ %d = %d', (x, y, z) => {
    expect(pow(x, y)).toBe(z);
  });
});

test('spacing and ulpError measure units in the last place', () => {
  expect(spacing(1)).toBe(2 ** -52);
  expect(spacing(-0.75)).toBe(2 ** -53);
  expect(spacing(0)).toBe(2 ** -1074);
  expect(ulpError(1 + 2 ** -51, 1)).toBe(2);
  expect(ulpError(1, 1, 2 ** -53)).toBe(0.5);
  expect(ulpError(NaN, NaN)).toBe(0);
  expect(ulpError(Infinity, 1)).toBe(Infinity);
  expect(ulpError(0, -0)).toBe(0);
});

describe('float32 maps, against float64 functions rounded at the end', () => {
  // ulp of float32; sech² and tanh divide after two and three roundings
  const limits = { exp: 0.8, expm1: 1.1, log: 0.85, log1p: 0.85, tanh: 2.6, sech2: 4, sigmoid: 2.4, softplus: 1.6, logsigmoid: 1.6 }; // prettier-ignore
  const references = { exp, expm1, log, log1p, tanh, sech2, sigmoid, softplus, logsigmoid };

  test.each(Object.keys(limits) as (keyof typeof limits)[])('%s', (name) => {
    const space = createWorkspace({ bytes: 1 << 18, engine: 'typescript' });
    const n = 12000;
    const [x, y] = [space.allocate(4 * n), space.allocate(4 * n)];
    const input = space.float32View(x, n);
    for (let i = 0; i < n; i++) {
      const scale = i % 3 === 0 ? 4 : i % 3 === 1 ? 80 : 0.1;
      input[i] = scale * Math.sin(i * i) + (name === 'log' ? 1.001 * scale : name === 'log1p' ? scale - 0.99 : 0);
    }
    space.float32.unary[name](n, x, y);
    let worst = 0;
    space.float32View(y, n).forEach((value, i) => {
      const reference = references[name](input[i]!);
      // 24 bits: the spacing of float64 times 2^29; below the normal range the spacing is 2^-149
      const unit = Math.max(spacing(reference) * 2 ** 29, 2 ** -149);
      worst = Math.max(worst, Math.abs(value - reference) / unit);
    });
    expect(worst).toBeLessThanOrEqual(limits[name]);
    // and the limit is not idle
    expect(worst).toBeGreaterThan(0.4);
  });
});
