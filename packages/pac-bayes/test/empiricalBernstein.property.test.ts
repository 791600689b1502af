// Oracle: the moment inequalities behind the bounds by exact enumeration, closed forms, and the relations that must hold.
import * as fc from 'fast-check';
import {
  AssumptionError,
  gridPrice,
  klBound,
  klInverseUpper,
  listPrice,
  monteCarloLimit,
  monteCarloLowerLimit,
  splitKlBound,
  tolstikhinSeldinBound,
  unexpectedBernsteinBound,
} from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';
import { geometricGrid } from '../src/theorems/tolstikhinSeldin.js';
import { squareFactor } from '../src/theorems/unexpectedBernstein.js';

const settings = {
  seed: 20131205,
  numRuns: 200,
  endOnFailure: false,
  interruptAfterTimeLimit: 40_000,
  markInterruptAsFailure: true,
};
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const args = fc.record({
  empirical: unit,
  kl: fc.double({ min: 0, max: 1e5, noNaN: true }),
  n: fc.integer({ min: 8, max: 10 ** 7 }),
  delta: fc.double({ min: 1e-12, max: 0.9, noNaN: true }),
});

describe('the moment inequality of unexpected Bernstein', () => {
  it('exp(-u - theta(g) u^2) <= 1 - u for every u <= g', () => {
    for (const g of [0.01, 0.1, 0.11, 0.5, 0.9, 0.999])
      for (let u = -5; u <= g; u += 0.01)
        expect(Math.exp(-u - (squareFactor(g) / g) * u * u)).toBeLessThanOrEqual((1 - u) * (1 + 1e-12));
  });
  it('with equality at u = g: the factor cannot be smaller', () => {
    for (const g of [0.05, 0.3, 0.8]) {
      const at = (factor: number): number => Math.exp(-g - factor * g) - (1 - g);
      expect(Math.abs(at(squareFactor(g)))).toBeLessThanOrEqual(1e-15);
      expect(at(squareFactor(g) * 0.999)).toBeGreaterThan(1e-7);
    }
  });
  it('has a series that meets the logarithm where they change over', () => {
    const g = 0.1;
    expect(Math.abs(squareFactor(g) - (-Math.log1p(-g) - g) / g)).toBeLessThanOrEqual(1e-15);
  });
});

describe('the moment inequality of the sample variance', () => {
  it.each<[number, readonly number[], readonly number[]]>([
    [2, [0, 1], [0.5, 0.5]],
    [5, [0, 1], [0.1, 0.9]],
    [4, [0, 0.3, 1], [0.2, 0.5, 0.3]],
  ])('E exp(eta n (V - V_n)) <= exp(eta^2 n^2 V/(2(n-1))) for n = %d, by enumeration', (n, levels, masses) => {
    const mu = levels.reduce((s, x, i) => s + x * masses[i], 0);
    const V = levels.reduce((s, x, i) => s + (x - mu) ** 2 * masses[i], 0);
    for (const eta of [0.1, 0.5, 1, 2]) {
      let moment = 0;
      for (let code = 0; code < levels.length ** n; code++) {
        const sample = Array.from({ length: n }, (_, i) => Math.floor(code / levels.length ** i) % levels.length);
        const average = sample.reduce((s, k) => s + levels[k], 0) / n;
        const variance = sample.reduce((s, k) => s + (levels[k] - average) ** 2, 0) / (n - 1);
        moment += sample.reduce((p, k) => p * masses[k], 1) * Math.exp(eta * n * (V - variance));
      }
      expect(moment).toBeLessThanOrEqual(Math.exp((eta * eta * n * n * V) / (2 * (n - 1))));
    }
  });
});

/** The bound as the paper states it: the loss of the grids is bounded in closed form. */
function closedForm(
  bound: { empirical: number; variance: number; kl: number; n: number; delta: number },
  c: number,
): number {
  const { empirical, variance, kl, n, delta } = bound;
  const half = delta / 2;
  const nu1 = Math.ceil(Math.log(0.5 * Math.sqrt((n - 1) / Math.log(1 / half) + 1) + 0.5) / Math.log(c));
  const k1 = kl + Math.log(nu1 / half);
  const V = variance + (1 + c) * Math.sqrt((variance * k1) / (2 * (n - 1))) + (2 * c * k1) / (n - 1);
  const nu2 = Math.ceil(Math.log(Math.sqrt(((Math.E - 2) * n) / (4 * Math.log(1 / half)))) / Math.log(c)) + 1;
  const k2 = kl + Math.log(nu2 / half);
  const used = Math.min(0.25, V);
  return Math.sqrt(k2 / ((Math.E - 2) * used)) <= Math.sqrt(n)
    ? empirical + (1 + c) * Math.sqrt(((Math.E - 2) * used * k2) / n)
    : empirical + (2 * k2) / n;
}

describe('Tolstikhin-Seldin', () => {
  it('is never looser than its closed form, but for one more member of each grid', () => {
    fc.assert(
      fc.property(args, fc.double({ min: 0, max: 0.25, noNaN: true }), (a, variance) => {
        const ours = tolstikhinSeldinBound({ ...a, variance }).value;
        const theirs = closedForm({ ...a, variance }, 1.15);
        if (Number.isFinite(theirs)) expect(ours).toBeLessThanOrEqual(theirs * 1.02 + 2 / a.n);
        expect(ours).toBeGreaterThanOrEqual(a.empirical);
      }),
      settings,
    );
  });
  it('is the smallest over two grids, by hand: n = 400, KL = 3, delta = 0.1, variance 0.02, ratio 2', () => {
    const [empirical, variance, kl, n, half] = [0.3, 0.02, 3, 400, Math.log(20)];
    const doublings = (low: number, high: number): number[] => {
      const members = [];
      for (let x = low; x < high; x *= 2) members.push(x);
      return [...members, high];
    };
    const ts = doublings(1 / (1 + Math.sqrt(1 + 399 / half)), 0.5);
    const k1 = kl + half + Math.log(ts.length);
    const V = Math.min(0.25, ...ts.map((t) => variance / (1 - t) + k1 / (2 * 399 * t * (1 - t))));
    const lambdas = doublings(Math.sqrt(half / (((Math.E - 2) * 400) / 4)), 1);
    const k2 = kl + half + Math.log(lambdas.length);
    const exact = Math.min(...lambdas.map((l) => empirical + l * (Math.E - 2) * V + k2 / (l * n)));
    const { value, ingredients } = tolstikhinSeldinBound({ empirical, variance, kl, n, delta: 0.1, ratio: 2 });
    expect(V).toBeLessThan(0.25);
    for (const [x, reference] of [
      [value, exact],
      [ingredients['varianceLimit'], V],
    ]) {
      expect(x).toBeGreaterThanOrEqual(reference);
      expect(x - reference).toBeLessThanOrEqual(1e-13);
    }
  });
  it('beats kl where a loss of mean 1/2 hardly varies, and not where it is a coin', () => {
    const common = { empirical: 0.5, kl: 50, n: 20000, delta: 0.05 };
    expect(tolstikhinSeldinBound({ ...common, variance: 1e-4 }).value).toBeLessThan(klBound(common).value - 0.02);
    expect(tolstikhinSeldinBound({ ...common, variance: 0.25 }).value).toBeGreaterThan(klBound(common).value);
  });
  it('grows with the variance, and adds the delta of its draws', () => {
    const common = { empirical: 0.2, kl: 50, n: 20000, delta: 0.05 };
    const values = [0, 0.01, 0.05, 0.2].map((variance) => tolstikhinSeldinBound({ ...common, variance }).value);
    expect([...values].sort((a, b) => a - b)).toEqual(values);
    const drawn = tolstikhinSeldinBound({ ...common, variance: monteCarloLimit({ mean: 0.05, draws: 1000 }, 0.01) });
    expect(drawn.deltas.map(({ delta }) => delta)).toEqual([0.05, 0.01]);
  });
  it('has grids that begin and end where they should', () => {
    expect(geometricGrid(0.5, 0.5, 1.15)).toEqual([0.5]);
    expect(geometricGrid(0.1, 1, 10)).toEqual([0.1, 1]);
    expect(geometricGrid(0.1, 1, 3).length).toBe(4);
  });
});

describe('unexpected Bernstein', () => {
  it('is the smallest over its grid, each member of which paid ln(length)', () => {
    const common = { empirical: 0.03, secondMoment: 0.03, kl: 200, n: 30000, delta: 0.05 };
    const grid = unexpectedBernsteinBound({ ...common, gamma: [0.5, 0.25, 0.125] });
    const alone = [0.5, 0.25, 0.125].map(
      (gamma) => unexpectedBernsteinBound({ ...common, delta: 0.05 / 3, gamma }).value,
    );
    expect(Math.abs(grid.value - Math.min(...alone))).toBeLessThanOrEqual(1e-14);
    expect(unexpectedBernsteinBound({ ...common, gamma: 0.5 }).value).toBeLessThan(alone[0]);
  });
  it('closed form: gamma = 1/2, all losses 1', () => {
    const { value } = unexpectedBernsteinBound({
      empirical: 0.1,
      secondMoment: 1,
      kl: 0,
      n: 100,
      delta: Math.exp(-1),
      gamma: 0.5,
    });
    const exact = 0.1 + (Math.log(2) - 0.5) / 0.5 + 1 / 50;
    expect(value).toBeGreaterThanOrEqual(exact);
    expect(value - exact).toBeLessThanOrEqual(1e-13);
  });
  it('has a default grid that depends on n and delta alone', () => {
    const common = { kl: 7, n: 10 ** 6, delta: 0.05 };
    const penalty = (empirical: number): number =>
      unexpectedBernsteinBound({ ...common, empirical, secondMoment: empirical }).ingredients['penalty'];
    expect(penalty(0.001)).toBe(penalty(0.5));
  });
});

describe('split-kl', () => {
  it('with the middle at an end is kl with delta/2', () => {
    fc.assert(
      fc.property(args, ({ empirical, kl, n, delta }) => {
        const bottom = splitKlBound({ middle: 0, above: empirical, below: 0, kl, n, delta });
        const half = klBound({ empirical, kl, n, delta: delta / 2 });
        expect(Math.abs(bottom.value - half.value)).toBeLessThanOrEqual(1e-14);
        expect(bottom.value).toBeGreaterThanOrEqual(half.value);
        const top = splitKlBound({ middle: 1, above: 0, below: 1 - empirical, kl, n, delta });
        expect(Math.abs(top.value - half.value)).toBeLessThanOrEqual(1e-13);
      }),
      settings,
    );
  });
  it('sees that a loss of 0, 1/2, 1 is nearly always 1/2', () => {
    const common = { kl: 50, n: 20000, delta: 0.05 };
    const split = splitKlBound({ ...common, middle: 0.5, above: 0.01, below: 0.01 }).value;
    expect(split).toBeLessThan(klBound({ ...common, empirical: 0.5 }).value - 0.015);
    // by hand: 1/2 + 1/2 kl^-1(0.01 | c) - 1/2 kl_-^-1(0.01 | c)
    const c = (50 + Math.log((4 * Math.sqrt(20000)) / 0.05)) / 20000;
    expect(split).toBeLessThan(0.5 + 0.5 * klInverseUpper(0.01, c));
  });
  it('takes excess losses in [-1, 1], limits from draws, and their deltas', () => {
    const record = splitKlBound({
      middle: 0,
      low: -1,
      high: 1,
      above: monteCarloLimit({ mean: 0.02, draws: 5000 }, 0.005),
      below: monteCarloLowerLimit({ mean: 0.15, draws: 5000 }, 0.005),
      kl: 20,
      n: 20000,
      delta: 0.025,
    });
    expect(record.deltas.map(({ delta }) => delta)).toEqual([0.025, 0.005, 0.005]);
    expect(record.confidence).toBeCloseTo(0.965, 12);
    expect(record.value).toBeLessThan(0);
    expect(record.value).toBeGreaterThan(0.02 - 0.15);
  });
});

describe('prices', () => {
  it('a list of priors costs the logarithm of its length, rounded up; one costs nothing', () => {
    expect(listPrice(1).nats).toBe(0);
    expect(listPrice(10).nats).toBeGreaterThanOrEqual(Math.LN10);
    expect(listPrice(10).nats - Math.LN10).toBeLessThan(1e-14);
    expect(listPrice(10).sound).toBe(true);
  });
  it('a grid of k scales is summable: the weights of all index tuples add up to less than 1', () => {
    for (const k of [1, 2, 3]) {
      let sum = 0;
      const visit = (left: number, indices: number[]): void => {
        if (left === 0) sum += Math.exp(-gridPrice(indices).nats);
        else for (let j = 1; j <= 40; j++) visit(left - 1, [...indices, j]);
      };
      visit(k, []);
      expect(sum).toBeLessThan(1);
    }
  });
});

describe('typed errors', () => {
  const common = { empirical: 0.1, kl: 1, n: 100, delta: 0.05 };
  it.each<[string, () => unknown, RegExp]>([
    [
      'a variance above 1/2',
      () => tolstikhinSeldinBound({ ...common, variance: 0.6 }),
      /tolstikhin-seldin: needs .*variance/,
    ],
    ['one example', () => tolstikhinSeldinBound({ ...common, n: 1, variance: 0 }), /n >= 2/],
    ['a ratio of 1', () => tolstikhinSeldinBound({ ...common, variance: 0, ratio: 1 }), /ratio/],
    ['delta 0', () => tolstikhinSeldinBound({ ...common, delta: 0, variance: 0 }), /delta in \(0, 1\)/],
    ['gamma 1', () => unexpectedBernsteinBound({ ...common, secondMoment: 0.1, gamma: 1 }), /gamma in \(0, 1\)/],
    ['no gamma', () => unexpectedBernsteinBound({ ...common, secondMoment: 0.1, gamma: [] }), /number of gammas/],
    ['squares above 1', () => unexpectedBernsteinBound({ ...common, secondMoment: 1.1 }), /secondMoment/],
    ['a middle outside', () => splitKlBound({ ...common, middle: 2, above: 0, below: 0 }), /middle in \[0, 1\]/],
    ['a part above 1', () => splitKlBound({ ...common, middle: 0.5, above: 1.5, below: 0 }), /above/],
    ['few examples', () => splitKlBound({ ...common, n: 7, middle: 0.5, above: 0, below: 0 }), /n >= 8/],
    ['an empty list', () => listPrice(0), /members >= 1/],
    ['a mean from nowhere', () => monteCarloLowerLimit({ mean: NaN, draws: 3 }, 0.1), /mean/],
  ])('%s', (_name, call, message) => {
    expect(call).toThrow(AssumptionError);
    expect(call).toThrow(message);
  });
});
