// Oracle: identities of the theorem: closed form and recursion, invariances, how it scales, which mode is above which.
import { svd } from '@hyperribbon/lanczos/svd';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import {
  type ClassLayer,
  gapOfVectorGaussian,
  gaussianChainRule,
  imageDiameter,
  layerIncrement,
  pinto2025Bound,
  pintoComplexity,
  pintoRecursion,
  type RankMode,
  truncatedClass,
} from '../../../src/index.js';
import { golden } from '../../golden/readBounds.js';
import { plainNetwork, plainSample } from '../../plainNetwork.js';

const modes = ['printed', 'derived', 'tight'] as const;

/** Layers of random sizes, ranks and norms: ‖W‖_F between ‖W‖₂ and √rank ‖W‖₂. */
function randomClass(index: number): ClassLayer[] {
  const random = stream({ seed: 5, purpose: 'classes', index });
  const depth = 1 + random.integer(6);
  let inputs = 1 + random.integer(9);
  return Array.from({ length: depth }, () => {
    const outputs = 1 + random.integer(9);
    const rank = 1 + random.integer(Math.min(inputs, outputs));
    const [a, b] = random.uniform(new Float64Array(2)) as unknown as [number, number];
    const spectral = 0.1 + 3 * a;
    const layer = { spectral, frobenius: spectral * (1 + b * (Math.sqrt(rank) - 1)), outputs, inputs, rank };
    inputs = outputs;
    return layer;
  });
}
const classes = Array.from({ length: 60 }, (_, i) => randomClass(i));
const sample = { count: 11, frobenius: 3.7 };

describe('Theorem 7', () => {
  it.each(modes)('closed form and recursion agree, %s', (rankMode) => {
    for (const layers of classes) {
      const options = { ...sample, rankMode, c1: 1.3, c2: 0.7 };
      expect(pintoRecursion(layers, options).at(-1)).toBeCloseTo(pintoComplexity(layers, options).log, 10);
    }
  });
  it('follows from the chain rule, Lemma 5 and Lemma 6, layer by layer', () => {
    for (const layers of classes) {
      const [c1, c2] = [1.4, 0.8];
      let average = Math.log(sample.frobenius) + layerIncrement(layers[0] as ClassLayer);
      for (let i = 1; i < layers.length; i++) {
        const layer = layers[i] as ClassLayer;
        const parts = {
          logLipschitz: Math.log(layer.spectral),
          logAverage: average,
          logDiameter: imageDiameter(layers.slice(0, i), sample),
          logIncrement: layerIncrement(layer),
        };
        average = gaussianChainRule(parts, { c1, c2 });
      }
      const whole = pintoComplexity(layers, { ...sample, rankMode: 'derived', c1, c2 }).log;
      expect(average - Math.log(sample.count)).toBeCloseTo(whole, 10);
    }
  });
  it('printed ≤ derived, tight ≤ derived, and tight ≤ printed where ranks are at least 1', () => {
    for (const layers of classes) {
      const at = (rankMode: RankMode): number => pintoComplexity(layers, { ...sample, rankMode }).log;
      expect(at('printed')).toBeLessThanOrEqual(at('derived') + 1e-12);
      expect(at('tight')).toBeLessThanOrEqual(at('printed') + 1e-12);
    }
    const two = classes.find((layers) => layers.length > 2) as ClassLayer[];
    expect(pintoComplexity(two, { ...sample, rankMode: 'tight' }).log).toBeLessThan(
      pintoComplexity(two, { ...sample, rankMode: 'printed' }).log - 0.1,
    );
  });
  it.each(modes)(
    'does not change under W₁ → c W₁, W₂ → W₂/c, and falls by √2 when the sample is doubled, %s',
    (rankMode) => {
      for (const layers of classes.filter(({ length }) => length > 1)) {
        const c = 3.7;
        const scaled = layers.map((layer, i) => {
          const factor = [c, 1 / c][i] ?? 1;
          return { ...layer, spectral: factor * layer.spectral, frobenius: factor * layer.frobenius };
        });
        const before = pintoComplexity(layers, { ...sample, rankMode }).log;
        expect(pintoComplexity(scaled, { ...sample, rankMode }).log).toBeCloseTo(before, 11);
        const doubled = { count: 2 * sample.count, frobenius: Math.SQRT2 * sample.frobenius };
        expect(pintoComplexity(layers, { ...doubled, rankMode }).log).toBeCloseTo(before - Math.LN2 / 2, 11);
      }
    },
  );
  it.each(modes)('never grows when a layer is cut to a smaller rank at equal norms, %s', (rankMode) => {
    for (const layers of classes) {
      for (let i = 0; i < layers.length; i++) {
        const cut = layers.map((layer, j) => (i === j ? { ...layer, rank: 1 } : layer));
        expect(pintoComplexity(cut, { ...sample, rankMode }).log).toBeLessThanOrEqual(
          pintoComplexity(layers, { ...sample, rankMode }).log,
        );
      }
    }
  });
  it('stays as it is when the last layer and the margin are scaled alike', () => {
    const c = 3.7;
    const [first, second, last] = golden.weights as [
      (typeof golden.weights)[0],
      (typeof golden.weights)[0],
      (typeof golden.weights)[0],
    ];
    const network = plainNetwork([first, second, { ...last, values: last.values.map((x) => c * x) }]);
    const margins = golden.margins.map((M) => c * M);
    const scaled = pinto2025Bound(network, plainSample(golden.X, margins), { ...golden.at, margin: c * golden.margin });
    const before = pinto2025Bound(golden.network, golden.sample, golden.at);
    expect(scaled.logGap).toBeCloseTo(before.logGap, 10);
    expect(scaled.empirical).toBeCloseTo(before.empirical, 12);
  });
  it('scales with the outputs as the loss multiplier does, but for the printed one', () => {
    const at = (t: number, multiplier: 'printed' | 'contraction' | 'sudakov-fernique'): number =>
      gapOfVectorGaussian(Math.log(3 * t), { count: 5, logDelta: -3, lipschitz: 2 / t, multiplier })[0]?.log ?? NaN;
    for (const multiplier of ['contraction', 'sudakov-fernique'] as const)
      expect(at(1e-3, multiplier)).toBeCloseTo(at(1, multiplier), 12);
    expect(at(1e-3, 'printed')).toBeLessThan(at(1, 'printed') - 3);
  });
});

describe('cutting layers', () => {
  const { network, sample: plain } = golden;
  it('charges what the script says, and takes it from the margins', () => {
    const last = { ...network, layers: network.layers.map((layer, i) => (i < 2 ? unlisted(layer) : layer)) };
    const cut = truncatedClass(last, { radius: plain.radius, rankTolerance: 0.8 });
    expect(Math.exp(cut.logError) / golden.value('cut error')).toBeCloseTo(1, 10);
    expect(cut.layers[2]?.frobenius).toBeCloseTo(golden.value('cut frobenius'), 10);
    expect(cut.layers[2]?.rank).toBe(golden.value('cut rank'));
    expect(cut.cut).toEqual(['W3']);
    const bound = pinto2025Bound(last, plain, { ...golden.at, margin: 0.1, rankTolerance: 0.8 });
    expect(bound.empirical).toBe(1);
    expect(bound.assumptions.join(' ')).toMatch(
      /W3 cut to numerical rank; its outputs on the sample differ by at most 12\.4/,
    );
    expect(bound.caveats.join(' ')).toMatch(/which no margin survives/);
  });
  it('bounds the change of outputs: brute force on the sample', () => {
    for (const rankTolerance of [0.2, 0.4, 0.6, 0.8]) {
      const { logError, layers } = truncatedClass(network, { radius: plain.radius, rankTolerance });
      const cut = golden.weights.map((W, i) => lowRank(W, layers[i]?.rank as number));
      const [before, after] = [outputs(golden.weights), outputs(cut)];
      const change = Math.max(...before.map((x, i) => Math.abs(x - (after[i] as number))));
      expect(change).toBeGreaterThan(0);
      expect(change).toBeLessThanOrEqual(Math.exp(logError));
    }
  });
});

type Matrix = (typeof golden.weights)[0];

/** The best approximation of a rank. */
function lowRank(W: Matrix, rank: number): Matrix {
  const { values, u, v } = svd(Float64Array.from(W.values), W.rows, W.columns, { vectors: true });
  const entry = (i: number, j: number): number =>
    Array.from({ length: rank }, (_, k) => values[k]! * u[k * W.rows + i]! * v[k * W.columns + j]!).reduce(
      (a, b) => a + b,
    );
  return { ...W, values: W.values.map((_, at) => entry(Math.floor(at / W.columns), at % W.columns)) };
}

/** Outputs of the network on every example of the golden sample, one after the other. */
function outputs(weights: readonly Matrix[]): number[] {
  return Array.from({ length: golden.count }, (_, example) => {
    const start = golden.X.values.slice(example * golden.features, (example + 1) * golden.features);
    return weights.reduce<readonly number[]>((x, W, depth) => {
      const z = Array.from({ length: W.rows }, (__, i) =>
        x.reduce((sum, xj, j) => sum + W.values[i * W.columns + j]! * xj, 0),
      );
      return depth + 1 < weights.length ? z.map((value) => Math.max(0, value)) : z;
    }, start);
  }).flat();
}

function unlisted(layer: (typeof golden.network.layers)[0]): (typeof golden.network.layers)[0] {
  const { singularValues: _, ...map } = layer.map;
  return { ...layer, map };
}
