import { describe, expect, it } from 'vitest';
import {
  type LayerNorms,
  type NetworkNorms,
  type SampleNorms,
  authorCodeBounds,
  authorCodeLogs,
  bartlettBound,
  percentile,
  kernelRowSum,
  ledentBound,
  ledentComplexity,
  logCoveringNumber,
  logLayerCovering,
  logSparseComplexity,
  logSpectralComplexity,
  logVcComplexity,
  normalizedMargins,
  sparseBound,
  vcBound,
  vcDimension,
  vcLowerLimit,
} from '../../src/index.js';
import { g0Network, g0Norms } from '../g0.js';

const options = { margin: 2, delta: 0.1 };
const close = (found: number, wanted: number): void => {
  expect(Math.abs(found / wanted - 1), `${found} is not ${wanted}`).toBeLessThan(1e-9);
};
const confidence = 3 * Math.sqrt(Math.log(20) / 8);

describe('spectral complexity of a network known by hand', () => {
  it('takes sums over rows, output units, and not over columns', () => {
    close(Math.exp(bartlettBound(g0Network, g0Norms, options).logComplexity!), 36.9291252759);
    const columns = g0Network.layers.map(({ map }) => ({ spectral: map.spectral, difference: map.columnSum }));
    close(Math.exp(logSpectralComplexity(columns)), 42.6004022953);
  });
  it('is smaller from the reference weights', () => {
    close(
      Math.exp(bartlettBound(g0Network, g0Norms, { ...options, reference: 'given' }).logComplexity!),
      19.1645979077,
    );
  });
  it('gives the gap in its three forms', () => {
    const wanted = {
      explicit: { zero: 2479.9375223, given: 1288.34306045 },
      graf: { zero: 2 * 1532.19593355 + confidence, given: 2 * 795.623597637 + confidence },
    };
    for (const form of ['explicit', 'graf'] as const)
      for (const reference of ['zero', 'given'] as const)
        close(
          Math.exp(bartlettBound(g0Network, g0Norms, { ...options, form, reference }).logGap),
          wanted[form][reference],
        );
    const main = (reference: 'zero' | 'given'): number =>
      Math.exp(bartlettBound(g0Network, g0Norms, { ...options, form: 'rate', reference }).terms[0]!.log);
    close(main('zero'), 16.0370131903);
    close(main('given'), 8.3225071576);
  });
  it('scales margins', () => {
    const scaled = normalizedMargins(g0Norms.margins, Math.log(36.9291252759), g0Norms.frobenius);
    [0.4795335596, 0.1370095885, 0.1370095885, 0.0685047942].forEach((wanted, i) =>
      expect(Math.abs(scaled[i]! / wanted - 1)).toBeLessThan(2e-9),
    );
  });
  it('bounds covering numbers', () => {
    const layer = { norm: 6, data: Math.sqrt(10), rows: 3, columns: 2 };
    close(Math.exp(logLayerCovering(layer, 10)), 4 * Math.log(12));
    // a² b² h^{2/r}/ε² = 360 · 2/100
    close(Math.exp(logLayerCovering({ ...layer, order: 2 }, 10)), 8 * Math.log(12));
    close(logLayerCovering({ ...layer, norm: 1e150 }, 10), Math.log(0.1 * Math.log(12)) + 300 * Math.LN10);
    expect(() => logLayerCovering(layer, 0)).toThrow(/radius must be finite and > 0/);
    close(
      Math.exp(logCoveringNumber(Math.log(5), { frobenius: 3, widest: 7, radius: 0.5 })),
      ((5 * 3) / 0.5) ** 2 * Math.log(2 * 49),
    );
  });
});

describe('the (2, 1) norm of a kernel tensor', () => {
  it('sums over output channels and places', () => {
    const kernels = [1, 2, 0, 0, -1, 0, 1, 0, 3, 0, 1, 0, 1, -4, 1, 0, 1, 0];
    expect(kernelRowSum(kernels, [2, 1, 3, 3])).toBe(16);
    expect(kernelRowSum([3, 4, 0, 1], [1, 2, 1, 2])).toBeCloseTo(3 + Math.sqrt(17), 14);
    expect(() => kernelRowSum([1, 2, 3], [1, 2, 1, 2])).toThrow(/kernel must have length 4, got 3/);
  });
  it('enters the bound with the places of the map over the side of the kernel', () => {
    const convolution = { ...g0Network.layers[0]!, kind: 'convolution', positions: 16, reads: 9 } as const;
    const network = { ...g0Network, layers: [convolution, g0Network.layers[1]!] };
    const bound = bartlettBound(network, g0Norms, { ...options, convention: 'tensor', kernelRowSums: [3, 4] });
    close(Math.exp(bound.logComplexity!), 10 * ((((16 / 3) * 3) / 5) ** (2 / 3) + (4 / 2) ** (2 / 3)) ** 1.5);
    expect(bound.caveats.join()).toMatch(/kernel tensors/);
    expect(() => bartlettBound(network, g0Norms, { ...options, convention: 'tensor' })).toThrow(/belong together/);
  });
});

describe('patches and filters', () => {
  it('follow the theorem and the variant with fixed Lipschitz constants', () => {
    const of = (variant: 'theorem-11' | 'fixed-lipschitz'): { R: number; rademacher: number } => {
      const { logComplexity, terms } = ledentBound(g0Network, g0Norms, { ...options, variant });
      return { R: Math.exp(logComplexity!), rademacher: Math.exp(terms[0]!.log) / 2 };
    };
    close(of('theorem-11').R, 21.8658445503);
    close(of('theorem-11').rademacher, 42121.4433018);
    close(of('fixed-lipschitz').R, 26.1128349059);
    close(of('fixed-lipschitz').rademacher, 50752.9181718);
  });
  it('take the layer above whose inputs leave least room', () => {
    const layers = [
      { difference: 6, lipschitz: 5, patch: 2, width: 3, positions: 9, channels: 2 },
      { difference: 4, lipschitz: 3, patch: 7, width: 2, positions: 4, channels: 5 },
      { difference: 2, lipschitz: Math.SQRT2, patch: 11, width: 1, positions: 1, channels: 6 },
    ];
    // max(1/7, 3/11, 3√2/1000), max(1/11, √2/1000), 1/1000
    const wanted = [2 * 6 * 3 * (3 / 11), (7 * 4 * 2) / 11, (11 * 2) / 1000];
    ledentComplexity(layers, { margin: 1000, count: 10 }).layers.forEach((log, l) => close(Math.exp(log), wanted[l]!));
    // max(1/7, 3/11, 3√2/0.5)
    close(Math.exp(ledentComplexity(layers, { margin: 0.5, count: 10 }).layers[0]!), 2 * 6 * 3 * 6 * Math.SQRT2);
  });
  it('are reconstructed, and say so', () => {
    const { standing, caveats } = ledentBound(g0Network, g0Norms, options);
    expect(standing).toBe('reconstructed');
    expect(caveats.join()).toMatch(/text was not at hand/);
  });
  it('count filters once in sparse layers', () => {
    const layers = [
      { norm: 6, reads: 9 },
      { norm: Math.sqrt(32) * 0.1, reads: 16 },
    ];
    close(Math.exp(logSparseComplexity(layers, { count: 2, patchFrobenius: Math.sqrt(4.72) })), 53.5753478165);
  });
  it('are the bound by Frobenius norms, at one layer less, where every place is read alone', () => {
    const layers = [3, 5, 7].map((norm) => ({ norm, reads: 1 }));
    close(
      Math.exp(logSparseComplexity(layers, { count: 11, patchFrobenius: 13 })),
      (105 * 13 * (1 + Math.sqrt(4 * Math.LN2))) / 11,
    );
  });

  it('do not shrink where means are taken, and grow with what stretches', () => {
    const at = (lipschitz: number): number => {
      const layers = g0Network.layers.map((layer) => ({ ...layer, lipschitz }));
      return sparseBound({ ...g0Network, layers }, g0Norms, options).logComplexity!;
    };
    expect(at(0.5)).toBe(at(1));
    close(Math.exp(at(3) - at(1)), 3);
    expect(at(NaN)).toBeNaN();
  });
});

describe('counting parameters', () => {
  it('solves the fixed point', () => {
    const v = vcDimension({ parameters: 10, layers: 2 });
    close(v, 2139.30603611);
    close(4 * 10 * 3 * Math.log2(2 * Math.E * 10 * v * 2), v);
    close(Math.exp(logVcComplexity(v, 50000)) + Math.sqrt(Math.log(10) / 1e5), 0.600832679766);
    close(vcLowerLimit({ parameters: 100000, layers: 3 }), (3e5 * Math.log2(1e5 / 3)) / 640);
  });
  it('goes on below the dimension with 2^m, which is more than anything can be', () => {
    close(Math.exp(logVcComplexity(100, 10)), Math.sqrt(2 * Math.LN2));
    expect(vcBound(g0Network, g0Norms).vacuous).toBe(true);
  });
  it('counts biases, which norms leave out, and keeps what else lies outside', () => {
    const outside = [
      'Its 3 biases are left out: norms are of weights only.',
      'Its inputs are tokens, whose numbers have no norm.',
    ];
    const network = { ...g0Network, outside };
    expect(vcBound(network, g0Norms).caveats).toEqual(outside.slice(1));
    expect(bartlettBound(network, g0Norms, options).caveats).toEqual(expect.arrayContaining(outside));
  });
  it('says of more than two classes that it is not about them', () => {
    expect(vcBound(g0Network, g0Norms).caveats).toEqual([]);
    expect(vcBound({ ...g0Network, outputs: 10 }, g0Norms).caveats.join()).toMatch(/two classes; this network has 10/);
  });
});

describe("the authors' code", () => {
  const wanted = {
    'l1-max': 6.1610064548,
    frobenius: 4.4878703052,
    'spec-l2-1': 15.2936400988,
    'spec-fro': 5.3851648071,
  };
  it('orders the network known by hand as published', () => {
    const logs = authorCodeLogs(g0Network, g0Norms, 2);
    for (const [name, value] of Object.entries(wanted))
      expect(Math.exp(logs[name as keyof typeof wanted])).toBeCloseTo(value, 8);
    close(
      Math.exp(logs['l3-1.5']),
      (Math.sqrt(2 + Math.log(3)) * (Math.sqrt(91) + 1) ** (2 / 3) * 2) / 2 / 4 ** (1 / 3),
    );
  });
  it('stands at the 5th percentile of the margins, interpolated as numpy does', () => {
    const bounds = authorCodeBounds(g0Network, g0Norms, { logPathNorms: { 1: Math.log(8) } });
    expect(bounds.map(({ margin }) => margin)).toEqual(Array.from({ length: 6 }, () => 2.3));
    close(Math.exp(bounds[0]!.logGap), (wanted['l1-max'] * 2) / 2.3);
    close(Math.exp(bounds.at(-1)!.logGap), 8 / 2.3);
    expect(percentile([1], 5)).toBe(1);
    expect(percentile([3, 1, 2], 50)).toBe(2);
    expect(percentile([3, 1, 2], 100)).toBe(3);
    expect(percentile([3, NaN, 2], 5)).toBeNaN();
    expect([5, 50, 75].map((q) => percentile([1, Infinity, Infinity], q))).toEqual([Infinity, Infinity, Infinity]);
  });
});

describe('degenerate networks and samples', () => {
  const without = (layer: number): NetworkNorms => ({
    ...g0Network,
    layers: g0Network.layers.map((l, i) => {
      if (i !== layer) return l;
      const zero = { ...l.map, spectral: 0, frobenius: 0, rowSum: 0, largestRow: 0, largestRowOne: 0, threeOneHalf: 0 };
      return { ...l, map: zero, filters: zero };
    }),
  });
  it('know a zero layer: complexity 0 from zero, and the change alone from reference weights', () => {
    expect(bartlettBound(without(0), g0Norms, options).logComplexity).toBe(-Infinity);
    // (b₁ s₂)^⅔ alone is left: b₁ = 2, s₂ = 2
    close(Math.exp(bartlettBound(without(0), g0Norms, { ...options, reference: 'given' }).logComplexity!), 4);
    const dead: SampleNorms = { ...g0Norms, largestPatches: Float64Array.of(2, 0) };
    const ledent = ledentBound(without(0), dead, options);
    expect(ledent.logGap).toBeNaN();
    expect(ledent.caveats.join()).toMatch(/All inputs of W2 are zero/);
    expect(Math.exp(authorCodeLogs(without(1), g0Norms, 2).frobenius)).toBe(0);
  });
  it('stay finite in logarithms at 1e±150', () => {
    const scaled = (factor: number): NetworkNorms => ({
      ...g0Network,
      layers: g0Network.layers.map((l) => ({
        ...l,
        map: { ...l.map, spectral: l.map.spectral * factor, rowSum: l.map.rowSum * factor },
      })),
    });
    for (const factor of [1e150, 1e-150]) {
      const { logComplexity } = bartlettBound(scaled(factor), g0Norms, options);
      expect(logComplexity).toBeCloseTo(Math.log(36.9291252759) + 2 * Math.log(factor), 8);
    }
    const { layers } = scaled(1e150);
    const three = bartlettBound({ ...g0Network, layers: [...layers, layers[1]!] }, g0Norms, options);
    expect(three.value).toBe(Infinity);
    expect(three.vacuous).toBe(true);
    expect(Number.isFinite(three.logGap)).toBe(true);
  });
  it('pass NaN on', () => {
    const layers = g0Network.layers.map((l) => ({ ...l, lipschitz: NaN }));
    const bound = bartlettBound({ ...g0Network, layers }, g0Norms, options);
    expect([bound.logGap, bound.vacuous]).toEqual([NaN, true]);
    expect(bound.caveats.join()).toMatch(/W1 has no known Lipschitz constant/);
  });
  it('have no value over margins that are not positive where the margin is read off the sample', () => {
    const bounds = authorCodeBounds(g0Network, { ...g0Norms, margins: Float64Array.of(-1, 0, -3, -2) });
    for (const { logGap, empirical, caveats } of bounds) {
      expect([logGap, empirical]).toEqual([NaN, 1]);
      expect(caveats.join()).toMatch(/The margin at that percentile is -2.85/);
    }
  });
  it('know one example', () => {
    const one = { ...g0Norms, count: 1, margins: Float64Array.of(0) };
    const bound = bartlettBound(g0Network, one, options);
    expect(bound.empirical).toBe(1);
    close(Math.exp(bound.logGap), 8 + 3 * Math.sqrt(Math.log(20) / 2));
    expect(Number.isFinite(ledentBound(g0Network, one, options).logGap)).toBe(true);
  });
  it('refuse what has no reference, no layers, negative norms', () => {
    const layers = g0Network.layers.map((l) => ({ ...l, change: undefined }) as unknown as LayerNorms);
    expect(() => bartlettBound({ ...g0Network, layers }, g0Norms, { ...options, reference: 'given' })).toThrow(
      /at layer W1: give reference weights to networkNorms, or ask for reference: 'zero'/,
    );
    expect(() => logSpectralComplexity([])).toThrow(/at least one/);
    expect(() => logSparseComplexity([], { count: 1, patchFrobenius: 1 })).toThrow(/at least one/);
    expect(() => logSpectralComplexity([{ spectral: -1, difference: 1 }])).toThrow(/never negative/);
    expect(() => bartlettBound(g0Network, g0Norms, { margin: 0 })).toThrow(/margin must be finite and > 0/);
    expect(() => normalizedMargins([], 0, 1)).toThrow(/at least one example/);
    expect(() => vcDimension({ parameters: 0, layers: 1 })).toThrow(/parameters must be an integer >= 1/);
  });
});
