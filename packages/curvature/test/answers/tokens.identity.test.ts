// Oracle: a network that treats every position alike, on sequences, has the matrices of the classifier of positions on labelled, weighted examples.
import {
  type CurvatureOperator,
  curvatureCost,
  fisher,
  gaussNewton,
  hessian,
  kroneckerFactors,
} from '@hyperribbon/curvature';
import { reshape } from '@hyperribbon/autodiff';
import {
  defineNetwork,
  type Examples,
  logits,
  mlp,
  squaredError,
  type TargetExamples,
  tokenCrossEntropy,
} from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { drawLabels, drawTokens } from '../../src/operators/drawLabels.js';
import { matrixOf, relativeDistance, smallExamples } from '../smallExamples.js';

const [count, positions, features, vocabulary] = [4, 3, 2, 3];
const alone = mlp([features, 4, vocabulary]);
const sequences = defineNetwork({
  name: 'the same at every position',
  inputs: positions * features,
  classes: positions * vocabulary,
  parameters: alone.parameters.map(({ name, shape }) => ({ name, shape, start: 0 })),
  apply: (params, x) =>
    reshape(alone.apply(params, reshape(x, [x.shape[0] * positions, features])), [x.shape[0], positions * vocabulary]),
});
const params = Float64Array.from(alone.init(3, 'float64'), (w) => 1.5 * w);
const { inputs, labels } = smallExamples(count * positions, features, vocabulary);
const all: TargetExamples = {
  inputs,
  targets: Float64Array.from(labels),
  count,
  features: positions * features,
  outputs: positions,
};
const tokens: TargetExamples = { ...all, targets: all.targets.with(1, -100).with(9, -100).with(10, -100) };
const perExample = [2, 3, 3, 1];
const weights = Float64Array.from(tokens.targets, (token, i) =>
  token === -100 ? 0 : 1 / perExample[Math.floor(i / positions)],
);
const flat: Examples = { inputs, labels, weights, count: count * positions, features, classes: vocabulary };
const loss = tokenCrossEntropy({ positions });
const summed = tokenCrossEntropy({ positions, reduction: 'sum' });
const options = { dtype: 'float64', chunkSize: 3 } as const;

function expectSame(a: CurvatureOperator, b: CurvatureOperator): void {
  const [x, y] = [matrixOf(a), matrixOf(b)];
  expect(relativeDistance(x, y)).toBeLessThan(1e-13);
  expect(Math.abs(a.loss - b.loss)).toBeLessThan(1e-14 * Math.abs(b.loss));
  expect(relativeDistance(a.gradient(), b.gradient())).toBeLessThan(1e-13);
  expect(relativeDistance(x.with(0, x[0] + 1e-11 * Math.max(...y)), y)).toBeGreaterThan(1e-13);
}

describe('the matrices of tokens are those of labels weighted by their share of the example:', () => {
  it.each([
    ['hessian', hessian],
    ['gaussNewton', gaussNewton],
    ['fisher, exact', fisher],
  ] as const)('%s', (_, make) => {
    expectSame(make(sequences, params, tokens, { ...options, loss }), make(alone, params, flat, options));
    const sums = { ...options, reduction: 'sum' } as const;
    const ones = { ...flat, weights: weights.map(Math.sign) };
    expectSame(make(sequences, params, tokens, { ...sums, loss: summed }), make(alone, params, ones, sums));
  });
});

it('tokens are drawn as labels are, with a number of the stream for each position', () => {
  const drawn = drawTokens(sequences, params, tokens, loss.tokens!, 7);
  const same = drawLabels(alone, params, flat, 7);
  expect([...drawn]).toEqual([...same].map((label, i) => (tokens.targets[i] === -100 ? -100 : label)));
  expect([...drawn]).not.toEqual([...drawTokens(sequences, params, tokens, loss.tokens!, 8)]);
});

/** gradients (size,) of the cross-entropy of each position, by token */
const tokenGradients = ((): Float64Array[][] => {
  const h = 1e-5;
  const losses = (w: Float64Array): Float64Array =>
    Float64Array.from(logits(alone, w, flat)).map((_, k, z) => {
      const row = [...z.subarray(k - (k % vocabulary), k - (k % vocabulary) + vocabulary)];
      return Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0)) - z[k];
    });
  const columns = Array.from(params, (w, k) => [losses(params.with(k, w + h)), losses(params.with(k, w - h))]);
  const gradient = (at: number): Float64Array =>
    Float64Array.from(columns, ([above, below]) => (above[at] - below[at]) / (2 * h));
  return Array.from({ length: count * positions }, (_, i) =>
    Array.from({ length: vocabulary }, (_, c) => gradient(i * vocabulary + c)),
  );
})();

/** (1/n) Σ_i share_i (Σ_t g_it)(Σ_t g_it)ᵀ */
function outerProducts(drawn: ArrayLike<number>, share: (asked: number) => number): Float64Array {
  const out = new Float64Array(params.length ** 2);
  for (let i = 0; i < count; i++) {
    const places = [0, 1, 2].map((t) => i * positions + t).filter((place) => drawn[place] >= 0);
    const own = places.map((place) => tokenGradients[place][drawn[place]]);
    const g = params.map((_, k) => own.reduce((sum, one) => sum + one[k], 0));
    out.forEach((_, jk) => {
      out[jk] += (share(perExample[i]) * g[Math.floor(jk / g.length)] * g[jk % g.length]) / count;
    });
  }
  return out;
}

describe('Fisher matrices of single draws are outer products of gradients of whole examples:', () => {
  it('sampled, which has the exact one as its mean over draws', () => {
    const drawn = drawTokens(sequences, params, tokens, loss.tokens!, 2);
    const sampled = matrixOf(fisher(sequences, params, tokens, { ...options, loss, kind: 'sampled', seed: 2 }));
    expect(
      relativeDistance(
        sampled,
        outerProducts(drawn, (n) => 1 / n),
      ),
    ).toBeLessThan(1e-8);
    const own = matrixOf(fisher(sequences, params, tokens, { ...options, loss: summed, kind: 'sampled', seed: 2 }));
    expect(
      relativeDistance(
        own,
        outerProducts(drawn, () => 1),
      ),
    ).toBeLessThan(1e-8);

    const exact = matrixOf(fisher(sequences, params, tokens, { ...options, loss }));
    const mean = new Float64Array(exact.length);
    const draws = 300;
    for (let seed = 0; seed < draws; seed++)
      outerProducts(drawTokens(sequences, params, tokens, loss.tokens!, seed), (n) => 1 / n).forEach((x, k) => {
        mean[k] += x / draws;
      });
    // single draws differ from it by as much as it is large
    expect(relativeDistance(sampled, exact)).toBeGreaterThan(0.2);
    expect(relativeDistance(mean, exact)).toBeLessThan(0.06);
  });

  it('empirical', () => {
    const empirical = matrixOf(fisher(sequences, params, tokens, { ...options, loss, kind: 'empirical' }));
    expect(
      relativeDistance(
        empirical,
        outerProducts(tokens.targets, (n) => 1 / n ** 2),
      ),
    ).toBeLessThan(1e-8);
  });
});

it('Kronecker factors with drawn tokens are those of the classifier of positions with drawn labels', () => {
  const ask = { kind: 'kfac', seed: 7 } as const;
  const ours = kroneckerFactors(sequences, params, inputs, count, { ...ask, loss });
  const theirs = kroneckerFactors(alone, params, inputs, count * positions, ask);
  expect(ours.map(({ weight, bias }) => [weight, bias])).toEqual(theirs.map(({ weight, bias }) => [weight, bias]));
  ours.forEach(({ input, output }, l) => {
    expect(relativeDistance(input, theirs[l].input)).toBeLessThan(1e-13);
    expect(relativeDistance(output, theirs[l].output)).toBeLessThan(1e-13);
  });
  const sums = kroneckerFactors(sequences, params, inputs, count, { ...ask, loss: summed });
  expect(
    relativeDistance(
      sums[0].output,
      theirs[0].output.map((x) => positions * x),
    ),
  ).toBeLessThan(1e-13);
  expect(() => kroneckerFactors(sequences, params, inputs, count, { kind: 'kfra', loss })).toThrow('loss must be');
  expect(() => kroneckerFactors(alone, params, inputs, 12, { kind: 'kfac', loss: squaredError })).toThrow(
    'loss must be',
  );
});

it('the cost of an operator is told for tokens', () => {
  const operator = hessian(sequences, params, tokens, { ...options, loss });
  expect(curvatureCost('hessian', sequences, count, { ...options, loss }).bytes).toBe(operator.info.bytes);
});
