// Oracle: the recorded value, and an independent script on a network whose second of three layers has rank one.
import { describe, expect, it } from 'vitest';
import { collapsedBound, firstRankOneLayer, golowichFrobenius, lipschitzComposition } from '../../../src/index.js';
import { g0Network, g0Norms } from '../../g0.js';
import { golden } from '../../golden/readBounds.js';
import { expectLogNear } from '../../near.js';
import { type PlainMatrix, plainNetwork } from '../../plainNetwork.js';

const [first, second, last] = golden.weights as [PlainMatrix, PlainMatrix, PlainMatrix];
const collapsed = plainNetwork([first, { ...second, values: golden.collapsed }, last]);

describe('Theorem 8', () => {
  it('has the recorded value on G0, and that of the script where sizes differ', () => {
    const logRademacher = Math.log(21.4867974777);
    const parts = { logLipschitz: 0, logRange: Math.log(20), logRademacher, count: 4 };
    expectLogNear(lipschitzComposition(parts), 45.0715431674);
    expectLogNear(lipschitzComposition({ ...parts, c: 2, logLipschitz: Math.log(3) }), 6 * 45.0715431674);
    expectLogNear(collapsedBound(g0Network, g0Norms, { margin: 2 }).logComplexity, 45.0715431674);
    const bound = collapsedBound(collapsed, golden.sample, { ...golden.at, c: 1.3 });
    expectLogNear(bound.logComplexity, golden.value('theorem 8 c=1.3'));
    expect(bound).toMatchObject({ effectiveDepth: 2, unknown: { c: 1.3 }, constants: 'unknown', standing: 'paper' });
    expectLogNear(bound.terms[0]?.log, (12 / golden.margin) * golden.value('theorem 8 c=1.3'));
  });
  it('of one example keeps the range only', () => {
    const parts = { logLipschitz: 0, logRange: Math.log(5), logRademacher: 700, count: 1 };
    expectLogNear(lipschitzComposition(parts), 5);
  });
  it('finds the first layer of rank one', () => {
    expect(firstRankOneLayer(golden.network)).toBeUndefined();
    expect(firstRankOneLayer(collapsed)).toBe(2);
    expect(firstRankOneLayer(g0Network)).toBe(2);
    // σ₂/σ₁ = 1/5
    expect(firstRankOneLayer(g0Network, 0.19)).toBe(2);
    expect(firstRankOneLayer(g0Network, 0.2)).toBe(1);
    const layers = g0Network.layers.map((layer) => {
      const { singularValues: _, ...map } = layer.map;
      return { ...layer, map };
    });
    expect(firstRankOneLayer({ layers })).toBeUndefined();
  });
  it('cuts that layer, and charges the cut to the margins', () => {
    const bound = collapsedBound(g0Network, g0Norms, { margin: 1, rankTolerance: 0.2 });
    // e = R s₂ σ₂(W₁) = 4: margins 14, 4, 4, 2 on the ramp from 8 to 9
    expect(bound.effectiveDepth).toBe(1);
    expect(bound.empirical).toBe(0.75);
    expect(bound.assumptions.join(' ')).toContain('differ by at most 4.00');
    const inner = golowichFrobenius({ logFrobeniusProduct: Math.log(5), depth: 1, frobenius: Math.sqrt(10), count: 4 });
    const expected = 2 * (10 / 2 + Math.log(4) ** 1.5 * Math.exp(inner));
    expectLogNear(bound.logComplexity, expected);
  });
  it('refuses a network without such a layer', () => {
    expect(() => collapsedBound(golden.network, golden.sample, golden.at)).toThrow(
      /no layer has numerical rank 1 at rankTolerance=0.001/,
    );
    expect(() => collapsedBound(g0Network, g0Norms, { margin: 2, c: 0 })).toThrow(/c must be finite and > 0/);
  });
});
