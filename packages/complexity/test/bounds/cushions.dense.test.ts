// Oracle: Jacobians written out as products of weights and slopes, and the matrix of a convolution applied to unit vectors.
import { conv2d, dense, reshape, tanh } from '@hyperribbon/autodiff';
import { type Network, defineNetwork, logits, mlp } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { compressionBound, cushions, logEffectiveTerm } from '../../src/index.js';
import { g0Network, g0Norms, g0Sample, g0Weights } from '../g0.js';

const examplesOf = (inputs: ArrayLike<number>, features: number, classes: number): Parameters<typeof cushions>[2] => {
  const count = inputs.length / features;
  return { inputs: Float64Array.from(inputs), labels: new Int32Array(count), count, features, classes };
};
/** (rows, columns) transposed */
const transposed = (W: readonly number[], rows: number, columns: number): number[] =>
  Array.from({ length: rows * columns }, (_, k) => W[(k % rows) * columns + Math.floor(k / rows)]!);
const norm = (v: ArrayLike<number>): number => Math.hypot(...Array.from(v));
const times = (A: number[][], v: readonly number[]): number[] =>
  A.map((row) => row.reduce((sum, a, k) => sum + a * v[k]!, 0));
const product = (A: number[][], B: number[][]): number[][] =>
  A.map((row) => B[0]!.map((_, k) => row.reduce((sum, a, l) => sum + a * B[l]![k]!, 0)));

describe('a network known by hand', () => {
  const net = mlp([3, 2, 2], { activation: 'relu' });
  const params = Float64Array.of(...transposed(g0Weights.W1, 2, 3), 0, 0, ...transposed(g0Weights.W2, 2, 2), 0, 0);
  const found = cushions(net, params, examplesOf(g0Sample.X, 3, 2));

  it('has its cushions and its effective term', () => {
    expect(found.layers).toEqual(['W1', 'W2']);
    expect(found.layer[0]).toBeCloseTo(0.1961161351, 9);
    expect(found.layer[1]).toBeCloseTo(0.4472135955, 9);
    expect(found.interLayer[1]).toBeCloseTo(0.242535625, 9);
    expect(found.contraction).toBeCloseTo(4.1231056256, 9);
    expect(found.largestOutput).toBeCloseTo(7 * Math.SQRT2, 12);
    expect(found.onward[1]).toBeCloseTo(Math.SQRT1_2, 14);
    expect([found.interLayer[2], found.examples, found.of, found.skipped]).toEqual([NaN, 4, 4, 0]);
    expect(Math.abs(Math.exp(logEffectiveTerm(found)) / 3012128 - 1)).toBeLessThan(1e-9);
    const bound = compressionBound(g0Network, g0Norms, { margin: 2, cushions: found });
    expect(Math.abs(Math.exp(bound.terms[0]!.log) / 433.8870820847 - 1)).toBeLessThan(1e-9);
    expect([bound.empirical, bound.standing, bound.constants]).toEqual([0.25, 'reconstructed', 'dropped']);
  });
  it('says over how few examples its minima are', () => {
    const two = cushions(net, params, examplesOf(g0Sample.X, 3, 2), { limit: 2 });
    expect([two.examples, two.of]).toEqual([2, 4]);
    expect(two.layer[0]).toBeGreaterThan(0);
    expect(compressionBound(g0Network, g0Norms, { margin: 2, cushions: two }).caveats.join()).toMatch(
      /minima over 2 of 4 examples/,
    );
  });
  it('skips what is zero, and counts it', () => {
    // the second example enters as zero, the third leaves nothing after the activation
    const X = [1, 1, 0, 0, 0, 0, -1, 0, -1];
    const some = cushions(net, params, examplesOf(X, 3, 2));
    // zero input: both layers and the pair; dead hidden layer: the second layer, and the pair whose Jacobian is zero
    expect(some.skipped).toBe(5);
    expect(some.layer.every((mu) => mu > 0)).toBe(true);
    const none = cushions(net, params, examplesOf([0, 0, 0], 3, 2));
    expect([none.layer[0], none.contraction]).toEqual([NaN, NaN]);
    const bound = compressionBound(g0Network, g0Norms, { margin: 2, cushions: none });
    expect([bound.logGap, bound.vacuous]).toEqual([NaN, true]);
    expect(bound.caveats.join()).toMatch(/3 ratios were skipped.*A cushion is not known/);
  });
  it('refuses Jacobians beyond the limit', () => {
    expect(() => cushions(net, params, examplesOf(g0Sample.X, 3, 2), { rowLimit: 1 })).toThrow(
      /Jacobians of mlp:relu:3,2,2 have 2 rows per example, more than rowLimit=1/,
    );
  });
});

describe('a deeper network with biases', () => {
  const widths = [5, 7, 4, 6];
  const net = mlp(widths, { activation: 'relu' });
  const params = net.init(3, 'float64') as Float64Array;
  const X = stream({ seed: 1, purpose: 'inputs' }).normal(new Float64Array(3 * 5));

  it('has the cushions that products of its weights and slopes give', () => {
    const W: number[][][] = [];
    const b: number[][] = [];
    let offset = 0;
    for (let l = 1; l < widths.length; l++) {
      const [rows, columns] = [widths[l]!, widths[l - 1]!];
      W.push(
        Array.from({ length: rows }, (_, r) =>
          Array.from({ length: columns }, (__, c) => params[offset + c * rows + r]!),
        ),
      );
      offset += rows * columns;
      b.push(Array.from(params.subarray(offset, offset + rows)));
      offset += rows;
    }
    const frobenius = W.map((A) => norm(A.flat()));
    const layer = [Infinity, Infinity, Infinity];
    const between = new Map<string, number>();
    let contraction = 0;
    for (let e = 0; e < 3; e++) {
      let a = Array.from(X.subarray(5 * e, 5 * e + 5));
      const z: number[][] = [];
      W.forEach((A, l) => {
        const carried = times(A, a);
        layer[l] = Math.min(layer[l]!, norm(carried) / (frobenius[l]! * norm(a)));
        z.push(carried.map((v, k) => v + b[l]![k]!));
        a = z[l]!.map((v) => Math.max(0, v));
        if (l < 2) contraction = Math.max(contraction, norm(z[l]!) / norm(a));
      });
      for (let i = 0; i < 3; i++) {
        let J: number[][] = z[i]!.map((_, r) => z[i]!.map((__, c) => (r === c ? 1 : 0)));
        for (let j = i + 1; j < 3; j++) {
          J = product(
            W[j]!,
            J.map((row, r) => row.map((v) => (z[j - 1]![r]! > 0 ? v : 0))),
          );
          const mu = norm(times(J, z[i]!)) / (norm(J.flat()) * norm(z[i]!));
          between.set(`${i}${j}`, Math.min(between.get(`${i}${j}`) ?? Infinity, mu));
        }
      }
    }
    const found = cushions(net, params, examplesOf(X, 5, 6));
    layer.forEach((mu, l) => expect(found.layer[l]).toBeCloseTo(mu, 12));
    for (const [key, mu] of between) expect(found.interLayer[3 * Number(key[0]) + Number(key[1])]).toBeCloseTo(mu, 12);
    expect(found.contraction).toBeCloseTo(contraction, 12);
    expect(found.onward[0]).toBeCloseTo(Math.min(1 / Math.sqrt(7), between.get('01')!, between.get('02')!), 12);
    expect(found.largestOutput).toBeCloseTo(
      Math.max(
        ...[0, 1, 2].map((e) =>
          norm((logits(net, params, examplesOf(X, 5, 6)) as Float64Array).subarray(6 * e, 6 * e + 6)),
        ),
      ),
      12,
    );
  });
});

describe('a convolution', () => {
  // 1 channel of 4 × 4, kernels 3 × 3 with padding and stride 2 to 2 channels of 2 × 2, and a head on the map
  const net: Network = defineNetwork({
    name: 'images',
    inputs: 16,
    inputShape: [1, 4, 4],
    classes: 3,
    parameters: [
      { name: 'K', shape: [2, 1, 3, 3] },
      { name: 'W', shape: [8, 3] },
    ],
    apply: ({ K, W }, x) => {
      const [rows] = x.shape;
      const z = conv2d(reshape(x, [rows!, 4, 4, 1]), K!, { stride: 2, padding: 1 });
      return dense(reshape(tanh(z), [rows!, 8]), W!);
    },
  });
  const params = net.init(5, 'float64') as Float64Array;
  const X = stream({ seed: 2, purpose: 'inputs' }).normal(new Float64Array(2 * 16));

  it('is the matrix that it is on whole examples', () => {
    const [K, W] = [params.subarray(0, 18), params.subarray(18)];
    const convolve = (x: ArrayLike<number>): number[] => {
      const z = Array.from({ length: 8 }, () => 0);
      for (let p = 0; p < 2; p++)
        for (let q = 0; q < 2; q++)
          for (let a = 0; a < 3; a++)
            for (let c = 0; c < 3; c++) {
              const [u, v] = [2 * p + a - 1, 2 * q + c - 1];
              if (u < 0 || v < 0 || u > 3 || v > 3) continue;
              for (let o = 0; o < 2; o++) z[(p * 2 + q) * 2 + o]! += x[u * 4 + v]! * K[(o * 3 + a) * 3 + c]!;
            }
      return z;
    };
    const unit = (k: number): number[] => Array.from({ length: 16 }, (_, i) => (i === k ? 1 : 0));
    const frobenius = norm(Array.from({ length: 16 }, (_, k) => convolve(unit(k))).flat());
    const head = Array.from({ length: 3 }, (_, r) => Array.from({ length: 8 }, (__, c) => W[c * 3 + r]!));
    const mu: number[][] = [0, 1].map((e) => {
      const x = X.subarray(16 * e, 16 * e + 16);
      const z = convolve(x);
      const a = z.map(Math.tanh);
      const J = head.map((row) => row.map((w, k) => w * (1 - a[k]! * a[k]!)));
      return [
        norm(z) / (frobenius * norm(x)),
        norm(times(head, a)) / (norm(head.flat()) * norm(a)),
        norm(times(J, z)) / (norm(J.flat()) * norm(z)),
        norm(z) / norm(a),
      ];
    });
    const found = cushions(net, params, examplesOf(X, 16, 3));
    const least = (k: number): number => Math.min(mu[0]![k]!, mu[1]![k]!);
    expect(found.layer[0]).toBeCloseTo(least(0), 12);
    expect(found.layer[1]).toBeCloseTo(least(1), 12);
    expect(found.interLayer[1]).toBeCloseTo(least(2), 12);
    expect(found.interLayer[0]).toBeCloseTo(1 / Math.sqrt(8), 14);
    expect(found.contraction).toBeCloseTo(Math.max(mu[0]![3]!, mu[1]![3]!), 12);
  });
});

describe('cushions of one layer', () => {
  it('have no pairs and no contraction', () => {
    const net = mlp([3, 2]);
    const found = cushions(net, net.init(1, 'float64'), examplesOf([1, 2, 3], 3, 2));
    expect([found.contraction, found.onward[0]]).toEqual([1, 1 / Math.sqrt(2)]);
    expect(found.layer[0]).toBeGreaterThan(0);
  });
});
