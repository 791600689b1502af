// Oracle: factors written out by hand for dense and convolutional networks, and closed forms of softmax.
import { eigh } from '@hyperribbon/lanczos';
import { svd } from '@hyperribbon/lanczos/svd';
import { type AnyExamples, logits, mlp } from '@hyperribbon/nn';
import { resnet, stack } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { jacobianNorms, sharpnessChange, sharpnessFactors } from '../../src/index.js';
import { layerFactors } from '../../src/sharpness/layerFactors.js';
import { examples, network, params, size } from '../small.js';

const weights = Float64Array.from(params);

function expectNear(found: number, wanted: number, tol = 1e-11): void {
  expect(Math.abs(found - wanted)).toBeLessThan(tol * Math.abs(wanted));
  expect(Math.abs(found - wanted * (1 + 10 * tol))).toBeGreaterThan(tol * Math.abs(wanted));
}

/** of a tanh network 5-4-3: hidden values (4,) of each example, W1 is (5, 4), b1 (4,) */
function hidden(i: number): Float64Array {
  return Float64Array.from({ length: 4 }, (_, u) => {
    let z = weights[20 + u];
    for (let j = 0; j < 5; j++) z += examples.inputs[5 * i + j] * weights[4 * j + u];
    return Math.tanh(z);
  });
}

describe('sharpnessFactors', () => {
  it('has ‖[x 1]‖ max|σ′| of every dense layer', async () => {
    const { layers } = await sharpnessFactors(network, weights, examples);
    const all = Array.from({ length: 40 }, (_, i) => {
      const h = hidden(i);
      const x = examples.inputs.subarray(5 * i, 5 * i + 5);
      const affine = Math.sqrt(Array.from(x).reduce((sum, v) => sum + v * v, 1));
      const slope = Math.max(...h.map((a) => 1 - a * a));
      return { affine, slope, second: Math.sqrt(h.reduce((sum, v) => sum + v * v, 1)) };
    });
    const both = (values: readonly number[]) => [Math.max(...values), values.reduce((a, b) => a + b) / 40];
    const check = (found: { max: number; mean: number }, values: readonly number[]) => {
      const [max, mean] = both(values);
      expectNear(found.max, max);
      expectNear(found.mean, mean);
    };
    expect(layers.map(({ weight }) => weight)).toEqual(['W1', 'W2']);
    check(
      layers[0].affine,
      all.map(({ affine }) => affine),
    );
    check(
      layers[0].slope!,
      all.map(({ slope }) => slope),
    );
    check(
      layers[0].layer!,
      all.map(({ affine, slope }) => affine * slope),
    );
    check(
      layers[1].affine,
      all.map(({ second }) => second),
    );
    expect(layers[1].slope).toEqual({ max: 1, mean: 1 });
  });

  it('has the norms of diag(p) − ppᵀ, and 1 for squared errors', async () => {
    const { costCurvature, effectiveCurvature } = await sharpnessFactors(network, weights, examples);
    const z = logits(network, weights, examples, { dtype: 'float64' });
    const norms = Array.from({ length: 40 }, (_, i) => {
      const e = Array.from(z.subarray(3 * i, 3 * i + 3), Math.exp);
      const p = e.map((x) => x / e.reduce((a, b) => a + b));
      return eigh(
        Float64Array.from({ length: 9 }, (_, at) => (at % 4 ? 0 : p[at / 4]) - p[at % 3] * p[(at / 3) | 0]),
        3,
      ).values[0];
    });
    expectNear(costCurvature.max, Math.max(...norms));
    expectNear(costCurvature.mean, norms.reduce((a, b) => a + b) / 40);
    expect(effectiveCurvature).toBeLessThan(costCurvature.max);
    expect(effectiveCurvature).toBeGreaterThan(0);
    const targets = stream({ seed: 4, purpose: 'targets' }).normal(new Float64Array(120));
    const given: AnyExamples = { inputs: examples.inputs, count: 40, features: 5, targets, outputs: 3 };
    const squared = await sharpnessFactors(network, weights, given, { loss: { kind: 'squared-error' } });
    expect(squared.costCurvature).toEqual({ max: 1, mean: 1 });
    expectNear(squared.effectiveCurvature, 1, 1e-5);
  });

  it('has the Jacobian of the whole network and that of its first layer', async () => {
    const { jacobian, firstLayer } = await sharpnessFactors(network, weights, examples);
    const { norms: _norms, ...whole } = await jacobianNorms(network, weights, examples);
    expect(jacobian).toEqual(whole);
    const norms = Array.from({ length: 40 }, (_, i) => {
      const slopes = hidden(i).map((a) => 1 - a * a);
      return svd(
        Float64Array.from({ length: 20 }, (_, at) => weights[at] * slopes[at % 4]),
        5,
        4,
      ).values[0];
    });
    expectNear(firstLayer!.max, Math.max(...norms));
    expectNear(firstLayer!.mean, norms.reduce((a, b) => a + b) / 40);
  });

  it('takes the patches of convolutions: ‖[X 1]‖ of all places', async () => {
    const layers = [
      { kind: 'conv2d', out: 2, kernel: 2 },
      { kind: 'tanh' },
      { kind: 'flatten' },
      { kind: 'linear', out: 3 },
    ] as const;
    const net = stack({ input: [1, 3, 3], layers });
    const inputs = stream({ seed: 1, purpose: 'inputs' }).normal(new Float64Array(18));
    const given: AnyExamples = { inputs, labels: Int32Array.of(0, 1), count: 2, features: 9, classes: 3 };
    const W = net.init(1, 'float64') as Float64Array;
    const found = await sharpnessFactors(net, W, given);
    const affine = [0, 1].map((i) => {
      const rows = [0, 1, 3, 4].flatMap((at) => [...[0, 1, 3, 4].map((step) => inputs[9 * i + at + step]), 1]);
      return svd(Float64Array.from(rows), 4, 5).values[0];
    });
    expectNear(found.layers[0].affine.max, Math.max(...affine));
    // W (places of the kernel, channels), b
    const slopes = [0, 1].map((i) =>
      Math.max(
        ...[0, 1, 3, 4].flatMap((at) =>
          [0, 1].map((channel) => {
            const patch = [0, 1, 3, 4].map((step) => inputs[9 * i + at + step]);
            const filter = patch.map((_, j) => W[4 * channel + j]);
            const z = patch.reduce((sum, x, j) => sum + x * filter[j], W[8 + channel]);
            return 1 - Math.tanh(z) ** 2;
          }),
        ),
      ),
    );
    expectNear(found.layers[0].slope!.max, Math.max(...slopes));
    expectNear(found.layers[0].slope!.mean, (slopes[0] + slopes[1]) / 2);
    expect(found.firstLayer!.max).toBeGreaterThan(0);
  });

  it('leaves out the slope where more than an entrywise function follows', async () => {
    const net = resnet(8, { classes: 3, width: 2, image: [1, 6, 6] });
    const inputs = stream({ seed: 3, purpose: 'inputs' }).normal(new Float64Array(72));
    const given: AnyExamples = { inputs, labels: Int32Array.of(0, 1), count: 2, features: 36, classes: 3 };
    const at = net.init(1, 'float64') as Float64Array;
    const layers = layerFactors(net, at, given, { dtype: 'float64', deterministic: false });
    expect(layers.some(({ slope, layer }) => slope === undefined && layer === undefined)).toBe(true);
    for (const { affine } of layers) expect(affine.max).toBeGreaterThanOrEqual(affine.mean);
  });
});

describe('sharpnessChange', () => {
  it('splits the change of sharpness into three factors whose product it is', async () => {
    const before = await sharpnessFactors(network, weights, examples, { tol: 1e-10 });
    const after = await sharpnessFactors(
      network,
      weights.map((w) => 6 * w),
      examples,
      { tol: 1e-10 },
    );
    const { ratio, tangent, curvature, residual, most, jacobian } = sharpnessChange(before, after);
    expectNear(ratio, after.sharpness.value / before.sharpness.value, 1e-14);
    expectNear(tangent * curvature * residual, ratio, 1e-13);
    expectNear(tangent, after.tangent.value / before.tangent.value, 1e-14);
    expectNear(jacobian, after.jacobian.mean / before.jacobian.mean, 1e-14);
    const furthest = Math.max(...[tangent, curvature, residual].map((x) => Math.abs(Math.log(x))));
    expect(Math.abs(Math.log({ tangent, curvature, residual }[most!]))).toBe(furthest);
  });

  it('names no factor where nothing changed, or a number has no logarithm', async () => {
    const same = await sharpnessFactors(network, weights, examples);
    expect(sharpnessChange(same, same)).toEqual({
      ratio: 1,
      tangent: 1,
      curvature: 1,
      residual: 1,
      jacobian: 1,
    });
    const negative = { ...same, sharpness: { ...same.sharpness, value: -1 } };
    expect(sharpnessChange(same, negative).most).toBeUndefined();
  });
});

describe('sharpnessFactors of degenerate input', () => {
  it('has no Jacobian where all weights are zero, and curvature of the last bias all the same', async () => {
    const found = await sharpnessFactors(network, new Float64Array(size), examples);
    expect([found.jacobian.max, found.firstLayer!.max]).toEqual([0, 0]);
    // p = 1/3: the largest eigenvalue of diag(p) − ppᵀ
    expectNear(found.gaussNewton.value, 1 / 3, 1e-9);
    expectNear(found.costCurvature.max, 1 / 3);
  });

  it('has no first layer before the only one', async () => {
    const net = mlp([5, 3]);
    const found = await sharpnessFactors(net, net.init(1, 'float64'), examples);
    expect(found.firstLayer).toBeUndefined();
    expect(found.layers.length).toBe(1);
  });

  it('loses the curvature of losses, and not the Jacobian, where logits are huge', async () => {
    const found = await sharpnessFactors(
      network,
      weights.map((w, i) => (i < 24 ? w : 1e4 * w)),
      examples,
    );
    expect(found.jacobian.mean).toBeGreaterThan(1e3);
    expect(found.costCurvature.mean).toBeLessThan(0.1);
  });

  it('stops when told to, and tells how far it is', async () => {
    await expect(sharpnessFactors(network, weights, examples, { signal: AbortSignal.abort() })).rejects.toThrow(
      'aborted',
    );
    const seen: number[] = [];
    await sharpnessFactors(network, weights, examples, {
      onProgress: ({ done, of }) => {
        seen.push(done);
        expect(of).toBe(6);
      },
    });
    expect(seen.length).toBeGreaterThan(4);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });
});
