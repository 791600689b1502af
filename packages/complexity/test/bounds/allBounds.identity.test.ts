import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type LayerNorms,
  type NetworkNorms,
  type NormBound,
  type SampleNorms,
  allBounds,
  bartlettBound,
  golowich2018Bound,
  ledentBound,
  logValueOf,
  neyshabur2015Bound,
  parameterCountingBound,
  pinto2025Bound,
  sparseBound,
  trivialBound,
  vcBound,
} from '../../src/index.js';
import { coverNorms } from '../../src/bounds/all/coverNorms.js';
import { entriesFor } from '../../src/bounds/all/registry.js';
import { g0Network, g0Norms } from '../g0.js';

interface Case {
  readonly name: string;
  readonly network: NetworkNorms;
  readonly sample: SampleNorms;
}
const { cases } = JSON.parse(readFileSync(new URL('../golden/coveringBounds.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};
const g0: Case = { name: 'G0', network: g0Network, sample: g0Norms };

const named = (bounds: readonly NormBound[], name: string): NormBound => bounds.find((bound) => bound.name === name)!;
const members = ({ union }: NormBound): number => union.reduce((sum, { members: of }) => sum + Math.log(of), 0);

describe.each([g0, ...cases])('all bounds of $name', ({ network, sample }) => {
  const options = { delta: 0.1 };
  const { bounds, margins, trivial, parameterCounting } = allBounds(network, sample, options);
  const raw: Record<string, (o: { margin: number; delta: number }) => NormBound> = {
    'bartlett-2017-explicit-zero': (o) => bartlettBound(network, sample, o),
    'bartlett-2017-explicit-given': (o) => bartlettBound(network, sample, { ...o, reference: 'given' }),
    'bartlett-2017-graf-zero': (o) => bartlettBound(network, sample, { ...o, form: 'graf' }),
    'ledent-2021-theorem-11-given': (o) => ledentBound(network, sample, { ...o, reference: 'given' }),
    'ledent-2021-fixed-lipschitz-zero': (o) => ledentBound(network, sample, { ...o, variant: 'fixed-lipschitz' }),
    'sparse-layers': (o) => sparseBound(network, sample, o),
    trivial: (o) => trivialBound(network, sample, o),
    'low-rank-parameter-counting': (o) => parameterCountingBound(network, sample, o),
    'parameter-counting': (o) => parameterCountingBound(network, sample, { ...o, counting: 'fewer' }),
    'pinto-2025-printed': (o) => pinto2025Bound(network, sample, { ...o, rankMode: 'printed' }),
    'pinto-2025-tight': (o) => pinto2025Bound(network, sample, { ...o, rankMode: 'tight' }),
    'golowich-2018-frobenius': (o) => golowich2018Bound(network, sample, o),
    'golowich-2018-rows': (o) => golowich2018Bound(network, sample, { ...o, norm: 'rows' }),
    'neyshabur-2015-frobenius-exact': (o) => neyshabur2015Bound(network, sample, { ...o, norm: 'frobenius-exact' }),
    'neyshabur-2015-rows': (o) => neyshabur2015Bound(network, sample, { ...o, norm: 'rows' }),
  };

  it('stand in order, each once, with what δ paid for', () => {
    expect(new Set(bounds.map(({ name }) => name)).size).toBe(bounds.length);
    const values = bounds.map(logValueOf).filter((value) => !Number.isNaN(value));
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(bounds.slice(values.length).every((bound) => Number.isNaN(logValueOf(bound)))).toBe(true);
    for (const bound of bounds.filter(({ margin, delta }) => margin !== undefined && delta === 0.1)) {
      expect(bound.union[0]).toEqual({ of: 'margins that were declared', members: margins.length });
      expect(margins).toContain(bound.margin);
    }
  });
  it.each(Object.keys(raw))('%s grows by its grid, and pays for it', (name) => {
    const bound = named(bounds, name);
    const own = raw[name]!({ margin: bound.margin!, delta: 0.1 });
    expect(bound.empirical).toBe(own.empirical);
    const growth = bound.logComplexity! - own.logComplexity!;
    expect(growth).toBeGreaterThanOrEqual(0);
    // a product of all layers, a ratio or a change, and a patch in the theorem by patches
    expect(growth).toBeLessThanOrEqual((name.includes('theorem-11') ? 4 : 2) * 0.1 + 1e-12);
    const confidence = Math.exp(bound.terms[1]!.log);
    expect(confidence).toBeCloseTo(3 * Math.sqrt((Math.log(2 / 0.1) + members(bound)) / (2 * sample.count)), 12);
    expect(bound.value).toBeGreaterThan(own.value);
    expect(bound.caveats.join()).not.toMatch(/must be fixed before the sample is seen/);
    expect(own.caveats.join()).toMatch(/must be fixed before the sample is seen/);
  });
  it('always have the two rows that a comparison needs', () => {
    expect([trivial, parameterCounting]).toEqual(
      ['trivial', 'low-rank-parameter-counting'].map((name) => named(bounds, name)),
    );
  });
  it('pays for no grid in what knows no norms and no margins', () => {
    const vc = named(bounds, 'harvey-2017-vc');
    expect(vc).toEqual(vcBound(network, sample, options));
    expect(vc.union).toEqual([]);
  });
  it('has rates beside them, which say that limits were not fixed', () => {
    const rate = named(bounds, 'bartlett-2017-rate-zero');
    expect(rate.constants).toBe('dropped');
    expect(rate.union).toHaveLength(1);
    expect(rate.caveats.join()).toMatch(/must be fixed before the sample is seen/);
  });
});

describe('limits of norms', () => {
  const { network, sample } = cases[1]!;
  it('are all that a covered bound sees: every other norm is NaN', () => {
    for (const { cover, bound } of entriesFor(network, { logPathNorm: 1 })) {
      if (cover === undefined) continue;
      const { network: limits, sample: limited, union } = coverNorms(network, sample, cover, 0.1);
      const { logGap } = bound(limits, limited, { margin: 1, delta: 0.1, union });
      expect(Number.isFinite(logGap)).toBe(true);
      expect(limits.layers.some(({ map }) => Number.isNaN(map.columnSum))).toBe(true);
    }
  });
  it('are limited layer by layer where activations are not homogeneous', () => {
    const saturating = { ...network, homogeneous: false };
    const paid = (of: NetworkNorms): number =>
      named(allBounds(of, sample).bounds, 'bartlett-2017-explicit-zero').union.length;
    expect([paid(network), paid(saturating)]).toEqual([1 + 1 + 3, 1 + 3 + 3]);
    const bound = named(allBounds(saturating, sample).bounds, 'bartlett-2017-explicit-zero');
    const own = bartlettBound(network, sample, { margin: bound.margin! }).logComplexity!;
    expect(bound.logComplexity! - own).toBeGreaterThan(0);
    expect(bound.logComplexity! - own).toBeLessThan(0.2);
    expect(bound.assumptions.join()).not.toMatch(/homogeneous/);
    expect(named(allBounds(network, sample).bounds, 'bartlett-2017-explicit-zero').assumptions.join()).toMatch(
      /homogeneous/,
    );
  });
  it('are those of the ranks where ranks are covered', () => {
    const { network: limits, union } = coverNorms(
      g0Network,
      g0Norms,
      { product: () => ({ part: 'map', norm: 'spectral' }), ranks: () => true },
      0.1,
    );
    expect(limits.layers.map(({ map }) => [map.rank, map.singularValues?.length])).toEqual([
      [2, 2],
      [1, 1],
    ]);
    expect(union.map(({ of, members: count }) => [of, count])).toEqual([
      ["layers' norms: product of spectral norms", 3 * 25 * 26],
      ['ranks: W1', 3],
      ['ranks: W2', 3],
    ]);
  });
  it('are those of the cut network, with what the cuts change taken from its margins', () => {
    const nearly = { ...g0Network.layers[1]!.map, singularValues: Float64Array.of(2, 1e-4) };
    const layers = [g0Network.layers[0]!, { ...g0Network.layers[1]!, map: nearly, filters: nearly }];
    const options = { delta: 0.1, margins: [2], rankTolerance: 1e-3 };
    const { bounds } = allBounds({ ...g0Network, layers }, g0Norms, options);
    const pinto = named(bounds, 'pinto-2025-printed');
    // e = R s₁ σ = 2 · 5 · 1e-4, twice of it from each margin: the last example's, 2, falls below 2
    expect(pinto.empirical).toBeCloseTo(2e-3 / 2 / 4, 12);
    expect(pinto.assumptions.join()).toMatch(/with W2 cut to numerical rank/);
    expect(named(bounds, 'trivial').empirical).toBe(0);
    // the norms of G0, whose second layer has rank 1
    const exact = named(allBounds(g0Network, g0Norms, options).bounds, 'pinto-2025-printed');
    expect(pinto.logComplexity).toBeCloseTo(exact.logComplexity!, 6);
    expect(
      named(allBounds({ ...g0Network, layers }, g0Norms, { ...options, rankTolerance: 0 }).bounds, 'pinto-2025-printed')
        .logComplexity,
    ).toBeGreaterThan(exact.logComplexity! + 0.1);
  });
  it('stand in the options', () => {
    const of = (more: object): readonly NormBound[] => allBounds(g0Network, g0Norms, { margins: [2], ...more }).bounds;
    const pinto = (more: object): number => named(of(more), 'pinto-2025-tight').logComplexity!;
    expect(pinto({ c1: 2 }) - pinto({})).toBeGreaterThan(0.1);
    expect(pinto({ c2: 2 }) - pinto({})).toBeGreaterThan(0.1);
    expect(named(of({ c: 3 }), 'pinto-2025-collapsed').unknown).toEqual({ c: 3 });
    expect(of({}).some(({ name }) => name === 'neyshabur-2015-path')).toBe(false);
    const path = named(of({ logPathNorm: Math.log(8), step: 0.01 }), 'neyshabur-2015-path');
    expect(Math.exp(path.logComplexity!) / 42.8341183695).toBeCloseTo(Math.exp(2.08) / 8, 9);
    const known = {
      layer: [0.2, 0.4],
      onward: [0.25, 0.7],
      contraction: 4,
      largestOutput: 10,
      examples: 4,
      of: 4,
      skipped: 0,
    };
    expect(named(of({ cushions: known }), 'arora-2018-compression').logComplexity).toBeCloseTo(
      Math.log(4 * 2 * 10) + 0.5 * Math.log(1 / 0.05 ** 2 + 1 / 0.28 ** 2),
      12,
    );
    expect(of({}).some(({ name }) => name.startsWith('arora'))).toBe(false);
    expect(named(of({ logPathNorms: { 2: 1 } }), 'neyshabur-code-path-2').logGap).toBeCloseTo(1 - Math.log(2.3), 12);
    expect(
      of({}).every(({ margin, union }) => margin === undefined || union.length === 0 || union[0]!.members === 1),
    ).toBe(true);
  });
  it('are paid for: the product of the spectral norms is 10, e^2.4 above it, and so on', () => {
    const { union, terms } = named(allBounds(g0Network, g0Norms, { delta: 0.1 }).bounds, 'bartlett-2017-explicit-zero');
    expect(union).toEqual([
      { of: 'margins that were declared', members: 51 },
      { of: "layers' norms: product of spectral norms", members: 3 * 25 * 26 },
      // 6/5 below e^0.2, √2 below e^0.4
      { of: "layers' norms: (2, 1) norm over spectral norm, W1", members: 3 * 3 * 4 },
      { of: "layers' norms: (2, 1) norm over spectral norm, W2", members: 3 * 5 * 6 },
    ]);
    const share = 0.1 / (51 * 1950 * 36 * 90);
    expect(Math.exp(terms[1]!.log)).toBeCloseTo(3 * Math.sqrt(Math.log(2 / share) / 8), 12);
  });
  it('move with factors between layers without a change of the bounds by products', () => {
    const times = (layer: LayerNorms, c: number): LayerNorms => {
      const of = <T extends object>(norms: T): T =>
        Object.fromEntries(
          Object.entries(norms).map(([name, x]) => [name, /rows|columns|rank|Is/.test(name) ? x : x * c]),
        ) as T;
      return { ...layer, map: of(layer.map), filters: of(layer.filters) };
    };
    const moved = { ...network, layers: network.layers.map((layer, i) => times(layer, [37, 1 / 37, 1][i]!)) };
    const before = allBounds(network, sample).bounds;
    const after = allBounds(moved, sample).bounds;
    for (const name of [
      'bartlett-2017-explicit-zero',
      'bartlett-2017-graf-zero',
      'bartlett-2017-rate-zero',
      'sparse-layers',
    ]) {
      expect(named(after, name).logGap).toBeCloseTo(named(before, name).logGap, 10);
    }
    // not those that pay for every layer
    expect(named(after, 'bartlett-2017-explicit-given').logGap).not.toBeCloseTo(
      named(before, 'bartlett-2017-explicit-given').logGap,
      3,
    );
  });
});

describe('bounds as they scale', () => {
  it('keep their value when the last layer and margins are scaled together', () => {
    const [c, margin] = [3.7, 2];
    const scaled = {
      ...g0Network,
      layers: g0Network.layers.map((layer, i) => {
        if (i === 0) return layer;
        const { map } = layer;
        const norms = {
          ...map,
          spectral: c * map.spectral,
          frobenius: c * map.frobenius,
          rowSum: c * map.rowSum,
          largestRow: c * map.largestRow,
        };
        return { ...layer, map: norms, filters: norms };
      }),
    };
    const margins = g0Norms.margins.map((x) => c * x);
    for (const of of [bartlettBound, sparseBound, ledentBound]) {
      const before = of(g0Network, g0Norms, { margin });
      const after = of(scaled, { ...g0Norms, margins }, { margin: c * margin });
      expect(Math.abs(after.value / before.value - 1)).toBeLessThan(1e-12);
    }
  });
  it('fall by √2 in their main term when every example stands twice', () => {
    const twice = {
      ...g0Norms,
      count: 8,
      frobenius: Math.SQRT2 * g0Norms.frobenius,
      patchFrobenius: Math.SQRT2 * g0Norms.patchFrobenius,
    };
    const main = (sample: SampleNorms): number =>
      bartlettBound(g0Network, sample, { margin: 2, form: 'rate' }).terms[0]!.log;
    expect(Math.exp(main(g0Norms) - main(twice))).toBeCloseTo(Math.SQRT2, 12);
    const sparse = (sample: SampleNorms): number => sparseBound(g0Network, sample, { margin: 2 }).logComplexity!;
    expect(Math.exp(sparse(g0Norms) - sparse(twice))).toBeCloseTo(Math.SQRT2, 12);
  });
});

describe('degenerate lists', () => {
  const margins = (...values: number[]): SampleNorms => ({
    ...g0Norms,
    count: values.length,
    margins: Float64Array.from(values),
  });
  it.each([
    ['margins of zero', margins(0, 0, 0)],
    ['no margin above zero', margins(-1, -2, 0, -1e150)],
    ['one example', margins(3)],
    ['fewer than ten examples', margins(1, 2, 3, -1)],
    ['huge and tiny margins', margins(1e150, 1e-150, 1)],
  ])('have a value with %s', (_, sample) => {
    for (const { name, value, empirical, logGap, margin } of allBounds(g0Network, sample).bounds) {
      if (margin !== undefined && margin <= 0) expect(logGap, name).toBeNaN();
      else expect(value, name).toBeGreaterThan(0);
      expect(empirical).toBeGreaterThanOrEqual(0);
    }
  });
  it('know four hundred layers, whose limits leave a share of δ that no number can hold', () => {
    const layers = Array.from({ length: 400 }, (_, i) => ({ ...g0Network.layers[1]!, name: `W${i + 1}` }));
    const sample = { ...g0Norms, largestPatches: new Float64Array(400).fill(2) };
    const { bounds } = allBounds({ ...g0Network, layers, inputs: 3 }, sample, { margins: [1] });
    const share = (bound: NormBound): number => Math.log(0.05) - members(bound);
    expect(share(named(bounds, 'bartlett-2017-explicit-given'))).toBeLessThan(-1000);
    for (const { name, logGap } of bounds) expect(Number.isFinite(logGap), name).toBe(true);
  });
  it('take 1 for Lipschitz constants that are not known, and say so', () => {
    const layers = g0Network.layers.map((layer) => ({ ...layer, lipschitz: NaN }));
    const { bounds } = allBounds({ ...g0Network, layers }, g0Norms);
    const known = allBounds(g0Network, g0Norms).bounds;
    bounds.forEach(({ logGap, caveats }, i) => {
      expect(logGap).toBe(known[i]!.logGap);
      expect(caveats.join()).toMatch(
        /What stands behind W1 has no Lipschitz constant that is known here; the formulas were given 1/,
      );
    });
  });
  it('know one class, a zero layer, and norms of 1e±150', () => {
    expect(allBounds({ ...g0Network, outputs: 1 }, g0Norms).bounds.every(({ logGap }) => logGap > -Infinity)).toBe(
      true,
    );
    const zero = {
      spectral: 0,
      frobenius: 0,
      rowSum: 0,
      columnSum: 0,
      largestRow: 0,
      largestRowOne: 0,
      threeOneHalf: 0,
    };
    const dead = g0Network.layers.map((layer, i) =>
      i === 0 ? { ...layer, map: { ...layer.map, ...zero }, filters: { ...layer.map, ...zero } } : layer,
    );
    const { bounds } = allBounds({ ...g0Network, layers: dead }, { ...g0Norms, largestPatches: Float64Array.of(2, 0) });
    expect(named(bounds, 'bartlett-2017-explicit-zero').logComplexity).toBe(-Infinity);
    expect(Number.isFinite(named(bounds, 'sparse-layers').value)).toBe(true);
    expect(named(bounds, 'ledent-2021-theorem-11-zero').logGap).toBeNaN();
    for (const size of [1e150, 1e-150]) {
      const huge = g0Network.layers.map((layer) => {
        const norms = {
          ...layer.map,
          spectral: size,
          frobenius: size,
          rowSum: size,
          largestRow: size,
          largestRowOne: size,
          threeOneHalf: size,
        };
        return { ...layer, map: norms, filters: norms };
      });
      for (const { name, logGap } of allBounds({ ...g0Network, layers: huge }, g0Norms).bounds)
        expect(Number.isFinite(logGap), name).toBe(true);
    }
  });
  it('refuse what does not belong together', () => {
    expect(() => allBounds({ ...g0Network, layers: [] }, g0Norms)).toThrow(/G0 has no layers/);
    expect(() => allBounds(g0Network, { ...g0Norms, count: 5 })).toThrow(/5 examples has 5 margins, got 4/);
    expect(() => allBounds(g0Network, { ...g0Norms, largestPatches: Float64Array.of(1) })).toThrow(
      /has 2 layers, the sample knows the patches of 1/,
    );
    expect(() => allBounds({ ...g0Network, inputs: 4 }, g0Norms)).toThrow(/takes 4 inputs, the sample has 3 features/);
    expect(() => allBounds(g0Network, g0Norms, { margins: [1, 0] })).toThrow(/margins\[1\] must be finite and > 0/);
    expect(() => allBounds(g0Network, g0Norms, { margins: [] })).toThrow(/number of margins/);
    expect(() => allBounds(g0Network, g0Norms, { gamma: 1 } as object)).toThrow(/there is no option gamma/);
  });
});
