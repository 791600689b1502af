// Oracle: H(Tθ) = D H(θ) D with both Hessians formed, and outputs that stay.
import { hessian } from '@hyperribbon/curvature';
import { eigh } from '@hyperribbon/lanczos';
import { materialize } from '@hyperribbon/linop';
import { type AnyExamples, logits, mlp } from '@hyperribbon/nn';
import { resnet, stack } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { adaptiveSharpness, curvatureSplit, jacobianNorms, rescaleLayers } from '../../src/index.js';
import { examples as tanhExamples, network as tanhNetwork, params as tanhParams } from '../small.js';

const network = mlp([5, 9, 3], { activation: 'relu' });
const count = 12;
const draw = (purpose: string, length: number) => stream({ seed: 3, purpose }).normal(new Float64Array(length));
const examples: AnyExamples = {
  inputs: draw('inputs', 60),
  targets: draw('targets', 36),
  count,
  features: 5,
  outputs: 3,
};
const loss = { kind: 'squared-error' } as const;
const params = (network.init(2, 'float64') as Float64Array).map((w, i) => w + 0.1 * draw('bias', network.size)[i]);

async function formed(net: typeof network, at: Float64Array, given: AnyExamples): Promise<Float64Array> {
  const { squaredError } = await import('@hyperribbon/nn');
  return Float64Array.from(await materialize(hessian(net, at, given, { dtype: 'float64', loss: squaredError })));
}
const most = (x: ArrayLike<number>) =>
  Array.prototype.reduce.call(x, (a, b) => Math.max(a as number, Math.abs(b as number)), 0) as number;

describe('rescaleLayers', () => {
  it('keeps the function, turns H into D H D, and moves sharpness more than fivefold', async () => {
    const { params: moved, scales, next } = rescaleLayers(network, params, { layer: 'W1', factor: 10 });
    expect(next).toBe('W2');
    const [before, after] = [params, moved as Float64Array].map((at) =>
      logits(network, at, examples, { dtype: 'float64' }),
    );
    expect(most(Float64Array.from(after, (z, i) => z - before[i]))).toBeLessThan(1e-12);
    const [H, G] = [await formed(network, params, examples), await formed(network, moved as Float64Array, examples)];
    const n = network.size;
    const wanted = H.map((h, at) => h / scales[Math.floor(at / n)] / scales[at % n]);
    expect(most(G.map((g, i) => g - wanted[i]))).toBeLessThan(1e-10);
    // 1 on the bias of the next layer
    expect(Array.from(scales.subarray(n - 3))).toEqual([1, 1, 1]);
    expect(new Set(scales.subarray(0, 54))).toEqual(new Set([10]));
    const [S, T] = [H, G].map((matrix) => eigh(matrix, n).values[0]);
    expect(T / S).toBeGreaterThan(5);
  });

  it('leaves adaptive sharpness and the Jacobian as they are', async () => {
    const { params: moved } = rescaleLayers(network, params, { layer: 'W1', factor: 10 });
    const at = (p: Float64Array) => adaptiveSharpness(network, p, examples, { loss, tol: 1e-13 });
    const [before, after] = [await at(params), await at(moved as Float64Array)];
    expect(Math.abs(after.value / before.value - 1)).toBeLessThan(1e-10);
    const H = await formed(network, params, examples);
    const n = network.size;
    const scaled = H.map((h, i) => Math.abs(params[Math.floor(i / n)]) * h * Math.abs(params[i % n]));
    expect(Math.abs(before.value / eigh(scaled, n).values[0] - 1)).toBeLessThan(1e-10);
    const [J, K] = [await jacobianNorms(network, params, examples), await jacobianNorms(network, moved, examples)];
    expect(Math.abs(K.max / J.max - 1)).toBeLessThan(1e-12);
    const plain = (p: Float64Array) => curvatureSplit(network, p, examples, { loss });
    const ratio = (await plain(moved as Float64Array)).sharpness.value / (await plain(params)).sharpness.value;
    expect(ratio).toBeGreaterThan(5);
  });

  it('is undone by the inverse factor, powers of two to the bit', () => {
    const there = rescaleLayers(network, params, { layer: 'W1', factor: 8 }).params;
    expect(rescaleLayers(network, there, { layer: 'W1', factor: 0.125 }).params).toEqual(params);
    const half = rescaleLayers(network, Float32Array.from(params), { layer: 'W1', factor: 2 }).params;
    expect(half.BYTES_PER_ELEMENT).toBe(4);
  });

  it('holds through convolutions and pooling', async () => {
    const net = stack({
      input: [1, 6, 6],
      layers: [
        { kind: 'conv2d', name: 'one', out: 2, kernel: 3 },
        { kind: 'relu' },
        { kind: 'maxPool', size: 2 },
        { kind: 'flatten' },
        { kind: 'linear', name: 'two', out: 3 },
      ],
    });
    const given: AnyExamples = {
      inputs: draw('images', 72),
      labels: Int32Array.of(0, 1),
      count: 2,
      features: 36,
      classes: 3,
    };
    const at = net.init(1, 'float64') as Float64Array;
    const { params: moved } = rescaleLayers(net, at, { layer: net.parameters[0].name, factor: 1e3 });
    const [before, after] = [at, moved].map((p) => logits(net, p, given, { dtype: 'float64' }));
    expect(most(Float64Array.from(after, (z, i) => z - before[i]))).toBeLessThan(1e-12 * most(before));
  });

  it('keeps huge and tiny factors', () => {
    for (const factor of [1e-150, 1e150]) {
      const { params: moved } = rescaleLayers(network, params, { layer: 'W1', factor });
      const [before, after] = [params, moved].map((p) => logits(network, p, examples, { dtype: 'float64' }));
      expect(most(Float64Array.from(after, (z, i) => z - before[i]))).toBeLessThan(1e-12 * most(before));
    }
  });

  it('refuses where the function would change, and says why', () => {
    expect(() => rescaleLayers(tanhNetwork, tanhParams, { layer: 'W1', factor: 2 })).toThrow('because of tanh');
    expect(() => rescaleLayers(network, params, { layer: 'W2', factor: 2 })).toThrow('layer must be');
    expect(() => rescaleLayers(network, params, { layer: 'W1', factor: -1 })).toThrow('factor');
    expect(() => rescaleLayers(network, params.subarray(1), { layer: 'W1', factor: 2 })).toThrow('params');
    const residual = resnet(8, { classes: 3, width: 2, image: [1, 6, 6] });
    expect(() => rescaleLayers(residual, residual.init(1), { layer: residual.parameters[0].name, factor: 2 })).toThrow(
      'no such rescaling',
    );
    const skipping = stack({
      input: [4],
      layers: [
        { kind: 'linear', name: 'a', out: 4 },
        { kind: 'relu' },
        { kind: 'residual', branch: [{ kind: 'linear', name: 'b', out: 4 }] },
        { kind: 'linear', name: 'c', out: 2 },
      ],
    });
    const first = skipping.parameters[0].name;
    expect(() => rescaleLayers(skipping, skipping.init(1), { layer: first, factor: 2 })).toThrow('another way');
  });
});

describe('adaptiveSharpness of degenerate input', () => {
  it('is 0 where all weights are, and says what it does not know', async () => {
    const { value } = await adaptiveSharpness(tanhNetwork, new Float64Array(39), tanhExamples);
    expect(value).toBe(0);
    await expect(adaptiveSharpness(network, params, examples, { k: 2 } as object)).rejects.toThrow('k');
    await expect(adaptiveSharpness(network, params, examples, { loss, signal: AbortSignal.abort() })).rejects.toThrow(
      'abort',
    );
  });
});
