import { flatten, logits, networkIdentity, requireSeparateExamples } from '@hyperribbon/nn';
import { architectureOf, attentionRegressor, completeArchitecture, parseArchitecture } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';

const [d, n] = [2, 3];
const width = d + 1;
const normal = (purpose: string, length: number): Float64Array =>
  stream({ seed: 4, purpose }).normal(new Float64Array(length));

/** tokens (x, y) of one example, the last with y = 0 */
const tokens = normal('tokens', (n + 1) * width);
tokens[tokens.length - 1] = 0;
const rows = Array.from({ length: n + 1 }, (_, t) => [...tokens.subarray(t * width, (t + 1) * width)]);
const example = { inputs: tokens, count: 1, features: tokens.length, targets: Float64Array.of(0), outputs: 1 };

const matrix = (flat: Float64Array, columns: number): number[][] =>
  Array.from({ length: flat.length / columns }, (_, i) => [...flat.subarray(i * columns, (i + 1) * columns)]);
/** zᵀ M w */
const form = (z: readonly number[], m: readonly (readonly number[])[], w: readonly number[]): number =>
  z.reduce((sum, zi, i) => sum + w.reduce((inner, wj, j) => inner + zi * m[i][j] * wj, 0), 0);
const dot = (a: readonly number[], b: ArrayLike<number>): number => a.reduce((sum, ai, i) => sum + ai * b[i], 0);

describe('attentionRegressor', () => {
  it.each(['linear', 'softmax'] as const)(
    'with %s weights is the sum of its formula, over heads and pairs',
    (weights) => {
      const network = attentionRegressor(weights, { dimension: d, length: n, heads: 2 });
      const arrays = Object.fromEntries(
        network.parameters.map(({ name, shape }) => [name, normal(name, shape[0] * shape[1])]),
      );
      let expected = 0;
      for (const h of [0, 1]) {
        const m = matrix(arrays[`layers.0.heads.${h}.key_query`], width);
        const scores = rows.slice(0, n).map((z) => form(z, m, rows[n]));
        const total = scores.reduce((sum, s) => sum + Math.exp(s), 0);
        scores.forEach((s, i) => {
          const a = weights === 'linear' ? s / n : Math.exp(s) / total;
          expected += a * dot(rows[i], arrays[`layers.0.heads.${h}.value`]);
        });
      }
      const [y] = logits(network, flatten(network, arrays), example as never);
      expect(Math.abs(y - expected)).toBeLessThan(1e-12 * Math.abs(expected));
    },
  );

  it('with separate keys and queries is the merged one of their product', () => {
    const apart = attentionRegressor('softmax', { dimension: d, length: n, rank: 2 });
    const merged = attentionRegressor('softmax', { dimension: d, length: n });
    const [key, query, value] = [normal('k', 2 * width), normal('q', 2 * width), normal('v', width)];
    const product = new Float64Array(width * width);
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++)
        for (const r of [0, 1]) product[i * width + j] += key[2 * i + r] * query[2 * j + r];
    const at = 'layers.0.heads.0';
    const one = flatten(apart, { [`${at}.key`]: key, [`${at}.query`]: query, [`${at}.value`]: value });
    const other = flatten(merged, { [`${at}.key_query`]: product, [`${at}.value`]: value });
    const [a] = logits(apart, one, example as never);
    const [b] = logits(merged, other, example as never);
    expect(Math.abs(a - b)).toBeLessThan(1e-12);
  });

  it('of L linear layers holds L steps of gradient descent on the pairs', () => {
    const [layers, rate] = [3, 0.4];
    const network = attentionRegressor('linear', { dimension: d, length: n, layers });
    const onX = Float64Array.from({ length: width * width }, (_, k) =>
      k % (width + 1) === 0 && k < width * d ? 1 : 0,
    );
    const arrays = Object.fromEntries(
      network.parameters.map(({ name, shape }): [string, Float64Array] => {
        if (name.endsWith('key_query')) return [name, onX];
        const value = new Float64Array(width * shape[1]);
        value[value.length - 1] = shape[1] === 1 ? rate : -rate;
        return [name, value];
      }),
    );
    const w = new Float64Array(d);
    for (let step = 0; step < layers; step++) {
      const slope = new Float64Array(d);
      for (const z of rows.slice(0, n)) {
        const rest = z[d] - dot([...w], z);
        for (let j = 0; j < d; j++) slope[j] += (rest * z[j]) / n;
      }
      for (let j = 0; j < d; j++) w[j] += rate * slope[j];
    }
    const [y] = logits(network, flatten(network, arrays), example as never);
    expect(Math.abs(y - dot([...w], rows[n]))).toBeLessThan(1e-12);
  });

  it.each(['attention:linear:2:3', 'attention:softmax:2:3:heads=2,layers=2,rank=1', 'attention:linear:2:3:start=0.5'])(
    'is read back from its name and keeps examples apart: %s',
    (text) => {
      const network = parseArchitecture(text);
      expect([network.name, architectureOf(network)]).toEqual([text, text]);
      requireSeparateExamples('test', network);
      expect(networkIdentity(parseArchitecture(text))).toBe(networkIdentity(network));
    },
  );

  it('takes dimension and length from the shape of examples', () => {
    const shape = { features: 126, classes: 1, shape: [21, 6] };
    expect(completeArchitecture('attention:linear:heads=2', shape)).toBe('attention:linear:5:20:heads=2');
  });

  it.each([
    ['attention:cubic:5:20', 'expected attention:linear|softmax:DIMENSION:LENGTH:OPTIONS'],
    ['attention:linear:5', 'expected attention:linear|softmax:DIMENSION:LENGTH:OPTIONS, such as attention:linear:5:20'],
    ['attention:linear:5:20:rank=0', 'expected another value of rank, got "0"'],
    ['attention:linear:5:5000', 'attentionRegressor: length must be an integer in [1, 4096], got length=5000'],
  ])('refuses %s', (text, message) => expect(() => parseArchitecture(text)).toThrow(message));
});
