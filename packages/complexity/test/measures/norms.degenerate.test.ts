import { type Measure, type NetworkNorms, normMeasures } from '@hyperribbon/complexity';
import { describe, expect, it } from 'vitest';
import { g0Network, g0Norms } from '../g0.js';

const at = (network: NetworkNorms, margin = 2): Readonly<Record<string, Measure>> =>
  Object.fromEntries(normMeasures(network, g0Norms, { margin }).map((one) => [one.name, one]));

function withNorms(
  change: (layer: NetworkNorms['layers'][number], i: number) => { spectral: number; frobenius: number },
): NetworkNorms {
  const layers = g0Network.layers.map((layer, i) => {
    const norms = { ...layer.filters, ...change(layer, i) };
    return { ...layer, filters: norms, map: norms };
  });
  return { ...g0Network, layers };
}

describe('a layer of zeros', () => {
  const zero = at(withNorms(({ filters }, i) => (i === 1 ? { spectral: 0, frobenius: 0 } : filters)));

  it('makes products and sums of roots 0, whose logarithm is −∞', () => {
    for (const name of [
      'prod-of-spec',
      'prod-of-fro',
      'prod-of-spec-over-margin',
      'sum-of-spec',
      'sum-of-fro',
      'prod-of-spec-fft',
      'spec-orig-main',
    ])
      expect([zero[name].logValue, zero[name].undefinedBecause], name).toEqual([-Infinity, undefined]);
    expect(zero['prod-of-spec'].reported).toBe(-Infinity);
  });

  it('cannot be divided by, which is said with its name', () => {
    expect(zero['fro-over-spec'].undefinedBecause).toBe(
      'W2 is zero: its Frobenius norm cannot be divided by its spectral norm',
    );
  });

  it('leaves spec-init-main what its change and the other layers make of it', () => {
    // s₁² ‖W₂ − W₂⁰‖²/γ² = 25 · 2/4
    expect(Math.exp(zero['spec-init-main'].logValue)).toBeCloseTo(12.5, 12);
  });
});

describe('norms out of the ordinary', () => {
  it('of 1e±150 in a hundred layers neither overflow nor vanish', () => {
    for (const size of [1e150, 1e-150]) {
      const layer = withNorms(() => ({ spectral: size, frobenius: 2 * size })).layers[0];
      const deep = at({ ...g0Network, layers: Array.from({ length: 100 }, () => layer) });
      expect(deep['prod-of-spec'].logValue / (200 * Math.log(size))).toBeCloseTo(1, 12);
      expect(deep['sum-of-spec'].logValue).toBeCloseTo(Math.log(100) + 2 * Math.log(size), 9);
      expect(Math.exp(deep['fro-over-spec'].logValue)).toBeCloseTo(400, 8);
      expect(deep['spec-orig'].undefinedBecause).toBeUndefined();
      expect(Number.isFinite(deep['spec-orig'].logValue)).toBe(true);
    }
  });

  it('that are NaN are said to be no numbers', () => {
    const broken = at(withNorms(({ filters }, i) => (i === 0 ? { spectral: NaN, frobenius: NaN } : filters)));
    for (const name of ['prod-of-spec', 'sum-of-fro', 'param-norm', 'spec-orig-main', 'fro-over-spec', 'l2'])
      expect(broken[name].undefinedBecause, name).toBe('what it is made of is not a number');
    expect(broken.params.undefinedBecause).toBeUndefined();
  });

  it('without a reference leave distances undefined, and all else as it was', () => {
    const layers = g0Network.layers.map(({ change: _change, ...layer }) => layer);
    const [bare, whole] = [at({ ...g0Network, layers }), at(g0Network)];
    const distances = [
      'spec-init',
      'spec-init-main',
      'fro-dist',
      'dist-spec-init',
      'l2-dist',
      'spec-init-main-fft',
      'dist-spec-init-fft',
    ];
    for (const [name, { undefinedBecause, logValue }] of Object.entries(bare)) {
      if (distances.includes(name)) expect(undefinedBecause, name).toMatch(/no reference weights were given/);
      else expect(logValue, name).toBe(whole[name].logValue);
    }
  });

  it('of weights that never moved make distances 0', () => {
    const change = { spectral: 0, spectralIs: 'exact', frobenius: 0, rowSum: 0 } as const;
    const layers = g0Network.layers.map((layer) => ({ ...layer, change: { filters: change, map: change } }));
    const still = at({ ...g0Network, layers });
    for (const name of ['fro-dist', 'dist-spec-init', 'spec-init-main', 'l2-dist'])
      expect(still[name].logValue, name).toBe(-Infinity);
    expect(still['fro-dist'].reported).toBe(0);
  });

  it('in a network outside the theorems carry its sentences', () => {
    const outside = ['its 3 biases are left out'];
    expect(at({ ...g0Network, outside })['prod-of-spec'].caveats).toEqual(outside);
  });
});

describe('arguments that cannot be', () => {
  it('are refused by name', () => {
    expect(() => normMeasures({ ...g0Network, layers: [] }, g0Norms)).toThrow(/normMeasures: G0 has no layers/);
    expect(() => normMeasures(g0Network, g0Norms, { margin: NaN })).toThrow(/margin must be finite/);
    expect(() => normMeasures(g0Network, g0Norms, { margin: 'median' as never })).toThrow(/margin must be one of/);
    expect(() => normMeasures(g0Network, g0Norms, { delta: 1 })).toThrow(/delta must be in \(0, 1\)/);
    expect(() => normMeasures(g0Network, g0Norms, { imageSide: 0 })).toThrow(/imageSide must be finite and > 0/);
    expect(() => normMeasures(g0Network, g0Norms, { side: 3 } as never)).toThrow(/there is no option side/);
  });

  it('do nothing where they are not used, and something where they are', () => {
    const vc = (imageSide: number): number =>
      normMeasures(g0Network, g0Norms, { imageSide }).find(({ name }) => name === 'vc')!.logValue;
    expect(vc(28)).toBeGreaterThan(vc(2));
    const full = (delta: number): number =>
      normMeasures(g0Network, g0Norms, { margin: 1e6, delta }).find(({ name }) => name === 'spec-orig')!.logValue;
    expect(full(0.9)).toBeLessThan(full(1e-9));
  });
});
