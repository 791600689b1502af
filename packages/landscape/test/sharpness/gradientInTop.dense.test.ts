// Oracle: the whole spectrum of the Hessian of small networks; closed forms for diagonal curvature; measured runs of a small tanh network.
import { hessian } from '@hyperribbon/curvature';
import { eigh } from '@hyperribbon/lanczos';
import { materialize } from '@hyperribbon/linop';
import { constantSchedule, momentum, softmaxCrossEntropy, squaredError, train } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { gradientInTop, productOverlap, topShare } from '../../src/index.js';
import { examples as taskExamples, network as taskNetwork, start } from '../dynamics/e1.js';
import { examples, network, params, size } from '../small.js';

const weights = Float64Array.from(params);

function expectNear(found: number, wanted: number, tol = 1e-9): void {
  expect(Math.abs(found - wanted)).toBeLessThan(tol * Math.abs(wanted));
  expect(Math.abs(found - wanted * (1 + 10 * tol))).toBeGreaterThan(tol * Math.abs(wanted));
}

describe('gradientInTop', () => {
  it('is the share of ‖g‖² in the span of the top eigenvectors, and the cosine of g and Hg', async () => {
    const operator = hessian(network, weights, examples, { dtype: 'float64' });
    const { values, vectors } = eigh(Float64Array.from(await materialize(operator)), size, { vectors: true });
    const g = operator.gradient();
    const dots = Array.from({ length: size }, (_, i) => g.reduce((sum, x, j) => sum + x * vectors![i * size + j], 0));
    const moment = (power: number, to = size) =>
      dots.slice(0, to).reduce((sum, dot, i) => sum + dot * dot * values[i] ** power, 0);
    for (const k of [1, 3, 5]) {
      const found = await gradientInTop(network, weights, examples, { k, tol: 1e-12 });
      expectNear(found.topShare, moment(0, k) / moment(0), 1e-8);
      expectNear(found.productOverlap, moment(1) / Math.sqrt(moment(0) * moment(2)));
      expectNear(found.alongGradient, moment(1) / moment(0));
      for (let i = 0; i < k; i++) expectNear(found.values[i], values[i]);
      expect(found.converged).toBe(true);
    }
    expect((await gradientInTop(network, weights, examples)).k).toBe(3);
  });

  it('is small along slow descent of all examples, near one at the edge, and between for batches', async () => {
    const loss = { kind: 'squared-error' } as const;
    const moved = async (learningRate: number, epochs: number, batchSize = 100) =>
      (
        await train(taskNetwork, taskExamples, {
          epochs,
          batchSize,
          initial: start,
          loss: squaredError,
          optimizer: momentum(0),
          schedule: constantSchedule(learningRate),
          dtype: 'float64',
          seed: 1,
        })
      ).params;
    const share = async (at: Float64Array) =>
      (await gradientInTop(taskNetwork, at, taskExamples, { k: 4, loss, tol: 1e-6 })).topShare;
    expect(await share((await moved(0.02, 400)) as Float64Array)).toBeLessThan(0.05);
    expect(await share((await moved(0.3, 1500)) as Float64Array)).toBeGreaterThan(0.95);
    const stochastic = await share((await moved(0.1, 100, 16)) as Float64Array);
    expect(stochastic).toBeGreaterThan(0.05);
    expect(stochastic).toBeLessThan(0.98);
  });

  it('refuses more directions than there are, and weights that it was not made for', async () => {
    await expect(gradientInTop(network, weights, examples, { k: size + 1 })).rejects.toThrow('k must');
    await expect(gradientInTop(network, weights, examples, { top: 3 } as object)).rejects.toThrow('top');
    await expect(gradientInTop(network, weights, examples, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });

  it('has no share where there is no gradient', async () => {
    const targets = new Float64Array(3 * examples.count);
    const given = { inputs: examples.inputs, count: 40, features: 5, targets, outputs: 3 };
    const loss = { kind: 'squared-error' } as const;
    const found = await gradientInTop(network, new Float64Array(size), given, { loss });
    expect([found.topShare, found.productOverlap, found.alongGradient, found.gradientNorm]).toEqual([NaN, NaN, NaN, 0]);
  });
});

describe('topShare and productOverlap', () => {
  it('are 1 for an eigenvector, and near √(3/4) for a random one of eigenvalues 1, 2, 3, …', () => {
    expect(topShare(Float64Array.of(0.6, 0.8), Float64Array.of(3, 4))).toBeCloseTo(1, 15);
    expect(productOverlap(Float64Array.of(3, 4), Float64Array.of(6, 8))).toBeCloseTo(1, 15);
    const g = stream({ seed: 0, purpose: 'gradient' }).normal(new Float64Array(20_000));
    const overlap = productOverlap(
      g,
      g.map((x, i) => x * (i + 1)),
    );
    expect(Math.abs(overlap - Math.sqrt(3 / 4))).toBeLessThan(0.01);
  });

  it('keep their values for gradients whose squares leave the range', () => {
    for (const scale of [1e-200, 1e200]) {
      expectNear(topShare(Float64Array.of(1, 0), Float64Array.of(3 * scale, 4 * scale)), 0.36, 1e-14);
      expectNear(productOverlap(Float64Array.of(scale, scale), Float64Array.of(scale, 0)), Math.SQRT1_2, 1e-14);
    }
  });

  it('are NaN for gradients of zeros, and refuse lengths that do not fit', () => {
    expect(topShare(Float64Array.of(1, 0), new Float64Array(2))).toBeNaN();
    expect(productOverlap(new Float64Array(2), Float64Array.of(1, 0))).toBeNaN();
    expect(() => topShare(Float64Array.of(1, 0, 0), new Float64Array(2))).toThrow('vectors');
    expect(() => productOverlap(new Float64Array(2), new Float64Array(3))).toThrow('product');
  });
});

describe('what sharpness rests on', () => {
  it('gradients and products agree with central differences, and products are symmetric', () => {
    const options = { dtype: 'float64' } as const;
    for (const loss of [squaredError, softmaxCrossEntropy]) {
      const at = (w: Float64Array) => hessian(taskNetwork, w, taskExamples, { ...options, loss });
      const H = at(start);
      const draw = (index: number) => stream({ seed: 2, purpose: 'u', index }).normal(new Float64Array(1540));
      const [u, v] = [draw(0), draw(1)];
      const [Hu, Hv] = [u, v].map((x) => {
        const out = new Float64Array(1540);
        H.apply(x, out);
        return out;
      });
      const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);
      expect(Math.abs(dot(u, Hv) - dot(v, Hu))).toBeLessThan(1e-10);
      const h = 1e-5;
      const [up, down] = [h, -h].map((step) => at(start.map((w, i) => w + step * v[i])));
      const [after, before] = [up.gradient(), down.gradient()];
      expect(Math.max(...Hv.map((x, i) => Math.abs((after[i] - before[i]) / (2 * h) - x)))).toBeLessThan(1e-7);
      expect(Math.abs((up.loss - down.loss) / (2 * h) - dot(H.gradient(), v))).toBeLessThan(1e-7);
      const g = H.gradient();
      for (const i of [0, 400, 1539]) {
        const [plus, minus] = [h, -h].map((step) => at(start.map((w, j) => (i === j ? w + step : w))).loss);
        expect(Math.abs((plus - minus) / (2 * h) - g[i])).toBeLessThan(1e-8);
      }
    }
  });
});
