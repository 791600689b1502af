import { describe, expect, it } from 'vitest';
import {
  analyticBound,
  analyticPosterior,
  catoniBound,
  complexity,
  continuousPrice,
  effectiveDimension,
  exponentialEffectiveDimension,
  gridNeighbours,
  gridPrecision,
  gridPrice,
  gridVariance,
  klBound,
  klInverseUpper,
  mcAllesterBound,
  monteCarloLimit,
  quadraticBound,
  spectrumDecay,
  thiemannBound,
} from '@hyperribbon/pac-bayes';

/** |x - reference| <= tolerance, absolute. */
function within(x: number, reference: number, tolerance: number): boolean {
  return Math.abs(x - reference) <= tolerance;
}
/** The value agrees, and would not if the reference moved by ten tolerances. */
function agrees(x: number, reference: number, tolerance: number): void {
  expect(within(x, reference, tolerance), `${x} is not within ${tolerance} of ${reference}`).toBe(true);
  expect(within(x, reference + 10 * tolerance, tolerance)).toBe(false);
}

const n = 55000;
const delta = 0.025;
const grid = { b: 10, c: 0.05 };

describe('kl inverse at the values of the reference sheet', () => {
  it.each([
    [0, 0.1, 0.09516258196404, 1e-10],
    [0.01, 0.01, 0.03112588145, 1e-9],
    [0.02, 0.05, 0.09857216774, 1e-9],
    [0.1, 0.1, 0.28237913946, 1e-9],
    [0.5, 0.02, 0.59900828355, 1e-9],
    [0.03, 0.3, 0.33951327154, 1e-9],
  ])('kl^-1(%d|%d) = %d', (q, c, p, tolerance) => agrees(klInverseUpper(q, c), p, tolerance));

  it('reproduces the two bounds that the authors printed (notebook, j = 37 and 38)', () => {
    agrees(klInverseUpper(0.08788363636363636, 2 * 0.4878810942173004 ** 2), 0.5461233924913831, 1e-10);
    agrees(klInverseUpper(0.0774909090909091, 2 * 0.512874960899353 ** 2), 0.5581505454549518, 1e-10);
  });
});

describe('grid and penalty of the notebook', () => {
  it('has eps_37 = 20 exp(3.7), penalty 22.3235 and B = 0.487881', () => {
    agrees(gridPrecision(37, grid), 808.946087201348, 1e-6);
    const { penalty, rate } = complexity('langford-seeger', {
      kl: 26160.27734375,
      n,
      delta,
      price: gridPrice([37]).nats,
    });
    agrees(penalty, 22.323504046, 1e-6);
    agrees(Math.sqrt(rate / 2), 0.4878811, 1e-6);
  });
  it('has the displacement term eps |w - w0|^2 of the authors up to the rounding of the norm', () => {
    agrees((gridPrecision(37, grid) * 8.0422 ** 2) / 52320.19, 1, 1e-4);
  });
  it('is the same grid seen as variances', () => {
    agrees(gridVariance(37, grid) * gridPrecision(37, grid), 1, 1e-15);
  });
});

describe('published table of Dziugaite and Roy, plug-in at j = 300', () => {
  it.each([
    [0.028, 5144, 0.161],
    [0.027, 5977, 0.1741],
    [0.027, 5791, 0.1708],
    [0.028, 6534, 0.1859],
    [0.029, 8558, 0.222],
    [0.027, 7861, 0.2064],
  ])('e_hat = %d, KL = %d gives %d', (empirical, kl, bound) => {
    const record = klBound({ theorem: 'langford-seeger', empirical, kl, n, delta, union: gridPrice([300]) });
    agrees(record.value, bound, 5e-4);
  });
  it('gives the square-root term 1.352 for random labels, far below the vacuous McAllester value', () => {
    const record = mcAllesterBound({
      theorem: 'langford-seeger',
      empirical: 0.112,
      kl: 201131,
      n,
      delta,
      union: gridPrice([300]),
    });
    agrees(record.ingredients['gap'], 1.3523, 5e-4);
    expect(record.value).toBeGreaterThan(1);
    expect(record.vacuous).toBe(true);
  });
});

describe('Monte-Carlo limit at e_bar = 0.028, delta = 0.01', () => {
  it.each([
    [150, 0.0951384],
    [1000, 0.0484122],
    [150000, 0.0294089],
  ])('%d draws give %d', (draws, upper) => agrees(monteCarloLimit({ mean: 0.028, draws }, 0.01).upper, upper, 1e-6));
});

describe('penalties at the start values of the scripts', () => {
  const dziugaiteRoy = [Math.log(0.1) + 6];
  const isotropic = [Math.log(0.05) + 6];
  const two = [Math.log(0.05) - 1, Math.log(0.05) + 6];
  const three = [Math.log(0.05) + 6, Math.log(0.05) - 1, Math.log(0.05) - 1];
  const constant = Math.log(Math.PI ** 2 / 6);
  it.each([
    ['Dziugaite-Roy', dziugaiteRoy, 100, 13.2119, 28.3136, 20.9358],
    ['methods 2 and 3', isotropic, 10, 8.19153, 23.2932, 15.9154],
    ['method 4, fully connected', two, 10, 19.76657, 34.8682, 27.4905],
    ['method 4, LeNet', three, 10, 32.35944, 47.4611, 40.0833],
  ])('%s', (_name, logRatios, b, U, correct, scripts) => {
    const sound = continuousPrice(logRatios, { b, delta });
    const slip = continuousPrice(logRatios, { b, delta, form: 'released-scripts' });
    agrees(sound.nats - constant, U, 1e-4);
    agrees(complexity('langford-seeger', { kl: 0, n, delta, price: sound.nats }).penalty, correct, 1e-3);
    agrees(complexity('langford-seeger', { kl: 0, n, delta, price: slip.nats }).penalty, scripts, 1e-3);
    expect(sound.sound).toBe(false);
  });
  it('rounds a continuous variance to both neighbours, never below 1', () => {
    expect(gridNeighbours(gridVariance(36.4, grid), grid)).toEqual([36, 37]);
    expect(gridNeighbours(0.2, grid)).toEqual([1, 1]);
  });
  it('pays for every member: the sum of delta_j over 10^5 members stays below delta', () => {
    let sum = 0;
    for (let j = 1; j <= 1e5; j++) sum += Math.exp(-gridPrice([j]).nats);
    expect(sum).toBeLessThan(1);
    expect(sum).toBeGreaterThan(1 - 1e-4);
  });
  it('pays for every pair of members', () => {
    let sum = 0;
    for (let j = 1; j <= 200; j++) for (let k = 1; k <= 200; k++) sum += Math.exp(-gridPrice([j, k]).nats);
    expect(sum).toBeLessThan(1);
  });
});

describe('six bounds at n = 30000, delta = 0.025, KL = 1000, e = 0.05', () => {
  const args = { empirical: 0.05, kl: 1000, n: 30000, delta: 0.025 };
  it('classic, quadratic, Thiemann, Maurer-kl, McAllester', () => {
    agrees(mcAllesterBound(args).value, 0.179714, 1e-5);
    agrees(quadraticBound(args).value, 0.150715, 1e-5);
    agrees(thiemannBound(args).value, 0.150715, 1e-5);
    agrees(thiemannBound(args).ingredients['lambda'], 0.668248, 1e-5);
    agrees(klBound(args).value, 0.126941, 1e-5);
    agrees(mcAllesterBound({ ...args, theorem: 'langford-seeger' }).value, 0.180002, 1e-5);
  });
  it('minimum of Catoni over C is kl^-1(e | (KL + ln(1/delta))/n)', () => {
    let least = 1;
    for (let C = 0.5; C < 3; C += 0.001) least = Math.min(least, catoniBound({ ...args, constant: C }).value);
    agrees(least, 0.12666, 1e-5);
    const { rate } = complexity('catoni', args);
    agrees(least, klInverseUpper(0.05, rate), 1e-6);
    expect(least).toBeGreaterThanOrEqual(klInverseUpper(0.05, rate) * (1 - 1e-12));
  });
});

describe('analytic posterior of the exponential spectrum lambda_i = 5 exp(-0.03 i), i < 300', () => {
  const eigenvalues = Float64Array.from({ length: 300 }, (_, i) => 5 * Math.exp(-0.03 * i));
  const args = { eigenvalues, displacementSquared: 8.0422 ** 2, n };
  const precision = gridPrecision(37, grid);
  it.each([
    ['2(n-1)', 548.9691, 26434.5799, 0.49043009, 0.000978296],
    ['4(n-1)/ln2', 762.9661, 26541.5783, 0.4914208, 0.0003874],
  ] as const)('%s', (convention, kl1, kl, B, halfGap) => {
    const posterior = analyticPosterior({ ...args, precision, convention });
    agrees((2 * posterior.klCovariance) / kl1, 1, 1e-6);
    agrees(posterior.kl / kl, 1, 1e-6);
    agrees(posterior.expectedExcess / halfGap, 1, 1e-6);
    const bound = analyticBound({ ...args, dimension: 832802, convention });
    agrees(bound.candidates[36].gap / B, 1, 1e-6);
  });
  it('counts 218 directions above the threshold 0.00735419, softly 215.2212, by closed form 218', () => {
    const { hard, soft, threshold, lowerBound } = analyticPosterior({ ...args, precision }).effectiveDimension;
    agrees(threshold, 0.00735419, 1e-8);
    expect(hard).toBe(218);
    agrees(soft, 215.2212, 1e-3);
    expect(lowerBound).toBe(false);
    expect(exponentialEffectiveDimension(5, 0.03, threshold)).toBe(218);
    expect(effectiveDimension(eigenvalues.subarray(0, 100), threshold).lowerBound).toBe(true);
  });
  it('has slope -0.03 and explains everything', () => {
    const fit = spectrumDecay(eigenvalues, { from: 20, to: 200 });
    agrees(fit.slope, -0.03, 1e-14);
    agrees(fit.intercept, Math.log(5), 1e-12);
    agrees(fit.rSquared, 1, 1e-12);
  });
});
