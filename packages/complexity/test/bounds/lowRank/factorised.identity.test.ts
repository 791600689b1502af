// Oracle: the same network with its factors multiplied by hand, as plain data.
import { stack } from '@hyperribbon/nn/models';
import { unflatten } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import {
  networkNorms,
  parameterCountingBound,
  pinto2025Bound,
  sampleNorms,
  truncatedClass,
} from '../../../src/index.js';
import { type PlainMatrix, plainNetwork } from '../../plainNetwork.js';

const linear = (out: number) => ({ kind: 'linear', out, bias: false }) as const;
const network = stack({
  input: [6],
  layers: [linear(2), linear(7), { kind: 'relu' }, linear(5), { kind: 'relu' }, linear(1), linear(3)],
});
const params = network.init(3, 'float64');
const inputs = stream({ seed: 1, purpose: 'inputs' }).normal(new Float64Array(20 * 6));
const labels = Int32Array.from({ length: 20 }, (_, i) => i % 3);
const examples = { inputs, labels, count: 20, features: 6, classes: 3 };

/** Weights (in, out) of the program as matrices (out, in). */
const factors = network.parameters.map(({ name, shape }): PlainMatrix => {
  const [columns, rows] = shape as [number, number];
  const w = unflatten(network, params)[name]!;
  return {
    rows,
    columns,
    values: Array.from({ length: rows * columns }, (_, k) => w[(k % columns) * rows + Math.floor(k / columns)]!),
  };
});
const times = (a: PlainMatrix, b: PlainMatrix): PlainMatrix => ({
  rows: a.rows,
  columns: b.columns,
  values: Array.from({ length: a.rows * b.columns }, (_, k) => {
    const [i, j] = [Math.floor(k / b.columns), k % b.columns];
    return Array.from(
      { length: a.columns },
      (__, l) => a.values[i * a.columns + l]! * b.values[l * b.columns + j]!,
    ).reduce((x, y) => x + y);
  }),
});
const [a1, b1, w2, a3, b3] = factors as [PlainMatrix, PlainMatrix, PlainMatrix, PlainMatrix, PlainMatrix];
const product = plainNetwork([times(b1, a1), w2, times(b3, a3)]);

describe('a network of narrow factors', () => {
  it('has layers of their rank, and the bounds of the product', async () => {
    const norms = await networkNorms(network, params);
    const sample = await sampleNorms(network, params, examples);
    const { layers, cut, logError } = truncatedClass(norms, { radius: sample.radius });
    expect(layers.map(({ rank, outputs, inputs: from }) => [rank, outputs, from])).toEqual([
      [2, 7, 6],
      [5, 5, 7],
      [1, 3, 5],
    ]);
    // what is cut is rounding
    expect(cut.every((name) => norms.layers.some((layer) => layer.name === name))).toBe(true);
    expect(logError).toBeLessThan(Math.log(1e-13));
    for (const rankMode of ['printed', 'derived', 'tight'] as const) {
      const [found, plain] = [norms, product].map((n) => pinto2025Bound(n, sample, { margin: 0.1, rankMode }));
      expect(found!.logGap).toBeCloseTo(plain!.logGap, 11);
      expect(found!.empirical).toBeCloseTo(plain!.empirical, 11);
    }
    const [found, plain] = [norms, product].map((n) => parameterCountingBound(n, sample, { margin: 0.1 }));
    expect(found!.logGap).toBeCloseTo(plain!.logGap, 11);
  });
  it('costs more where its factors count as layers', async () => {
    const sample = await sampleNorms(network, params, examples);
    const [merged, apart] = await Promise.all([
      networkNorms(network, params),
      networkNorms(network, params, { merge: false }),
    ]);
    expect(apart.layers.length).toBe(5);
    expect(parameterCountingBound(apart, sample, { margin: 0.1 }).logGap).toBeGreaterThan(
      parameterCountingBound(merged, sample, { margin: 0.1 }).logGap,
    );
  });
});
