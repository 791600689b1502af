// Oracle: values of the formulas by an independent script, on G0 and on a network whose sizes all differ (test/golden/lowRankBounds.py).
import { describe, expect, it } from 'vitest';
import {
  type ClassLayer,
  deepLinearBound,
  imageDiameter,
  layerIncrement,
  lossMultiplier,
  oneLayerBound,
  pinto2025Bound,
  pintoComplexity,
  pintoRate,
  pintoRecursion,
  truncatedClass,
  trivialBound,
  trivialComplexity,
} from '../../../src/index.js';
import { g0Network, g0Norms } from '../../g0.js';
import { golden } from '../../golden/readBounds.js';
import { expectLogNear, expectNear } from '../../near.js';

const { layers } = truncatedClass(g0Network, { radius: 2 });
const sample = { count: 4, frobenius: Math.sqrt(10) };
const own = truncatedClass(golden.network, { radius: golden.sample.radius }).layers;
const ownSample = { count: golden.count, frobenius: golden.sample.frobenius };
const modes = ['printed', 'derived', 'tight'] as const;

describe('Theorem 7 on G0', () => {
  it('has the recorded terms and totals in all rank modes', () => {
    const printed = pintoComplexity(layers, { ...sample, rankMode: 'printed' });
    expectLogNear(printed.logFirst, 14.4222051019, 1e-11);
    expectLogNear(printed.logSecond, 40);
    expectLogNear(printed.log, 43.0245308527, 1e-11);
    expectLogNear(pintoComplexity(layers, { ...sample, rankMode: 'derived' }).log, 56.123113801);
    expectLogNear(pintoComplexity(layers, { ...sample, rankMode: 'tight' }).log, 33.762434026);
    expectLogNear(pintoComplexity(layers, { ...sample, rankMode: 'printed', c1: 2, c2: 3 }).log, 117.671838307);
  });
  it('takes the derived mode where none is asked for', () => {
    expect(pintoComplexity(layers, sample)).toEqual(pintoComplexity(layers, { ...sample, rankMode: 'derived' }));
    expect(pinto2025Bound(g0Network, g0Norms, { margin: 2 }).name).toBe('pinto-2025-derived');
  });
  it('has the recorded rates, lemmas and trivial limits', () => {
    const sizes = { logSpectralProduct: Math.log(10), radius: 2, depth: 2, rank: 2, width: 2, count: 4 };
    expectLogNear(pintoRate(sizes), 56.5685424949);
    expectLogNear(pintoRate({ ...sizes, rate: 'tight' }), 40);
    expectLogNear(trivialComplexity(layers, { ...sample, outputs: 2 }), 22.360679775);
    expectLogNear(deepLinearBound(layers, { count: 4, radius: 2 }), 14.1421356237);
    expectLogNear(imageDiameter(layers.slice(0, 1), sample), 63.2455532034);
    expectLogNear(imageDiameter(layers, sample), 89.4427191);
    expectLogNear(imageDiameter(layers.slice(0, 1), { ...sample, rankMode: 'tight' }), 31.6227766017);
    expectLogNear(imageDiameter(layers, { ...sample, rankMode: 'tight' }), 63.2455532034);
    expectLogNear(layerIncrement(layers[1] as ClassLayer), 2.8284271247);
  });
  it('bounds one layer of rank 1 and 2 as recorded', () => {
    const one = { spectral: 5, outputs: 2, inputs: 3 };
    expectLogNear(oneLayerBound({ ...one, frobenius: 5, rank: 1 }, sample), 5.5901699437);
    expectLogNear(oneLayerBound({ ...one, frobenius: 5 * Math.SQRT2, rank: 2 }, sample), 7.9056941504);
    const leaky = oneLayerBound({ ...one, frobenius: 5, rank: 1 }, { ...sample, lipschitz: 0.5 });
    expectLogNear(leaky, 5.5901699437 / 2);
  });
  it('multiplies by the recorded factors of the ramp loss', () => {
    const lipschitz = Math.SQRT2 / 2;
    expectNear(lossMultiplier(lipschitz, 'printed'), 1.4904500894);
    expectNear(lossMultiplier(lipschitz, 'contraction'), 2.5066282746);
    expectNear(lossMultiplier(lipschitz, 'sudakov-fernique'), 1.7724538509);
    expect(lossMultiplier(lipschitz)).toBe(lossMultiplier(lipschitz, 'sudakov-fernique'));
  });
  it('is vacuous there: above the trivial limit, and the bound above 1', () => {
    const bound = pinto2025Bound(g0Network, g0Norms, { margin: 2, delta: 0.1, rankMode: 'printed' });
    expectLogNear(bound.logGap, 1.7724538509055159 * 43.0245308527 + 1.835810123);
    expectLogNear(bound.terms[1]?.log, 1.835810123);
    expect(bound).toMatchObject({
      vacuous: true,
      empirical: 0,
      standing: 'paper',
      constants: 'unknown',
      unknown: { C1: 1, C2: 1 },
    });
    expect(trivialBound(g0Network, g0Norms, { margin: 2, delta: 0.1 }).logGap).toBeLessThan(bound.logGap);
  });
});

describe('Theorem 7 on a network whose sizes all differ', () => {
  it.each(modes)('has the value of the script, %s', (rankMode) => {
    expectLogNear(pintoComplexity(own, { ...ownSample, rankMode }).log, golden.value(`theorem 7 ${rankMode}`));
    const constants = { c1: 1.7, c2: 0.6 };
    const stated = golden.value(`theorem 7 ${rankMode} C1=1.7 C2=0.6`);
    expectLogNear(pintoComplexity(own, { ...ownSample, rankMode, ...constants }).log, stated);
    expectLogNear(pintoRecursion(own, { ...ownSample, rankMode, ...constants }).at(-1), stated);
    const bound = pinto2025Bound(golden.network, golden.sample, { ...golden.at, rankMode, ...constants });
    expectLogNear(bound.logComplexity, stated);
    expect(bound.unknown).toEqual({ C1: 1.7, C2: 0.6 });
  });
  it.each(['sudakov-fernique', 'contraction', 'printed'] as const)('bounds the error, multiplier %s', (multiplier) => {
    const bound = pinto2025Bound(golden.network, golden.sample, { ...golden.at, multiplier });
    expectNear(bound.value, golden.value(`value derived ${multiplier}`));
    expect(bound.caveats.some((sentence) => sentence.includes('does not scale'))).toBe(multiplier === 'printed');
  });
  it('has the rates and lemmas of the script', () => {
    const product = Math.log(own.reduce((all, { spectral }) => all * spectral, 1));
    const { radius } = golden.sample;
    const sizes = { logSpectralProduct: product, radius, depth: 3, rank: 4, width: 6, count: 7 };
    expectLogNear(pintoRate({ ...sizes, c1: 1.5 }), golden.value('rate printed C1=1.5'));
    expectLogNear(pintoRate({ ...sizes, rate: 'tight' }), golden.value('rate tight'));
    expectLogNear(deepLinearBound(own, { count: 7, radius }), golden.value('lemma 4'));
    expectLogNear(imageDiameter(own.slice(0, 2), ownSample), golden.value('lemma 5 two layers'));
    expectLogNear(layerIncrement(own[1] as ClassLayer), golden.value('lemma 6 second layer'));
    expectLogNear(oneLayerBound(own[0] as ClassLayer, ownSample), golden.value('lemma 10 first layer'));
    const trivial = trivialBound(golden.network, golden.sample, golden.at);
    expectLogNear(trivial.logComplexity, golden.value('trivial'));
    expectNear(trivial.value, golden.value('trivial value'));
  });
});
