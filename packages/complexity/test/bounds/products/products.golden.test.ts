// Oracle: recorded values on G0 and an independent script on a network whose sizes all differ (test/golden/lowRankBounds.py).
import { describe, expect, it } from 'vitest';
import {
  bartlettDepthFree,
  golowich2018Bound,
  golowichDepthFree,
  golowichFrobenius,
  golowichLower,
  groupNorm,
  linearComplexity,
  neyshabur2015,
  neyshabur2015Bound,
  neyshabur2015Path,
  neyshabur2018Bound,
  neyshabur2018Kl,
  neyshabur2018Numerator,
  neyshabur2018Rate,
  neyshabur2018Root,
  overallNorm,
} from '../../../src/index.js';
import { g0Network, g0Norms, g0Weights } from '../../g0.js';
import { golden } from '../../golden/readBounds.js';
import { expectLogNear, expectNear } from '../../near.js';

const { network, sample, at } = golden;
const log = (of: 'spectral' | 'frobenius'): number =>
  network.layers.reduce((sum, { map }) => sum + Math.log(map[of]), 0);
const norms = ['frobenius', 'frobenius-exact', 'rows'] as const;

describe('Neyshabur, Tomioka, Srebro 2015', () => {
  it('has the recorded values on G0', () => {
    const value = (norm: (typeof norms)[number]): number | undefined =>
      neyshabur2015Bound(g0Network, g0Norms, { margin: 2, norm }).logComplexity;
    expectLogNear(value('frobenius'), 28.8444102037);
    expectLogNear(value('frobenius-exact'), 16.1245154966);
    expectLogNear(value('rows'), 74.9597071466);
    const { W1, W2 } = g0Weights;
    const rows = { rows: 2, p: 1, q: Infinity };
    expectLogNear(groupNorm(W1, { ...rows, columns: 3 }) + groupNorm(W2, { ...rows, columns: 2 }), 14);
    const path = { logPathNorm: Math.log(8), depth: 2, features: 3, largestEntry: 2, count: 4 };
    expectLogNear(neyshabur2015Path(path), 42.8341183695);
  });
  it.each(norms)('has that of the script where sizes differ, %s', (norm) => {
    const bound = neyshabur2015Bound(network, sample, { ...at, norm });
    expectLogNear(bound.logComplexity, golden.value(`neyshabur2015 ${norm}`));
    expect(bound.standing).toBe(norm === 'frobenius-exact' ? 'derived' : 'paper');
    if (norm === 'rows') expectNear(bound.value, golden.value('neyshabur2015 rows value'));
  });
  it('takes a path norm from outside, and nothing else', () => {
    const logPathNorm = Math.log(golden.value('path norm'));
    const bound = neyshabur2015Bound(network, sample, { ...at, norm: 'path', logPathNorm });
    expectLogNear(bound.logComplexity, golden.value('neyshabur2015 path'));
    expect(() => neyshabur2015Bound(network, sample, { ...at, norm: 'path' })).toThrow(
      /logPathNorm belongs to norm 'path'/,
    );
    expect(() => neyshabur2015Bound(network, sample, { ...at, logPathNorm })).toThrow(
      /logPathNorm belongs to norm 'path'/,
    );
  });
  it.each([
    [1.5, 4],
    [3, 2],
    [1.25, Infinity],
  ])('Theorem 1 at p = %d, q = %d has the value of the script, width included', (p, q) => {
    const key = p === 1.25 || p === 3 ? `p=${p}${p === 3 ? '.0' : ''} q=${q}${q === 2 ? '.0' : ''}` : `p=${p} q=4.0`;
    const logNormProduct = golden.weights.reduce((sum, W) => sum + groupNorm(W.values, { ...W, p, q }), 0);
    expectLogNear(logNormProduct, golden.value(`group norms ${key}`));
    const dual = p / (p - 1);
    const X = Array.from({ length: 7 }, (_, i) => golden.X.values.slice(5 * i, 5 * i + 5));
    const lp = (x: readonly number[], power: number): number =>
      x.reduce((s, v) => s + Math.abs(v) ** power, 0) ** (1 / power);
    const features = Array.from({ length: 5 }, (_, j) =>
      lp(
        X.map((x) => x[j] as number),
        2,
      ),
    );
    const given = { largest: Math.max(...X.map((x) => lp(x, dual))), mixed: lp(features, dual) };
    const logLinear = linearComplexity({ p, features: 5, count: 7, ...given });
    expectLogNear(logLinear, golden.value(`linear ${key}`));
    expectLogNear(
      neyshabur2015({ logNormProduct, p, q, depth: 3, width: 6, logLinear }),
      golden.value(`theorem 1 ${key}`),
    );
  });
  it('limits products by the overall norm', () => {
    const powers = golden.weights.map((W) => Math.exp(4 * groupNorm(W.values, { ...W, p: 1.5, q: 4 })));
    const logOverall = Math.log(powers.reduce((a, b) => a + b)) / 4;
    const limit = overallNorm({ logOverall, q: 4, depth: 3 });
    expectLogNear(limit, golden.value('overall norm p=1.5 q=4'));
    expect(Math.exp(limit)).toBeGreaterThanOrEqual(golden.value('group norms p=1.5 q=4.0'));
    expect(overallNorm({ logOverall: 2, q: Infinity, depth: 3 })).toBe(6);
  });
});

describe('Golowich, Rakhlin, Shamir 2018', () => {
  it('has the recorded values on G0', () => {
    const g0 = { logFrobeniusProduct: Math.log(104) / 2, depth: 2, count: 4 };
    expectLogNear(golowichFrobenius({ ...g0, frobenius: Math.sqrt(10) }), 21.4867974777);
    expectLogNear(golowichFrobenius({ ...g0, frobenius: 2 * 2 }), 27.1788878609);
    expectLogNear(golowichDepthFree({ ...g0, logLower: Math.log(10) }), 1.0098210445);
    const bound = golowich2018Bound(g0Network, g0Norms, { margin: 2, delta: 0.1 });
    expectLogNear(bound.logComplexity, 21.4867974777);
    expectLogNear(bound.logGap, 87.7830000337);
    const rows = golowich2018Bound(g0Network, g0Norms, { margin: 2, norm: 'rows' });
    expectLogNear(rows.logComplexity, 34.7129948703);
    const free = golowich2018Bound(g0Network, g0Norms, { margin: 2, norm: 'depth-free' });
    expectLogNear(free.logComplexity, 2 * 1.0098210445);
    expect([bound.standing, rows.standing, free.standing]).toEqual(['reconstructed', 'reconstructed', 'paper']);
    expect([bound.constants, rows.constants, free.constants]).toEqual(['explicit', 'explicit', 'dropped']);
  });
  it('has those of the script where sizes differ', () => {
    const bound = golowich2018Bound(network, sample, at);
    expectLogNear(bound.logComplexity, golden.value('golowich frobenius'));
    expectNear(bound.value, golden.value('golowich frobenius value'));
    const of = (norm: 'rows' | 'depth-free') => golowich2018Bound(network, sample, { ...at, norm }).logComplexity;
    expectLogNear(of('rows'), golden.value('golowich rows'));
    expectLogNear(of('depth-free'), golden.value('golowich depth-free'));
    const sizes = { radius: sample.radius, logSpectralProduct: log('spectral'), logSchattenProduct: log('frobenius') };
    const bartlett = { ...sizes, rowQuotient: 2.5, logLower: log('spectral'), depth: 3, order: 3, count: 7 };
    expectLogNear(bartlettDepthFree(bartlett), golden.value('bartlett depth-free p=3'));
    const lower = { radius: sample.radius, logSchattenProduct: log('spectral'), width: 6, order: 4, count: 7 };
    expectLogNear(golowichLower(lower), golden.value('golowich lower p=4'));
    // up to p = 2 the width does not enter
    expect(golowichLower({ ...lower, order: 2 })).toBe(golowichLower({ ...lower, order: 1, width: 99 }));
  });
});

describe('Neyshabur, Bhojanapalli, Srebro 2018', () => {
  const layers = g0Network.layers.map(({ map }) => ({ ...map, outputs: map.rows }));
  const own = network.layers.map(({ map }) => ({ ...map, outputs: map.rows }));
  it('has the recorded values on G0', () => {
    const given = { radius: 2, margin: 2, count: 4 };
    expectLogNear(neyshabur2018Numerator(layers, 2), 9049.72958939);
    expectLogNear(neyshabur2018Root(layers, { ...given, logDelta: Math.log(0.1) }), 23.7882739181);
    expectLogNear(neyshabur2018Kl(layers, given), 29489211.1907);
    expectLogNear(neyshabur2018Rate(layers, { radius: 1, margin: 1, count: 4 }), 20.1990098767);
  });
  it('has those of the script where sizes differ', () => {
    expectLogNear(neyshabur2018Numerator(own, sample.radius), golden.value('neyshabur2018 numerator'));
    const given = { radius: sample.radius, margin: golden.margin, count: 7 };
    expectLogNear(neyshabur2018Kl(own, given), golden.value('neyshabur2018 kl'));
    expectLogNear(neyshabur2018Rate(own, given), golden.value('neyshabur2018 rate'));
    for (const form of ['kl', 'root'] as const) {
      const bound = neyshabur2018Bound(network, sample, { ...at, form });
      expectNear(bound.value, golden.value(`neyshabur2018 ${form} value`));
      expect(bound).toMatchObject({ standing: 'reconstructed', empiricalIs: 'margin-error' });
    }
  });
  it('in its square-root form does not scale with the last layer, as its logarithm does not; divergence and numerator do', () => {
    const c = 3.7;
    const scaled = layers.map((layer, i) =>
      i === 1 ? { ...layer, spectral: c * layer.spectral, frobenius: c * layer.frobenius } : layer,
    );
    const given = { radius: 2, margin: 2 * c, count: 4 };
    expectLogNear(neyshabur2018Root(scaled, { ...given, logDelta: Math.log(0.1) }), 23.78294, 2e-7);
    expectLogNear(neyshabur2018Kl(scaled, given), 29489211.1907);
    expectLogNear(neyshabur2018Numerator(scaled, 2), c * c * 9049.72958939);
  });
});
