// Oracle: recorded values on G0, an independent script where sizes differ, and nets of matrices by hand.
import { describe, expect, it } from 'vitest';
import {
  countParameters,
  type LayerNorms,
  marginAfterTruncation,
  parameterCountingBound,
  truncatedClass,
} from '../../../src/index.js';
import { g0Network, g0Norms } from '../../g0.js';
import { golden } from '../../golden/readBounds.js';
import { expectLogNear, expectNear } from '../../near.js';

const { layers } = truncatedClass(g0Network, { radius: 2 });

describe('low-rank parameter counting', () => {
  it('has the recorded numbers on G0, at 4 and at 50,000 examples', () => {
    const at = { count: 4, radius: 2, margin: 2 };
    expect(countParameters(layers, at).parameters).toBe(17);
    expectLogNear(countParameters(layers, at).log, 8.112276155);
    expectLogNear(countParameters(layers, { ...at, count: 50_000 }).log, 0.1066033006);
    const bound = parameterCountingBound(g0Network, g0Norms, { margin: 2, delta: 0.1 });
    expectLogNear(bound.logGap, 18.0603624329);
    const many = parameterCountingBound(g0Network, { ...g0Norms, count: 50_000 }, { margin: 2, delta: 0.1 });
    expectLogNear(many.logGap, 0.2296265862);
    expect(many).toMatchObject({ vacuous: false, standing: 'derived', constants: 'explicit', empirical: 0 });
    expect(many.unknown).toBeUndefined();
  });
  it('has those of the script where sizes differ, by ranks and by whichever is fewer', () => {
    const own = truncatedClass(golden.network, { radius: golden.sample.radius }).layers;
    const at = { count: 7, radius: golden.sample.radius, margin: golden.margin };
    expect(countParameters(own, at).parameters).toBe(golden.value('counting D'));
    expect(countParameters(own, { ...at, counting: 'fewer' }).parameters).toBe(golden.value('counting fewer D'));
    expectLogNear(countParameters(own, at).log, golden.value('counting'));
    expectLogNear(countParameters(own, { ...at, counting: 'fewer' }).log, golden.value('counting fewer'));
    const bound = parameterCountingBound(golden.network, golden.sample, golden.at);
    expectNear(bound.value, golden.value('counting value'));
    const fewer = parameterCountingBound(golden.network, golden.sample, { ...golden.at, counting: 'fewer' });
    expectLogNear(fewer.logComplexity, golden.value('counting fewer'));
    expect([bound.name, fewer.name]).toEqual(['low-rank-parameter-counting', 'parameter-counting']);
  });
  it('takes 9 where the argument of the logarithm is smaller', () => {
    const small = layers.map((layer) => ({ ...layer, spectral: 1e-3 }));
    expectLogNear(
      countParameters(small, { count: 4, radius: 2, margin: 2 }).log,
      0.25 + Math.sqrt((34 * Math.log(9)) / 4),
    );
    const zero = layers.map((layer) => ({ ...layer, spectral: 0, rank: 0 }));
    expectLogNear(countParameters(zero, { count: 4, radius: 2, margin: 2 }).log, 0.25);
  });
  it('counts filters once, at a distance in the map of at most √k times theirs', () => {
    // 3 × 3 filters from 2 to 4 channels on 5 × 5 positions, unrolled
    const filters = { ...g0Network.layers[0]!.filters, rows: 4, columns: 18, spectral: 1.5 };
    const map = { ...filters, rows: 100, columns: 50, spectral: 3 };
    const convolution: LayerNorms = {
      ...g0Network.layers[0]!,
      kind: 'convolution',
      filters,
      map,
      positions: 25,
      reads: 9,
    };
    const network = { ...g0Network, layers: [convolution, g0Network.layers[1]!] };
    const { logComplexity } = parameterCountingBound(network, g0Norms, { margin: 2 });
    // D = 4 (4 + 18 + 1) + 1 (2 + 2 + 1), and 2 √9 · 1.5/3 + 1 in place of the depth 2
    const expected = 0.25 + Math.sqrt((2 * (92 + 5) * Math.log((18 * 4 * (3 + 1) * 2 * 3 * 2) / 2)) / 4);
    expectLogNear(logComplexity, expected);
  });
});

describe('the margin after cutting', () => {
  it('is γ − 2e, and needs γ > 2e strictly', () => {
    expect(marginAfterTruncation(2, 0.25)).toBe(1.5);
    expect(marginAfterTruncation(2, 0)).toBe(2);
    expect(() => marginAfterTruncation(2, 1)).toThrow(
      /margin must exceed twice the error of the truncation, got margin=2, error=1: keep more/,
    );
    expect(marginAfterTruncation(2, 1 - 2 ** -52)).toBeGreaterThan(0);
    expect(() => marginAfterTruncation(0, 0)).toThrow(/margin/);
  });
});
