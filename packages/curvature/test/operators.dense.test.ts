// Oracle: matrices written out from Jacobians of the logits, which are central differences of the network's own function; for Hessians,
// differences of gradients that are checked against the same Jacobians.
import { hessian } from '@hyperribbon/curvature';
import { logits } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { drawLabels } from '../src/operators/drawLabels.js';
import { type Case, cases, losses, type Setting, settings } from './cases.js';
import { matrixOf, product, someVector } from './smallExamples.js';

/** J[i][c]: the gradient (size,) of logit c of example i. */
function logitJacobians({ network, params, examples }: Setting): Float64Array[][] {
  const h = 1e-5;
  const { count } = examples;
  const J = Array.from({ length: count }, () =>
    Array.from({ length: network.classes }, () => new Float64Array(network.size)),
  );
  for (let k = 0; k < network.size; k++) {
    const [above, below] = [h, -h].map((by) => logits(network, params.with(k, params[k] + by), examples));
    J.forEach((rows, i) =>
      rows.forEach((row, c) => {
        row[k] = (above[i * network.classes + c] - below[i * network.classes + c]) / (2 * h);
      }),
    );
  }
  return J;
}

const jacobians = new Map(Object.values(settings).map((at) => [at.params, new Map<object, Float64Array[][]>()]));
function jacobiansOf(at: Setting): Float64Array[][] {
  const known = jacobians.get(at.params)!;
  if (!known.has(at.examples)) known.set(at.examples, logitJacobians(at));
  return known.get(at.examples)!;
}

function logitsOf({ network, params, examples }: Setting): number[][] {
  const z = logits(network, params, examples);
  return Array.from({ length: examples.count }, (_, i) =>
    Array.from(z.subarray(i * network.classes, (i + 1) * network.classes)),
  );
}

/** (1/n) Σ_i Σ_cd J_ic W_i[c][d] J_idᵀ */
function weighted(at: Setting, weights: readonly (readonly (readonly number[])[])[]): Float64Array {
  const { size } = at.network;
  const out = new Float64Array(size * size);
  jacobiansOf(at).forEach((rows, i) => {
    for (const [c, row] of rows.entries())
      for (const [d, other] of rows.entries()) {
        const w = weights[i][c][d] / at.examples.count;
        if (w !== 0)
          for (let j = 0; j < size; j++) for (let k = 0; k < size; k++) out[j * size + k] += w * row[j] * other[k];
      }
  });
  return out;
}

const outer = (x: readonly number[]): number[][] => x.map((a) => x.map((b) => a * b));

/** (size,) (1/n) Σ_i Jᵢᵀ slopeᵢ */
function gradientOf(at: Setting, loss: string): Float64Array {
  const out = new Float64Array(at.network.size);
  const J = jacobiansOf(at);
  logitsOf(at).forEach((z, i) =>
    losses[loss].derivatives(z, at.examples.labels[i]).slope.forEach((s, c) => {
      for (let k = 0; k < out.length; k++) out[k] += (s * J[i][c][k]) / at.examples.count;
    }),
  );
  return out;
}

/** Products with a few vectors, one after another, as differences of gradients along them. */
function hessianProducts({ network, params, examples, loss }: Case): Float64Array {
  const h = 1e-5;
  const gradient = (w: Float64Array): Float64Array =>
    hessian(network, w, examples, { loss: losses[loss].loss, dtype: 'float64' }).gradient();
  return concatenated(directions(network.size), (v) => {
    const [above, below] = [h, -h].map((by) => gradient(params.map((w, k) => w + by * v[k])));
    return above.map((g, k) => (g - below[k]) / (2 * h));
  });
}

const directions = (size: number): Float64Array[] => [1, 2, 3].map((seed) => someVector(size, seed));

function concatenated(vectors: readonly Float64Array[], of: (v: Float64Array) => Float64Array): Float64Array {
  return Float64Array.from(vectors.flatMap((v) => [...of(v)]));
}

/** The matrix, or its products with {@link directions} for a Hessian. */
function expected(of: Case): Float64Array {
  const { operator, network, params, examples, loss } = of;
  const { derivatives } = losses[loss];
  const z = logitsOf(of);
  const slopes = (labels: ArrayLike<number>): number[][][] =>
    z.map((row, i) => outer(derivatives(row, labels[i]).slope));
  switch (operator) {
    case 'hessian':
      return hessianProducts(of);
    case 'gaussNewton':
      return weighted(
        of,
        z.map((row, i) => derivatives(row, examples.labels[i]).curvature),
      );
    case 'fisher exact': {
      if (loss === 'squared error')
        return weighted(
          of,
          z.map((row) => derivatives(row, 0).curvature),
        );
      // the expectation over the labels that the model itself would draw
      return weighted(
        of,
        z.map((row) => {
          const p = derivatives(row, -1).slope;
          const terms = p.map((x, label) => outer(derivatives(row, label).slope).map((line) => line.map((y) => x * y)));
          return p.map((_, c) => p.map((_, d) => terms.reduce((sum, term) => sum + term[c][d], 0)));
        }),
      );
    }
    case 'fisher sampled':
      return weighted(of, slopes(drawLabels(network, params, examples, 2)));
    case 'fisher empirical':
      return weighted(of, slopes(examples.labels));
    default:
      return weighted(
        of,
        z.map((row) => row.map((_, c) => row.map((_, d) => Number(c === 0 && d === 0)))),
      );
  }
}

/** max |a − b|, and max |b|. */
function compare(a: Float64Array, b: Float64Array): { off: number; scale: number } {
  let [off, scale] = [0, 0];
  b.forEach((x, i) => {
    off = Math.max(off, Number.isNaN(a[i]) ? Infinity : Math.abs(a[i] - x));
    scale = Math.max(scale, Math.abs(x));
  });
  return { off, scale };
}

describe.each(cases.map((of) => [of.name, of] as const))('%s', (_, of) => {
  it('is the matrix that its definition gives', () => {
    const exact = expected(of);
    const built = of.build();
    const found =
      of.operator === 'hessian' ? concatenated(directions(built.size), (v) => product(built, v)) : matrixOf(built);
    const { off, scale } = compare(found, exact);
    // differences of a function of order one: 1e-16/1e-5 and the square of the step
    const tolerance = 1e-8 * Math.max(1, scale);
    expect(off).toBeLessThan(tolerance);
    if (scale > 0)
      expect(
        compare(
          exact.map((x) => x * (1 + (20 * tolerance) / scale)),
          exact,
        ).off,
      ).toBeGreaterThan(tolerance);
  });

  it('comes with the loss’s gradient', () => {
    const exact = gradientOf(of, of.loss);
    const { off, scale } = compare(of.build().gradient(), exact);
    expect(off).toBeLessThan(1e-9 * Math.max(1, scale));
  });
});
