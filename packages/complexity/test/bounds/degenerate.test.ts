// Oracle: what must come out where a layer is zero, has rank 0, norms are huge or tiny, or the sample is one example.
import { describe, expect, it } from 'vitest';
import {
  golowich2018Bound,
  type LayerNorms,
  type MatrixNorms,
  neyshabur2015Bound,
  neyshabur2018Bound,
  type NetworkNorms,
  type NormBound,
  parameterCountingBound,
  pinto2025Bound,
  pintoComplexity,
  pintoRecursion,
  type SampleNorms,
  trivialBound,
  truncatedClass,
} from '../../src/index.js';
import { g0Network, g0Norms } from '../g0.js';

type Bound = (
  network: NetworkNorms,
  sample: SampleNorms,
  options: { margin: number; delta?: number; union?: NormBound['union'] },
) => NormBound;
const bounds: readonly [string, Bound][] = [
  ['Pinto et al.', pinto2025Bound],
  ['Pinto et al., tight', (n, s, o) => pinto2025Bound(n, s, { ...o, rankMode: 'tight' })],
  ['parameter counting', parameterCountingBound],
  ['trivial', trivialBound],
  ['Golowich et al.', golowich2018Bound],
  ['Golowich et al., rows', (n, s, o) => golowich2018Bound(n, s, { ...o, norm: 'rows' })],
  ['Golowich et al., depth-free', (n, s, o) => golowich2018Bound(n, s, { ...o, norm: 'depth-free' })],
  ['Neyshabur et al. 2015', neyshabur2015Bound],
  ['Neyshabur et al. 2018', neyshabur2018Bound],
  ['Neyshabur et al. 2018, rate', (n, s, o) => neyshabur2018Bound(n, s, { ...o, form: 'rate' })],
];

/** G0 with norms of its layers changed. */
function changed(change: (norms: MatrixNorms, i: number) => Partial<MatrixNorms>): NetworkNorms {
  const layers = g0Network.layers.map((layer, i): LayerNorms => {
    const map = { ...layer.map, ...change(layer.map, i) };
    return { ...layer, map, filters: map };
  });
  return { ...g0Network, layers };
}
const scaled = (factor: number): NetworkNorms =>
  changed((norms) => ({
    spectral: factor * norms.spectral,
    frobenius: factor * norms.frobenius,
    largestRowOne: factor * norms.largestRowOne,
    singularValues: norms.singularValues!.map((x) => factor * x),
  }));
const zero = changed((_, i) =>
  i === 1 ? { spectral: 0, frobenius: 0, largestRowOne: 0, singularValues: new Float64Array(2) } : {},
);

describe.each(bounds)('%s', (name, bound) => {
  it('of a zero layer has complexity zero, or what its parameters cost', () => {
    const found = bound(zero, { ...g0Norms, margins: new Float64Array(4) }, { margin: 2 });
    expect(found.empirical).toBe(1);
    expect(found.value).not.toBeNaN();
    if (found.logComplexity !== undefined)
      expect(Math.exp(found.logComplexity)).toBeLessThan(name === 'parameter counting' ? 10 : 1e-300);
  });
  it.each([1e150, 1e-150])('at norms times %d has a finite logarithm and no NaN', (factor) => {
    const found = bound(scaled(factor), g0Norms, { margin: 2 });
    expect(Number.isFinite(found.logGap)).toBe(true);
    expect(found.value).not.toBeNaN();
    expect(found.vacuous).toBe(!(found.value < 1));
    if (factor === 1e150 && name !== 'parameter counting') expect(found.logGap).toBeGreaterThan(300);
  });
  it('of 2,000 layers is a finite logarithm, and infinite as a value where it overflows', () => {
    const layer = g0Network.layers[0] as LayerNorms;
    const square = { ...layer.map, rows: 3, columns: 3, singularValues: Float64Array.of(5, 1, 1) };
    const deep = {
      ...g0Network,
      layers: Array.from({ length: 2000 }, () => ({ ...layer, filters: square, map: square })),
    };
    const found = bound(deep, g0Norms, { margin: 2 });
    expect(Number.isFinite(found.logGap)).toBe(true);
    expect(found.vacuous).toBe(true);
    if (name !== 'parameter counting') expect(found.value).toBe(Infinity);
  });
  it('of one example is vacuous and not NaN', () => {
    const found = bound(g0Network, { ...g0Norms, count: 1, margins: Float64Array.of(14) }, { margin: 2 });
    expect(found.vacuous).toBe(true);
    expect(found.value).not.toBeNaN();
  });
  it('passes NaN on, and is vacuous then', () => {
    const found = bound(
      changed(() => ({ spectral: NaN, frobenius: NaN, largestRowOne: NaN, singularValues: Float64Array.of(NaN, NaN) })),
      g0Norms,
      { margin: 2 },
    );
    expect(found.logGap).toBeNaN();
    expect(found).toMatchObject({ vacuous: true });
    expect(found.value).toBeNaN();
  });
  it('says where the network is outside the class, and where norms are from below', () => {
    const low = changed(() => ({ spectralIs: 'lower' }));
    const found = bound({ ...low, outside: ['It has biases.'] }, g0Norms, { margin: 2 });
    expect(found.caveats).toContain('It has biases.');
    expect(found.caveats.join(' ')).toContain('Spectral norms of W1, W2 are known from below only');
    expect(found.caveats.join(' ')).toContain('must be fixed before the sample is seen');
    const paid = bound(g0Network, g0Norms, {
      margin: 2,
      union: [{ of: "layers' norms on grids of factor 2", members: 9 }],
    });
    expect(paid.caveats.join(' ')).not.toContain('must be fixed before');
  });
  it('folds Lipschitz constants between layers in, and not behind the last', () => {
    const lipschitz = (first: number, last: number): NetworkNorms => ({
      ...g0Network,
      layers: g0Network.layers.map((layer, i) => ({ ...layer, lipschitz: i === 0 ? first : last })),
    });
    const [plain, twice] = [
      bound(lipschitz(1, 7), g0Norms, { margin: 2 }),
      bound(lipschitz(2, 1), g0Norms, { margin: 2 }),
    ];
    expect(plain.logGap).toBe(bound(g0Network, g0Norms, { margin: 2 }).logGap);
    const doubled = changed((norms, i) => ({
      spectral: (i + 1) * norms.spectral,
      frobenius: (i + 1) * norms.frobenius,
      largestRowOne: (i + 1) * norms.largestRowOne,
      singularValues: norms.singularValues!.map((x) => (i + 1) * x),
    }));
    expect(twice.logGap).toBeCloseTo(bound(doubled, g0Norms, { margin: 2 }).logGap, 12);
  });
  it('pays for unions with its confidence', () => {
    const one = bound(g0Network, { ...g0Norms, count: 1000 }, { margin: 2, delta: 0.1 });
    const paid = bound(
      g0Network,
      { ...g0Norms, count: 1000 },
      { margin: 2, delta: 0.1, union: [{ of: 'margins', members: 1e6 }] },
    );
    // a rate has no confidence
    if (name.endsWith('rate')) expect(paid.logGap).toBe(one.logGap);
    else expect(paid.logGap).toBeGreaterThan(one.logGap);
    expect(paid.delta).toBe(0.1);
    expect(paid.union).toEqual([{ of: 'margins', members: 1e6 }]);
  });
  it('refuses margins and options that are none', () => {
    expect(() => bound(g0Network, g0Norms, { margin: 0 })).toThrow(/margin must be finite and > 0, got margin=0/);
    expect(() => bound(g0Network, g0Norms, { margin: 2, delta: 0 })).toThrow(/delta/);
    expect(() => bound(g0Network, g0Norms, { margin: 2, depht: 1 } as never)).toThrow(/there is no option depht/);
  });
});

describe('classes', () => {
  it('of rank 0 have complexity zero', () => {
    const { layers } = truncatedClass(zero, { radius: 2 });
    expect(layers[1]).toMatchObject({ rank: 0, spectral: 0, frobenius: 0 });
    for (const rankMode of ['printed', 'derived', 'tight'] as const) {
      expect(pintoComplexity(layers, { count: 4, frobenius: 3, rankMode }).log).toBe(-Infinity);
      expect(pintoRecursion(layers, { count: 4, frobenius: 3, rankMode })[1]).toBe(-Infinity);
    }
  });
  it('of the zero sample have complexity zero', () => {
    const { layers } = truncatedClass(g0Network, { radius: 0 });
    expect(pintoComplexity(layers, { count: 4, frobenius: 0 }).log).toBe(-Infinity);
  });
  it('keep the full rank of layers without singular values, and cut nothing there', () => {
    const unlisted = changed(() => ({}));
    const layers = unlisted.layers.map((layer) => {
      const { singularValues: _, ...map } = layer.map;
      return { ...layer, map };
    });
    const found = truncatedClass({ layers }, { radius: 2, rankTolerance: 0.5 });
    expect(found.layers.map(({ rank }) => rank)).toEqual([2, 2]);
    expect(found).toMatchObject({ logError: -Infinity, cut: [] });
  });
  it('are refused where there are none', () => {
    expect(() => pintoComplexity([], { count: 4, frobenius: 3 })).toThrow(/at least one layer of weights/);
    const { layers } = truncatedClass(g0Network, { radius: 2 });
    expect(() => pintoComplexity(layers, { count: 0, frobenius: 3 })).toThrow(
      /count must be an integer >= 1, got count=0/,
    );
    expect(() => pintoComplexity(layers, { count: 4, frobenius: NaN })).toThrow(/frobenius/);
    expect(() => pintoComplexity(layers, { count: 4, frobenius: 3, c2: 0 })).toThrow(/c2/);
    expect(() => truncatedClass(g0Network, { radius: 2, rankTolerance: 1 })).toThrow(/rankTolerance/);
  });
});
