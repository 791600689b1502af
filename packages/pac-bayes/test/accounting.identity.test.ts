import { ArgumentError } from '@hyperribbon/contract';
import { describe, expect, it } from 'vitest';
import {
  AssumptionError,
  analyticBound,
  analyticPosterior,
  bestPlugIn,
  binaryKl,
  catoniBound,
  clopperPearsonUpper,
  complexity,
  diagonalGaussianKl,
  gridPrice,
  klBound,
  klInverseUpper,
  mcAllesterBound,
  monteCarloLimit,
  quadraticBound,
  spectrumDecay,
  thiemannBound,
} from '@hyperribbon/pac-bayes';

const spectrum = {
  eigenvalues: Array.from({ length: 40 }, (_, i) => 2 * Math.exp(-0.3 * i)),
  dimension: 1000,
  displacementSquared: 4,
  n: 55000,
};
const draws = [
  { j: 10, mean: 0.09, draws: 5 },
  { j: 20, mean: 0.05, draws: 5 },
  { j: 30, mean: 0.04, draws: 5 },
];
const sum = (deltas: readonly { delta: number }[]): number => deltas.reduce((s, d) => s + d.delta, 0);

describe('analyticBound', () => {
  it('has the documented defaults', () => {
    const bound = analyticBound(spectrum);
    expect(bound.grid).toEqual({ b: 10, c: 0.05, first: 1, last: 60 });
    expect([bound.delta, bound.deltaMonteCarlo, bound.convention]).toEqual([0.025, 0.01, '2(n-1)']);
    expect(bound.theorem).toMatch(/Langford-Seeger/);
    expect(bound.candidates.length).toBe(60);
  });
  it('says nothing without draws: no best, and only the delta of the inequality is spent', () => {
    const bound = analyticBound(spectrum);
    expect(bound.best).toBeUndefined();
    expect(sum(bound.deltas)).toBe(0.025);
  });
  it('splits the Monte-Carlo delta over the candidates that were estimated', () => {
    const bound = analyticBound({ ...spectrum, evidence: draws });
    expect(bound.selection).toBe('split');
    for (const row of bound.candidates.filter((c) => c.monteCarlo)) expect(row.monteCarlo!.delta).toBe(0.01 / 3);
    expect(sum(bound.deltas)).toBe(0.035);
    expect(bound.best!.confidence).toBe(1 - 0.035);
    expect(bound.best!.value).toBe(Math.min(...bound.candidates.map((c) => c.corrected ?? 1)));
  });
  it('charges the whole delta to one candidate fixed in advance', () => {
    const fixed = analyticBound({ ...spectrum, evidence: [draws[1]] });
    const split = analyticBound({ ...spectrum, evidence: draws });
    expect(fixed.selection).toBe('fixed');
    expect(fixed.best!.monteCarlo.delta).toBe(0.01);
    expect(fixed.candidates[19].corrected!).toBeLessThan(split.candidates[19].corrected!);
  });
  it('certifies with fresh draws only: pilot draws choose and leave no mark on the value', () => {
    const pilot = analyticBound({ ...spectrum, evidence: draws });
    const { j } = bestPlugIn(pilot);
    const certificate = { j, mean: 0.047, draws: 2000 };
    const bound = analyticBound({ ...spectrum, evidence: draws, certificate });
    const alone = analyticBound({ ...spectrum, certificate });
    expect(bound.selection).toBe('fresh-draws');
    expect(bound.best).toEqual(alone.best);
    expect(bound.best!.monteCarlo).toEqual(monteCarloLimit(certificate, 0.01));
    expect(bound.best!.value).toBeLessThan(pilot.best!.value);
    expect(sum(bound.deltas)).toBe(0.035);
  });
  it('puts every bound together through the one right-hand side', () => {
    const best = analyticBound({ ...spectrum, evidence: draws }).best!;
    const { rate, penalty } = complexity('langford-seeger', {
      kl: best.kl,
      n: spectrum.n,
      delta: 0.025,
      price: gridPrice([best.j]).nats,
    });
    expect(best.complexity).toBe(rate);
    expect(best.penalty).toBe(penalty);
    expect(best.value).toBe(klInverseUpper(best.monteCarlo.upper, rate));
    const args = { empirical: best.monteCarlo, kl: best.kl, n: spectrum.n, delta: 0.025, union: gridPrice([best.j]) };
    expect(klBound({ ...args, theorem: 'langford-seeger' }).value).toBe(best.value);
    expect(mcAllesterBound({ ...args, theorem: 'langford-seeger' }).value).toBe(best.mcAllester);
    expect(Math.abs(best.klCovariance + best.klDisplacement - best.kl)).toBeLessThanOrEqual(1e-14 * best.kl);
  });
  it('each switch changes the result in its own direction', () => {
    const base = analyticBound({ ...spectrum, evidence: draws }).best!;
    expect(analyticBound({ ...spectrum, evidence: draws, theorem: 'maurer' }).best!.value).toBeLessThan(base.value);
    expect(analyticBound({ ...spectrum, evidence: draws, convention: '4(n-1)/ln2' }).best!.kl).toBeGreaterThan(base.kl);
    expect(base.plugIn).toBeLessThan(base.value);
    const scripts = analyticBound({ ...spectrum, evidence: draws, penaltyForm: 'released-scripts' });
    expect(Math.abs(base.penalty - scripts.best!.penalty - 7.37775890822787)).toBeLessThan(1e-12);
    expect([base.certified, scripts.best!.certified]).toEqual([true, false]);
    expect(scripts.caveats.some((c) => c.includes('not a certificate'))).toBe(true);
  });
  it('uses the exact binomial limit for single trials, tighter than the kl one', () => {
    const trials = analyticBound({ ...spectrum, evidence: [{ j: 20, errors: 50, trials: 1000 }] }).best!;
    const averaged = analyticBound({ ...spectrum, evidence: [{ j: 20, mean: 0.05, draws: 1000 }] }).best!;
    expect(trials.monteCarlo.method).toBe('binomial');
    expect(trials.monteCarlo.upper).toBe(clopperPearsonUpper(50, 1000, 0.01));
    expect(trials.value).toBeLessThan(averaged.value);
  });
  it('is vacuous at the error of chance, not only at 1', () => {
    const bad = { ...spectrum, displacementSquared: 900, evidence: [{ j: 40, mean: 0.4, draws: 5 }] };
    const bound = analyticBound({ ...bad, chance: 0.5 }).best!;
    expect(bound.value).toBeGreaterThan(0.5);
    expect(bound.vacuous).toBe(true);
    expect(analyticBound(bad).best!.vacuous).toBe(bound.value >= 1);
  });
  it('survives JSON unchanged', () => {
    const bound = analyticBound({ ...spectrum, evidence: draws });
    expect(JSON.parse(JSON.stringify(bound))).toEqual(bound);
    const record = klBound({ empirical: 0.1, kl: 10, n: 100, delta: 0.05 });
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });
  it('marks the reconstruction where it is exported', () => {
    expect(analyticBound(spectrum).caveats.join()).toMatch(/reconstruction/);
  });
});

describe('ledger of a single bound', () => {
  const args = { kl: 100, n: 1000, delta: 0.03 };
  it.each(Object.entries({ klBound, mcAllesterBound, quadraticBound, thiemannBound }))(
    '%s adds the draws to what is spent',
    (_name, bound) => {
      const exact = bound({ ...args, empirical: 0.1 });
      const drawn = bound({ ...args, empirical: monteCarloLimit({ mean: 0.1, draws: 500 }, 0.02) });
      expect(exact.deltas.map((d) => d.delta)).toEqual([0.03]);
      expect(drawn.deltas.map((d) => d.delta)).toEqual([0.03, 0.02]);
      expect(exact.confidence).toBe(0.97);
      expect(drawn.confidence).toBe(0.95);
      expect(drawn.value).toBeGreaterThan(exact.value);
    },
  );
  it('a grid of Catoni constants costs delta over its length', () => {
    const one = catoniBound({ ...args, empirical: 0.1, constant: 1 });
    const grid = catoniBound({ ...args, empirical: 0.1, constant: [0.25, 0.5, 1] });
    const paid = complexity('catoni', { ...args, delta: 0.01 }).rate - complexity('catoni', args).rate;
    expect(Math.abs(paid - Math.log(3) / 1000)).toBeLessThan(1e-15);
    expect(grid.ingredients['rate']).toBe(complexity('catoni', { ...args, delta: 0.01 }).rate);
    expect(grid.confidence).toBe(one.confidence);
    expect(grid.ingredients['constant']).toBe(1);
  });
  it('is not clipped: above 1 it says so', () => {
    const { value, vacuous } = quadraticBound({ empirical: 0.5, kl: 1e5, n: 1000, delta: 0.05 });
    expect(value).toBeGreaterThan(1);
    expect(vacuous).toBe(true);
  });
});

describe('what a theorem lacks', () => {
  const args = { empirical: 0.1, kl: 10, n: 100, delta: 0.05 };
  it.each<[string, () => unknown, string, RegExp]>([
    ['delta = 0', () => klBound({ ...args, delta: 0 }), 'maurer', /delta in \(0, 1\)/],
    ['delta = 1', () => thiemannBound({ ...args, delta: 1 }), 'maurer', /delta in \(0, 1\)/],
    ['n = 7', () => klBound({ ...args, n: 7 }), 'maurer', /n >= 8/],
    ['n = 1', () => klBound({ ...args, n: 1, theorem: 'langford-seeger' }), 'langford-seeger', /n >= 2/],
    ['n not whole', () => klBound({ ...args, n: 99.5 }), 'maurer', /integer n/],
    ['loss 1.2', () => quadraticBound({ ...args, empirical: 1.2 }), 'quadratic', /\[0, 1\]/],
    ['loss -1', () => mcAllesterBound({ ...args, empirical: -1 }), 'maurer', /\[0, 1\]/],
    ['loss NaN', () => klBound({ ...args, empirical: NaN }), 'maurer', /\[0, 1\]/],
    ['KL < 0', () => klBound({ ...args, kl: -1e-9 }), 'maurer', /kl >= 0/],
    ['KL NaN', () => catoniBound({ ...args, kl: NaN, constant: 1 }), 'catoni', /kl >= 0/],
    ['KL infinite', () => klBound({ ...args, kl: Infinity }), 'maurer', /finite/],
    ['C = 0', () => catoniBound({ ...args, constant: 0 }), 'catoni', /constant > 0/],
    ['lambda = 2', () => thiemannBound({ ...args, lambda: 2 }), 'thiemann', /\(0, 2\)/],
    ['q = 1.1', () => binaryKl(1.1, 0.5), 'binaryKl', /\[0, 1\]/],
    ['c < 0', () => klInverseUpper(0.5, -1), 'klInverseUpper', /c >= 0/],
    ['mean 2', () => monteCarloLimit({ mean: 2, draws: 3 }, 0.1), 'monteCarloLimit', /\[0, 1\]/],
    ['no draws', () => monteCarloLimit({ mean: 0.2, draws: 0 }, 0.1), 'monteCarloLimit', /draws >= 1/],
    ['precision 0', () => analyticPosterior({ ...spectrum, precision: 0 }), 'analyticPosterior', /precision > 0/],
    ['grid index 0', () => gridPrice([0]), 'gridPrice', /j >= 1/],
    [
      'a weight that is NaN',
      () => diagonalGaussianKl({ posteriorMean: [NaN], posteriorStd: [1], priorMean: [0], priorStd: [1] }),
      'diagonalGaussianKl',
      /finite means/,
    ],
    [
      'a covariance without width',
      () => diagonalGaussianKl({ posteriorMean: [0], posteriorStd: [0], priorMean: [0], priorStd: [1] }),
      'diagonalGaussianKl',
      /posteriorStd\[0\] > 0/,
    ],
    [
      'delta of the draws',
      () => analyticBound({ ...spectrum, deltaMonteCarlo: 0 }),
      'langford-seeger',
      /deltaMonteCarlo in \(0, 1\)/,
    ],
  ])('%s', (_name, call, theorem, assumption) => {
    let caught: unknown;
    try {
      call();
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(AssumptionError);
    const { theorem: named, assumption: lacking, name, message } = caught as AssumptionError;
    expect([named, name]).toEqual([theorem, 'AssumptionError']);
    expect(lacking).toMatch(assumption);
    expect(message.startsWith(`${theorem}: needs`)).toBe(true);
  });
  it.each<[string, () => unknown, RegExp]>([
    ['evidence off the grid', () => analyticBound({ ...spectrum, evidence: [{ j: 61, mean: 0, draws: 1 }] }), /j=61/],
    ['evidence twice', () => analyticBound({ ...spectrum, evidence: [draws[0], draws[0]] }), /twice/],
    [
      'draws that chose, handed in as fresh ones',
      () => analyticBound({ ...spectrum, evidence: [...draws], certificate: { ...draws[0] } }),
      /fresh draws for the certificate, not those that chose/,
    ],
    [
      'draws from the stream of those that chose',
      () =>
        analyticBound({
          ...spectrum,
          evidence: [{ j: 20, mean: 0.1, draws: 50, source: 'seed 1' }],
          certificate: { j: 20, mean: 0.1, draws: 500, source: 'seed 1' },
        }),
      /fresh draws for the certificate, not those that chose/,
    ],
    ['certificate off the grid', () => analyticBound({ ...spectrum, certificate: { j: 0, mean: 0, draws: 1 } }), /j=0/],
    [
      'NaN eigenvalue',
      () => analyticPosterior({ ...spectrum, eigenvalues: [1, NaN], precision: 1 }),
      /eigenvalues\[1\]=NaN/,
    ],
    ['more errors than trials', () => clopperPearsonUpper(3, 2, 0.1), /needs errors at most trials=2, got errors=3/],
    [
      'lengths',
      () => diagonalGaussianKl({ posteriorMean: [0], posteriorStd: [1, 1], priorMean: [0], priorStd: [1] }),
      /posteriorStd must have length 1, got 2/,
    ],
    ['no evidence to choose from', () => bestPlugIn(analyticBound(spectrum)), /bestPlugIn/],
    ['decay of a negative spectrum', () => spectrumDecay([1, 0.5, -1]), /eigenvalues\[2\]=-1/],
  ])('%s is an ArgumentError that shows the value', (_name, call, message) => {
    expect(call).toThrow(ArgumentError);
    expect(call).toThrow(message);
  });
});
