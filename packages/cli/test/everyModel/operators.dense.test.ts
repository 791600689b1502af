// Oracle: Jacobians of the logits written out by tangents of single weights, with formulas of the losses; for Hessians, central differences of a gradient
// that is checked against the same Jacobians. Every operator on every model: a new model is a row of models.ts.
import {
  blockOperators,
  type CurvatureOperator,
  exampleGradientNorms,
  exampleGradients,
  exampleJacobian,
  fisher,
  gaussNewton,
  gramMatrix,
  hessian,
  inputJacobian,
  kroneckerFactors,
  layerCorrelations,
  logitJacobian,
} from '@hyperribbon/curvature';
import { isTargeted, logits, networkProgram, usedWeights } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { afterAll, describe, expect, it } from 'vitest';
import { drawLabels, drawTokens } from '../../../curvature/src/operators/drawLabels.js';
import { answersOfRow, denseModel, type DenseModel, distance, dot, lossAt, outer, sandwich } from './dense.js';
import { asked, type Model, models } from './models.js';

const vectors = (size: number): Float64Array[] =>
  [1, 2].map((index) => stream({ seed: 9, purpose: 'test/vector', index }).normal(new Float64Array(size)));

function product(operator: CurvatureOperator, v: Float64Array): Float64Array {
  const out = new Float64Array(v.length);
  operator.apply(v, out);
  return out;
}

/** Answers that the sampled Fisher matrix draws, and what its outer products count. */
function drawn(
  { network, params, examples, loss }: Model,
  seed: number,
): (i: number, dense: DenseModel) => Float64Array {
  const { tokens } = loss;
  const labels =
    tokens !== undefined && isTargeted(examples)
      ? drawTokens(network, params, examples, tokens, seed)
      : drawLabels(network, params, examples, seed);
  const width = labels.length / examples.count;
  return (i, { z, classes }) => {
    const answer = Array.from(labels.subarray(i * width, (i + 1) * width));
    const { slope } = lossAt(loss, z.subarray(i * classes, (i + 1) * classes), answer);
    // tokens are drawn one by one: n times the outer product of the mean's gradient
    return outer(slope, answer.filter((token) => token >= 0).length);
  };
}

describe.each(models)('$name', (model) => {
  const { network, params, examples, loss, parameters } = model;
  const scope = parameters === undefined ? {} : { parameters };
  const options = { loss, dtype: 'float64', chunkSize: 2, ...scope } as const;
  const own = asked(model);
  const dense = denseModel(own.network, own.params, examples);
  const [v, w] = vectors(own.network.size);
  const at = (i: number, z: Float64Array): ReturnType<typeof lossAt> => lossAt(loss, z, answersOfRow(examples, i));
  const { count } = examples;
  const gradientAt = (weights: Float64Array): Float64Array =>
    hessian(used.network, weights, examples, { loss, dtype: 'float64' }).gradient();
  // derivatives go straight through binary weights: they are those of the network of the signs, times the scale where |w| ≤ 1
  const used = usedWeights(own.network, own.params);
  const through = own.params.map((p, k) => {
    const u = used.params[k];
    return u === p ? 1 : Math.abs(p) <= 1 ? Math.abs(u) : 0;
  });
  const beside = (by: number): Float64Array => Float64Array.from(used.params, (u, k) => u + by * through[k] * v[k]);

  it('has the Jacobian that differences of its logits have', () => {
    const h = 1e-6;
    const [above, below] = [h, -h].map((by) => logits(used.network, beside(by), examples));
    const difference = above.map((z, i) => (z - below[i]) / (2 * h));
    const Jv = dense.z.map((_, r) => dot(dense.J.subarray(r * dense.size, (r + 1) * dense.size), v));
    expect(distance(Jv, difference)).toBeLessThan(1e-6);
    expect(Math.max(...Jv.map(Math.abs))).toBeGreaterThan(1e-3);
  });

  it('loss, gradient and Hessian', () => {
    const H = hessian(network, params, examples, options);
    const rows = Array.from({ length: count }, (_, i) =>
      at(i, dense.z.subarray(i * dense.classes, (i + 1) * dense.classes)),
    );
    expect(H.loss).toBeCloseTo(rows.reduce((sum, { value }) => sum + value, 0) / count, 10);
    const slopes = rows.flatMap(({ slope }) => [...slope]);
    const gradient = v.map((_, k) => slopes.reduce((sum, s, r) => sum + (s * dense.J[r * dense.size + k]) / count, 0));
    expect(distance(H.gradient(), gradient)).toBeLessThan(1e-11);
    const h = 1e-6;
    const [above, below] = [h, -h].map((by) => gradientAt(beside(by)));
    const difference = above.map((g, k) => (through[k] * (g - below[k])) / (2 * h));
    const Hv = product(H, v);
    expect(distance(Hv, difference)).toBeLessThan(2e-6);
    expect(Math.abs(dot(w, Hv) - dot(v, product(H, w)))).toBeLessThan(1e-11 * Math.max(1, Math.abs(dot(w, Hv))));
  });

  it('Gauss-Newton and Fisher matrices, logits', () => {
    const c = dense.classes - 1;
    const matrices = {
      gaussNewton: [gaussNewton(network, params, examples, options), (i: number, z: Float64Array) => at(i, z).second],
      exact: [fisher(network, params, examples, options), (i: number, z: Float64Array) => at(i, z).second],
      empirical: [
        fisher(network, params, examples, { ...options, kind: 'empirical' }),
        (i: number, z: Float64Array) => outer(at(i, z).slope),
      ],
      logit: [
        logitJacobian(network, params, examples, { ...options, logit: c }),
        () => outer(Float64Array.from({ length: dense.classes }, (_, d) => Number(d === c))),
      ],
    } as const;
    for (const [operator, weight] of Object.values(matrices)) {
      expect(distance(product(operator, v), sandwich(dense, weight, v))).toBeLessThan(1e-11);
      expect(distance(product(operator, v).with(0, 1e9), sandwich(dense, weight, v))).toBeGreaterThan(1e-11);
    }
    if (isTargeted(examples) && loss.tokens === undefined)
      expect(() => fisher(network, params, examples, { ...options, kind: 'sampled' })).toThrow(
        "fisher: kind 'sampled'",
      );
    else {
      const sampled = fisher(network, params, examples, { ...options, kind: 'sampled', seed: 3 });
      const weight = drawn(model, 3);
      expect(
        distance(
          product(sampled, v),
          sandwich(dense, (i) => weight(i, dense), v),
        ),
      ).toBeLessThan(1e-11);
    }
  });

  it('in sums and in float32', () => {
    const mean = gaussNewton(network, params, examples, options);
    const sum = gaussNewton(network, params, examples, { ...options, reduction: 'sum' });
    expect(
      distance(
        product(sum, v),
        product(mean, v).map((x) => count * x),
      ),
    ).toBeLessThan(1e-13);
    const narrow = gaussNewton(network, params, examples, { ...options, dtype: 'float32' });
    expect(distance(product(narrow, v), product(mean, v))).toBeLessThan(1e-4);
  });

  it('layer by layer, for the first three', () => {
    let seen = 0;
    const G = gaussNewton(network, params, examples, options);
    const names = own.network.parameters.map(({ name }) => name);
    for (const { operator, parameters: chosen, size } of blockOperators(
      'gaussNewton',
      network,
      params,
      examples,
      options,
    )) {
      const place = (name: string): [number, number] => {
        const before = own.network.parameters.slice(0, names.indexOf(name));
        const from = before.reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0);
        return [from, own.network.parameters[names.indexOf(name)].shape.reduce((a, b) => a * b, 1)];
      };
      const ranges = chosen.map(place);
      const whole = new Float64Array(v.length);
      for (const [from, length] of ranges) whole.set(v.subarray(from, from + length), from);
      const part = Float64Array.from(ranges.flatMap(([from, length]) => [...v.subarray(from, from + length)]));
      const expected = product(G, whole);
      const inBlock = ranges.flatMap(([from, length]) => [...expected.subarray(from, from + length)]);
      expect(distance(product(operator, part), inBlock)).toBeLessThan(1e-10);
      expect(size).toBe(part.length);
      if (++seen === 3) break;
    }
    expect(seen).toBeGreaterThan(0);
  });

  it('gradients of examples, their products and norms', () => {
    const slopes = Array.from(
      { length: count },
      (_, i) => at(i, dense.z.subarray(i * dense.classes, (i + 1) * dense.classes)).slope,
    );
    const rows = slopes.map((slope, i) =>
      v.map((_, k) => slope.reduce((sum, s, c) => sum + s * dense.J[(i * dense.classes + c) * dense.size + k], 0)),
    );
    const { loss: of, ...rest } = options;
    const { matrix } = exampleGradients(network, params, examples, { of, ...rest });
    expect(
      distance(
        matrix,
        rows.flatMap((row) => [...row]),
      ),
    ).toBeLessThan(1e-11);
    expect(
      distance(
        exampleGradientNorms(network, params, examples, { of, ...rest }),
        rows.map((row) => Math.sqrt(dot(row, row))),
      ),
    ).toBeLessThan(1e-11);
    const gram = gramMatrix(network, params, examples, { of, ...scope });
    expect(
      distance(
        gram,
        rows.flatMap((a) => rows.map((b) => dot(a, b) / count)),
      ),
    ).toBeLessThan(1e-11);
    const map = exampleJacobian(network, params, examples, { of, ...rest });
    const Jv = new Float64Array(count);
    map.apply(v, Jv);
    expect(
      distance(
        Jv,
        rows.map((row) => dot(row, v)),
      ),
    ).toBeLessThan(1e-11);
    const u = Float64Array.from({ length: count }, (_, i) => i - 0.7);
    const JTu = new Float64Array(v.length);
    map.applyTransposed(u, JTu);
    expect(
      distance(
        JTu,
        v.map((_, k) => rows.reduce((sum, row, i) => sum + u[i] * row[k], 0)),
      ),
    ).toBeLessThan(1e-11);
  });

  it('the Jacobian by the inputs, except by tokens', () => {
    if (network.vocabulary !== undefined) {
      expect(() => inputJacobian(network, params, examples)).toThrow('inputJacobian: ');
      return;
    }
    const J = inputJacobian(network, params, examples, { dtype: 'float64', chunkSize: 2 });
    const [x, y] = [vectors(J.columns)[0], vectors(J.rows)[1]];
    const [Jx, JTy] = [new Float64Array(J.rows), new Float64Array(J.columns)];
    J.apply(x, Jx);
    J.applyTranspose(y, JTy);
    const h = 1e-6;
    const [above, below] = [h, -h].map((by) =>
      logits(network, params, { ...examples, inputs: examples.inputs.map((a, i) => a + by * x[i]) as Float64Array }),
    );
    expect(
      distance(
        Jx,
        above.map((z, i) => (z - below[i]) / (2 * h)),
      ),
    ).toBeLessThan(1e-6);
    expect(Math.abs(dot(y, Jx) - dot(JTy, x))).toBeLessThan(1e-11 * Math.max(1, Math.abs(dot(y, Jx))));
  });

  it('moments of its layers, whose Kronecker product is a gradient’s outer product where a dense layer meets one example', () => {
    const one = { ...examples, ...firstRows(model, 1) };
    const found = layerCorrelations(network, params, one, { loss, ...scope });
    const { maps } = networkProgram(own.network, 2);
    expect(found.map(({ weight }) => weight)).toEqual(maps.map(({ weight }) => own.network.parameters[weight].name));
    const { matrix } = exampleGradients(network, params, one, { of: loss, dtype: 'float64', ...scope });
    found.forEach(({ activations, gradients }, l) => {
      const { positions, alone } = maps[l];
      if (positions !== 1 || !alone) return;
      const before = own.network.parameters.slice(0, maps[l].weight);
      const from = before.reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0);
      const g = matrix.subarray(from, from + maps[l].inputs * maps[l].outputs) as Float64Array;
      const trace = (a: Float64Array): number =>
        a.reduce((sum, x, i) => sum + (i % (Math.sqrt(a.length) + 1) === 0 ? x : 0), 0);
      expect(distance([trace(activations) * trace(gradients)], [dot(g, g)])).toBeLessThan(1e-10);
    });
    if (loss.tokens !== undefined || isTargeted(examples)) return;
    const factors = (): ReturnType<typeof kroneckerFactors> =>
      kroneckerFactors(network, params, examples.inputs, count, { kind: 'kfac', ...scope });
    if (networkProgram(own.network, 2).layers.some(({ groups }) => groups > 1)) {
      expect(factors).toThrow(/by 4 groups, each with factors of its own; leave it out with the option parameters/);
      return;
    }
    for (const { weight, inputs, outputs } of factors()) {
      const { shape } = network.parameters.find(({ name }) => name === weight)!;
      expect(shape.reduce((a, b) => a * b, 1) % (inputs * outputs)).toBe(0);
    }
  });
});

/** The first examples alone. */
function firstRows({ examples }: Model, count: number): object {
  const inputs = examples.inputs.slice(0, count * examples.features);
  return isTargeted(examples)
    ? { inputs, count, targets: examples.targets.slice(0, count * examples.outputs) }
    : { inputs, count, labels: examples.labels.slice(0, count) };
}

describe.each(models.filter(({ name }) => ['gpt', 'resnet', 'vit'].includes(name)))('$name among workers', (model) => {
  const { network, params, examples, loss } = model;
  const options = { loss, dtype: 'float64', chunkSize: 1 } as const;
  const sharded = hessian(network, params, examples, { ...options, workers: 2 });
  afterAll(() => sharded.close());

  it('has the same bits', async () => {
    const here = hessian(network, params, examples, options);
    const [v] = vectors(network.size);
    const out = new Float64Array(v.length);
    await sharded.apply(v, out);
    expect(out).toEqual(product(here, v));
  });
});
